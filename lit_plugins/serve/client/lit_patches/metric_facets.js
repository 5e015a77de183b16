// LIT computes facets before the values of new datapoints have arrived, adds late answers for
// facets that have changed, and counts missing numbers as 0. Here facets follow the values, and a
// datapoint without a value is in no bin.

import { lit } from '../lit/elements.js';
import { dataService, groupService } from '../lit/services.js';

/** @import { Input, LitElementPatched } from '../lit/types.d.ts' */

const metrics = lit('metrics-module').prototype;

const firstUpdated = metrics.firstUpdated;
/** @param {unknown[]} changed */
metrics.firstUpdated = function (...changed) {
  firstUpdated.apply(this, changed);
  /** @type {string[] | undefined} */
  let facets;
  this.react(
    () => {
      /** @type {string[]} */
      const selected = this.selectedFacets;
      return { selected, columns: selected.map((name) => dataService.columnData.get(name)) };
    },
    ({ selected }) => {
      if (facets === selected) this.updateAllFacetedMetrics();
      facets = selected;
    },
  );
};

/** How often each module has computed its facets. @type {WeakMap<LitElementPatched, number>} */
const updates = new WeakMap();
const updateAllFacetedMetrics = metrics.updateAllFacetedMetrics;
metrics.updateAllFacetedMetrics = function () {
  updates.set(this, (updates.get(this) ?? 0) + 1);
  updateAllFacetedMetrics.call(this);
};
const addMetrics = metrics.addMetrics;
/**
 * @param {Input[]} datapoints
 * @param {unknown} source
 * @param {object | undefined} facets
 * @param {string | undefined} name
 */
metrics.addMetrics = function (datapoints, source, facets, name) {
  const update = updates.get(this);
  /** @param {unknown[]} asked */
  const getMetrics = async (...asked) => {
    const answer = await this.getMetrics(...asked);
    return facets != null && update !== updates.get(this) ? {} : answer;
  };
  const module = Object.create(this, { getMetrics: { value: getMetrics } });
  return addMetrics.call(module, datapoints, source, facets, name);
};

const { getNumericalBinForExample } = groupService;
groupService.getNumericalBinForExample = function (bins, input, feature) {
  if (dataService.getVal(input.id, feature) == null) return null;
  return getNumericalBinForExample.call(this, bins, input, feature);
};
