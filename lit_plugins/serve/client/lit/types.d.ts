// Types of LIT's page, written by hand: only the parts that are used here.

/** A Lit template, as made by `html` and `svg`. */
export interface Template {
  _$litType$: 1 | 2;
  strings: TemplateStringsArray;
  values: any[];
}

/**
 * A value in a template: anything, or an event handler. A handler's parameter is the event of a
 * form field, unless a JSDoc type says otherwise.
 */
export type TemplateValue = {} | null | undefined | Handler;
type Handler = { handle(event: FieldEvent): unknown }['handle'];

/** An event of a form field, including mouse and keyboard events on it. */
export type FieldEvent = PointerEvent &
  KeyboardEvent & { target: HTMLInputElement & HTMLSelectElement; currentTarget: HTMLElement };

/** A tag for template literals that makes Lit templates. */
export type TemplateTag = (strings: TemplateStringsArray, ...values: TemplateValue[]) => Template;

/** The value of one field of a datapoint. */
export type FieldValue = any;

/** A datapoint. */
export interface Input {
  /** Computed from the datapoint's text and label, so that equal datapoints have equal ids. */
  id: string;
  /** The values of the dataset's fields, and `_id` and `_meta`. */
  data: Record<string, FieldValue>;
  /** Its source; for a generated datapoint also the id of the datapoint that it was made from. */
  meta: { source?: string; added?: boolean; parentId?: string; [name: string]: any };
}

/** The type of one field of a datapoint, of a server's response, or of a form. */
export interface Field {
  /** The name of its type in Python: 'TextSegment', 'MulticlassPreds', ... */
  name: string;
  required?: boolean;
  /** For a class: the labels. For a menu: the choices. */
  vocab?: string[] | null;
  default?: any;
  /** For a prediction: the name of the field with the label. */
  parent?: string | null;
  [name: string]: any;
}

/** Fields by name. */
export type Spec = Record<string, Field>;

/** The server's description of a model. */
export interface ModelInfo {
  spec: { input: Spec; output: Spec };
  /** Names of the datasets, interpreters, generators and metrics that suit the model. */
  datasets: string[];
  interpreters: string[];
  generators: string[];
  metrics: string[];
  description?: string;
}

/** The server's descriptions of models, by their names. */
export type ModelInfos = Record<string, ModelInfo>;

/** An option's description for forms, as returned by `Option.form` in Python. */
export interface OptionForm {
  name: string;
  /** The kind of control; `models` is a menu of models. */
  control: 'number' | 'text' | 'checkbox' | 'menu' | 'models';
  default: any;
  /** The option's purpose, in one sentence for users. */
  help: string;
  /** The allowed values, as words that complete "Give ...". */
  wanted: string;
  /** For a number: the smallest and the largest allowed value; null for no bound. */
  low?: number | null;
  high?: number | null;
  /** For a number: the distance between allowed values; null if all values are allowed. */
  step?: number | null;
  /** For a menu: its choices. */
  choices?: string[];
  /** For a text: the largest number of characters. */
  longest?: number;
}

/** The server's description of an interpreter, a generator or a metric. */
export interface ComponentInfo {
  options: OptionForm[];
  configSpec: Spec;
  metaSpec: Spec;
  description?: string;
}

/** The server's description of all that it offers. */
export interface Metadata {
  models: ModelInfos;
  datasets: Record<string, { spec: Spec; size: number; description?: string }>;
  interpreters: Record<string, ComponentInfo>;
  generators: Record<string, ComponentInfo>;
  metrics: Record<string, ComponentInfo>;
  layouts: Record<string, Layout>;
  defaultLayout: string;
  /** Whether the server saves added datapoints. */
  savesDatapoints?: boolean;
}

/** The arrangement of modules: their elements' tags, by the names of tabs. */
export interface Layout {
  upper: Record<string, string[]>;
  lower: Record<string, string[]>;
  left: Record<string, string[]>;
  layoutSettings: { mainHeight?: number; leftWidth?: number; [name: string]: any };
  description: string;
}

/** The state of the page: the open models and the open dataset. */
export interface AppState {
  readonly metadata: Metadata;
  layoutName: string;
  /** Whether a dataset is open. */
  readonly initialized: boolean;
  /** Names of the open models, in order. */
  readonly currentModels: string[];
  readonly currentModelInfos: ModelInfos;
  readonly currentDataset: string;
  readonly currentDatasetSpec: Spec;
  /** All datapoints of the open dataset. */
  readonly currentInputData: Input[];
  readonly currentInputDataKeys: string[];
  /** The datapoints of all datasets opened so far, by dataset and id. */
  readonly inputData: Map<string, Map<string, Input>>;
  /** Whether a datapoint is pinned for comparison with the selected one. */
  compareExamplesEnabled: boolean;
  getCurrentInputDataById(id: string): Input | null;
  getExamplesById(ids: readonly string[]): Input[];
  getIndexById(id: string | null): number;
  getModelSpec(model: string): { input: Spec; output: Spec };
  annotateNewData(inputs: Input[]): Promise<Input[]>;
  commitNewDatapoints(inputs: Input[]): void;
  /** The address that the page's button for copying it copies. */
  getBestURL(): string;
  /** The settings in the page's address; dataFields: the datapoints in it, by number. */
  getUrlConfiguration(): { dataFields: Record<string, Record<string, string>> };
}

/** The selected datapoints. */
export interface SelectionService {
  /** The one selected datapoint that modules show. */
  readonly primarySelectedId: string | null;
  readonly primarySelectedInputData: Input | null;
  readonly selectedIds: string[];
  readonly selectedInputData: Input[];
  /** The selected datapoints; all datapoints if none is selected. */
  readonly selectedOrAllInputData: Input[];
  /** Makes a datapoint primary. Keeps the selection if it includes the datapoint. */
  setPrimarySelection(id: string | null, user?: unknown): void;
  selectIds(ids: readonly string[], user?: unknown): void;
  isIdSelected(id: string): boolean;
}

/** A column of the data table. */
export interface Column {
  name: string;
  dataType: Field;
  source: string;
  /** The colours of its values, in their order; missing for LIT's own scale. */
  colorRange?: string[];
}

/** The columns of the data table: those of the dataset, and the computed ones. */
export interface DataService {
  apiService: ApiService;
  readonly cols: Column[];
  /** The computed columns, and their values by the datapoints' ids. */
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
  /** A computed column; undefined for one of the dataset. */
  getColumnInfo(column: string): Column | undefined;
  /** Makes a column with a model's predictions the one that colours datapoints by default. */
  updatePredictedClassFeatureName(column: string): void;
  getColumn(column: string): FieldValue[];
}

/** Named sets of datapoints. */
export interface SliceService {
  readonly sliceNames: string[];
  /** The selected slice; null if no slice is selected or the selection has changed since. */
  readonly selectedSliceName: string | null;
  getSliceByName(name: string): string[] | null;
  getSliceDataByName(name: string): Input[];
  isInSlice(name: string, id: string): boolean;
  selectNamedSlice(name: string | null, user?: unknown): void;
  addNamedSlice(name: string, ids: readonly string[]): void;
  removeIdsFromSlice(name: string, ids: readonly string[]): void;
}

/** The features by which datapoints can be grouped. */
export interface GroupService {
  readonly categoricalFeatureNames: string[];
  readonly numericalFeatureNames: string[];
  getNumericalBinForExample(
    bins: Record<string, Record<string, number[]>>,
    input: Input,
    feature: string,
  ): number[] | null;
}

/** The colours of datapoints. */
export interface ColorService {
  groupService: GroupService;
  dataService: DataService;
  getDatapointColor(input: Input | null): string;
}

/** The datapoint, and the field of it, under the pointer. */
export interface FocusService {
  readonly focusData: { datapointId: string; fieldName?: string } | null;
  setFocusedDatapoint(id: string): void;
  clearFocus(): void;
}

/** Requests to the server. The page's status bar shows the message until the response arrives. */
export interface ApiService {
  /** Sends a request to any route. The dataset's own datapoints are sent by id only. */
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
  /** skipPredict: whether the interpreter needs no predictions of the model. */
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
  /** The title in the module's frame. */
  static title: string;
  /** The purpose of the module, in Markdown: shown on its help button. */
  static infoMarkdown: string;
  /** The module's width in twelfths, relative to the modules beside it. */
  static numCols: number;
  static collapseByDefault: boolean;
  /** Whether each open model has a copy of the module. */
  static duplicateForModelComparison: boolean;
  /** Whether the pinned and the selected datapoint each have a copy of the module. */
  static duplicateForExampleComparison: boolean;
  /** Whether the copies stand one above the other. */
  static duplicateAsRow: boolean;
  static styles: CSSStyleSheet[];
  static elementStyles: CSSStyleSheet[];
  static template(model: string, selectionServiceIndex: number, shouldReact: number): Template;
  /** Whether the module can show anything for the open models and the dataset. */
  static shouldDisplayModule(modelSpecs: ModelInfos, datasetSpec: Spec): boolean;

  readonly apiService: ApiService;
  readonly appState: AppState;
  /** The selection that the module shows; in the pinned datapoint's copy, the pinned one. */
  readonly selectionService: SelectionService;
  /** The name of the model that the module shows, if each model has a copy. */
  model: string;
  /** 0 for the selected datapoint, 1 for the pinned one. */
  selectionServiceIndex: number;
  /** 0 while the module is hidden, which postpones its reactions until it is visible. */
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
  /** Returns the module's content. */
  renderImpl(): unknown;
  /** Calls the effect with the value of `read`, whenever that value changes. */
  react<Value>(read: () => Value, effect: (value: Value) => unknown): void;
  /** Calls the effect with the value of `read`, now and whenever that value changes. */
  reactImmediately<Value>(read: () => Value, effect: (value: Value) => unknown): void;
  /** Shows or hides the loading bar under the module's title. */
  setIsLoading(isLoading: boolean): void;
}

/** One of LIT's elements with its internals, parts of which a patch replaces. */
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

/** The progress of a run on the server. */
export interface Progress {
  done: number;
  total: number;
  notes: string[];
}
