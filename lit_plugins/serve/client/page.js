// Runs after LIT's own script has defined its modules and before LIT starts, on the window's load.

import './amended/columns.js';
import './amended/commits.js';
import './amended/embeddings.js';
import './amended/exports.js';
import './amended/generators.js';
import './amended/interstitials.js';
import './amended/markup.js';
import './amended/metrics.js';
import './amended/salience_maps.js';
import './amended/scalars.js';
import './amended/tabs.js';
import './amended/toolbars.js';
import './amended/widths.js';
import './modules/attention.js';
import './modules/attribution_chart.js';
import './modules/disagreement.js';
import './modules/global_words.js';
import './modules/saved_work.js';
import './modules/text_difference.js';
