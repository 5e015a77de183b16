// What LIT's page gives a script, in our own words: as much of it as is used here.

/** What `html` and `svg` make. */
export interface Template {
  _$litType$: 1 | 2;
  strings: TemplateStringsArray;
  values: any[];
}

/**
 * What stands between the strings of a template: anything, and handlers of events. A handler takes
 * the event of any form field, unless it says by a JSDoc type what it takes.
 */
export type TemplateValue = {} | null | undefined | Handler;
type Handler = { handle(event: FieldEvent): unknown }['handle'];

/** An event of a form field, or of the mouse or the keyboard on it. */
export type FieldEvent = PointerEvent &
  KeyboardEvent & { target: HTMLInputElement & HTMLSelectElement; currentTarget: HTMLElement };

/** Makes templates of tagged strings. */
export type TemplateTag = (strings: TemplateStringsArray, ...values: TemplateValue[]) => Template;

/** The value of one field of a datapoint. */
export type FieldValue = any;

/** A datapoint. */
export interface Input {
  /** Of its text and label: two datapoints that are alike have one. */
  id: string;
  /** The values of the dataset's fields, and `_id` and `_meta`. */
  data: Record<string, FieldValue>;
  /** Where it is from; of what a generator made, the datapoint that it was made of, too. */
  meta: { source?: string; added?: boolean; parentId?: string; [name: string]: any };
}

/** What is known of one field of a datapoint, of an answer of the server, or of a form. */
export interface Field {
  /** The name of its type, as in Python: 'TextSegment', 'MulticlassPreds', ... */
  name: string;
  required?: boolean;
  /** Of a class: the labels. Of a menu: the choices. */
  vocab?: string[] | null;
  default?: any;
  /** Of a prediction: the field with the label. */
  parent?: string | null;
  [name: string]: any;
}

/** Fields by name. */
export type Spec = Record<string, Field>;

/** What the server says of a model. */
export interface ModelInfo {
  spec: { input: Spec; output: Spec };
  /** Names of the datasets, interpreters, generators and metrics that suit it. */
  datasets: string[];
  interpreters: string[];
  generators: string[];
  metrics: string[];
  description?: string;
}

/** What the server says of models, by their names. */
export type ModelInfos = Record<string, ModelInfo>;

/** What a form needs to show an option: what `Option.form` gives in Python. */
export interface OptionForm {
  name: string;
  /** `models` is a menu of the models that are open. */
  control: 'number' | 'text' | 'checkbox' | 'menu' | 'models';
  default: any;
  /** One sentence for people. */
  help: string;
  /** What may be given, in words that follow "give". */
  wanted: string;
  /** Of a number. */
  low?: number | null;
  high?: number | null;
  /** Between two numbers; null where any are allowed. */
  step?: number | null;
  /** Of a menu. */
  choices?: string[];
  /** The most characters of a text. */
  longest?: number;
}

/** What the server says of an interpreter, a generator or a metric. */
export interface ComponentInfo {
  options: OptionForm[];
  configSpec: Spec;
  metaSpec: Spec;
  description?: string;
}

/** What the server says of itself. */
export interface Metadata {
  models: ModelInfos;
  datasets: Record<string, { spec: Spec; size: number; description?: string }>;
  interpreters: Record<string, ComponentInfo>;
  generators: Record<string, ComponentInfo>;
  metrics: Record<string, ComponentInfo>;
  layouts: Record<string, Layout>;
  defaultLayout: string;
  /** Whether the server keeps what is added. */
  savesDatapoints?: boolean;
}

/** Which modules stand where: tags of elements by the names of tabs. */
export interface Layout {
  upper: Record<string, string[]>;
  lower: Record<string, string[]>;
  left: Record<string, string[]>;
  layoutSettings: { mainHeight?: number; leftWidth?: number; [name: string]: any };
  description: string;
}

/** What is open in the page. */
export interface AppState {
  readonly metadata: Metadata;
  layoutName: string;
  /** Whether a dataset is open. */
  readonly initialized: boolean;
  /** Names of the models that are open, in order. */
  readonly currentModels: string[];
  readonly currentModelInfos: ModelInfos;
  readonly currentDataset: string;
  readonly currentDatasetSpec: Spec;
  /** Every datapoint of the dataset that is open. */
  readonly currentInputData: Input[];
  readonly currentInputDataKeys: string[];
  /** The datapoints of all datasets that were opened. */
  readonly inputData: Map<string, Map<string, Input>>;
  /** Whether a datapoint is pinned, to be compared with the selected one. */
  compareExamplesEnabled: boolean;
  getCurrentInputDataById(id: string): Input | null;
  getExamplesById(ids: readonly string[]): Input[];
  getIndexById(id: string | null): number;
  getModelSpec(model: string): { input: Spec; output: Spec };
  annotateNewData(inputs: Input[]): Promise<Input[]>;
  commitNewDatapoints(inputs: Input[]): void;
  /** The address that its button copies. */
  getBestURL(): string;
  /** What the page was opened with; dataFields: texts that stand in its address, by number. */
  getUrlConfiguration(): { dataFields: Record<string, Record<string, string>> };
}

/** Which datapoints are selected. */
export interface SelectionService {
  /** The one that modules are about. */
  readonly primarySelectedId: string | null;
  readonly primarySelectedInputData: Input | null;
  readonly selectedIds: string[];
  readonly selectedInputData: Input[];
  /** All of the dataset where none are selected. */
  readonly selectedOrAllInputData: Input[];
  /** Selects one among those that are selected, or it alone. */
  setPrimarySelection(id: string | null, user?: unknown): void;
  selectIds(ids: readonly string[], user?: unknown): void;
  isIdSelected(id: string): boolean;
}

/** A column of the data table. */
export interface Column {
  name: string;
  dataType: Field;
  source: string;
}

/** The columns of the data table: those of the dataset, and those that were computed. */
export interface DataService {
  apiService: ApiService;
  readonly cols: Column[];
  /** Columns that were computed, and their values by the datapoints' ids. */
  columnHeaders: Map<string, Column>;
  columnData: Map<string, Map<string, FieldValue>>;
  addColumnFromList(
    values: FieldValue[],
    inputs: Input[],
    key: string,
    name: string,
    type: Field,
    source: string,
  ): void;
  setValuesForNewDatapoints(inputs: Input[]): unknown;
  getVal(id: string, column: string): FieldValue;
  getColumn(column: string): FieldValue[];
}

/** Named sets of datapoints. */
export interface SliceService {
  readonly sliceNames: string[];
  /** The slice that is selected; null when the selection is no slice, or another one. */
  readonly selectedSliceName: string | null;
  getSliceByName(name: string): string[] | null;
  getSliceDataByName(name: string): Input[];
  isInSlice(name: string, id: string): boolean;
  selectNamedSlice(name: string | null, user?: unknown): void;
  addNamedSlice(name: string, ids: readonly string[]): void;
  removeIdsFromSlice(name: string, ids: readonly string[]): void;
}

/** By what datapoints are grouped. */
export interface GroupService {
  readonly categoricalFeatureNames: string[];
  readonly numericalFeatureNames: string[];
  getNumericalBinForExample(
    bins: Record<string, Record<string, number[]>>,
    input: Input,
    feature: string,
  ): number[] | null;
}

/** By what datapoints are coloured. */
export interface ColorService {
  groupService: GroupService;
  getDatapointColor(input: Input | null): string;
}

/** Which datapoint the pointer is on, and which of its fields. */
export interface FocusService {
  readonly focusData: { datapointId: string; fieldName?: string } | null;
  setFocusedDatapoint(id: string): void;
  clearFocus(): void;
}

/** The server. While an answer is awaited, the message stands in the page's status bar. */
export interface ApiService {
  /** Any route; a datapoint of the dataset's own goes by its id. */
  queryServer(
    path: string,
    query: Record<string, string>,
    inputs: Input[],
    message?: string,
    config?: object,
  ): Promise<any>;
  getPreds(
    inputs: Input[],
    model: string,
    dataset: string,
    types: unknown[],
    fields?: string[],
    message?: string,
  ): Promise<Record<string, any>[]>;
  /** The last: whether the interpreter does without the model's predictions. */
  getInterpretations(
    inputs: Input[],
    model: string,
    dataset: string,
    interpreter: string,
    config?: object,
    message?: string,
    skipPredict?: boolean,
  ): Promise<any>;
  getGenerated(
    inputs: Input[],
    model: string,
    dataset: string,
    generator: string,
    config?: object,
    message?: string,
  ): Promise<Input[][]>;
  getMetrics(
    inputs: Input[],
    model: string,
    dataset: string,
    metric: string,
    config?: object,
    message?: string,
    skipPredict?: boolean,
  ): Promise<Record<string, { pred_key: string; metrics: Record<string, number> }[]>>;
}

/** The base class of LIT's modules. */
export declare class LitModule extends HTMLElement {
  /** Stands in the module's frame. */
  static title: string;
  /** What the module is for, in Markdown: shown on its button of help. */
  static infoMarkdown: string;
  /** Its share of the width, in twelfths; modules beside each other share what there is. */
  static numCols: number;
  static collapseByDefault: boolean;
  /** Whether each open model, and the pinned and the selected datapoint, have one of their own. */
  static duplicateForModelComparison: boolean;
  static duplicateForExampleComparison: boolean;
  /** Whether those stand one above the other. */
  static duplicateAsRow: boolean;
  static styles: CSSStyleSheet[];
  static elementStyles: CSSStyleSheet[];
  static template(model: string, selectionServiceIndex: number, shouldReact: number): Template;
  /** Whether the module has anything to show for the open models and the dataset. */
  static shouldDisplayModule(modelSpecs: ModelInfos, datasetSpec: Spec): boolean;

  readonly apiService: ApiService;
  readonly appState: AppState;
  /** The selection that the module is about: the pinned datapoint's where it stands for that. */
  readonly selectionService: SelectionService;
  /** The name of the model that the module is about, where each model has one. */
  model: string;
  /** 0 for the selected datapoint, 1 for the pinned one. */
  selectionServiceIndex: number;
  /** 0 while the module is hidden: what it reacts to waits until it is seen. */
  shouldReact: number;

  readonly isConnected: boolean;
  readonly renderRoot: ShadowRoot;
  readonly shadowRoot: ShadowRoot;
  readonly updateComplete: Promise<boolean>;
  requestUpdate(): void;
  connectedCallback(): void;
  disconnectedCallback(): void;
  firstUpdated(changed?: Map<PropertyKey, unknown>): void;
  updated(changed?: Map<PropertyKey, unknown>): void;
  /** What the module shows. */
  renderImpl(): unknown;
  /** Calls the effect with what the function gives, whenever that changes. */
  react<Value>(read: () => Value, effect: (value: Value) => unknown): void;
  /** The same, and at once. */
  reactImmediately<Value>(read: () => Value, effect: (value: Value) => unknown): void;
  /** The bar under the module's title. */
  setIsLoading(isLoading: boolean): void;
}

/** The inside of one of LIT's elements, of which an amendment replaces a part. */
export interface LitElementPatched extends HTMLElement {
  appState: AppState;
  selectionService: SelectionService;
  react: LitModule['react'];
  renderRoot: ShadowRoot;
  [name: string]: any;
}

/** The class of one of LIT's elements. */
export interface LitElementClass {
  new (): LitElementPatched;
  prototype: LitElementPatched;
  elementStyles: CSSStyleSheet[];
  numCols: number;
  duplicateAsRow: boolean;
}

/** How far a run on the server is. */
export interface Progress {
  done: number;
  total: number;
  notes: string[];
}
