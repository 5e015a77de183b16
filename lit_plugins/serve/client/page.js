// The entry point. Runs after LIT's script has defined its elements, and before LIT starts, which
// happens at the window's load event.

import './lit_patches/classes.js';
import './lit_patches/columns.js';
import './lit_patches/commits.js';
import './lit_patches/controls.js';
import './lit_patches/curves.js';
import './lit_patches/directions.js';
import './lit_patches/embeddings.js';
import './lit_patches/exports.js';
import './lit_patches/filters.js';
import './lit_patches/generators.js';
import './lit_patches/interstitials.js';
import './lit_patches/markup.js';
import './lit_patches/metrics.js';
import './lit_patches/metric_facets.js';
import './lit_patches/metric_values.js';
import './lit_patches/ready_slices.js';
import './lit_patches/salience_maps.js';
import './lit_patches/scalars.js';
import './lit_patches/tabs.js';
import './lit_patches/toolbars.js';
import './lit_patches/widths.js';
import './modules/attention.js';
import './modules/attribution_chart.js';
import './modules/disagreement.js';
import './modules/global_words.js';
import './modules/prediction.js';
import './modules/saved_work.js';
import './modules/text_difference.js';
