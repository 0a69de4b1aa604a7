import type { Dialect } from '../link/dialect.js';
import { HARNESS } from '../link/harness/harness-dialect.js';

/** What boards speak: all of them the wire of the firmware harness today. The one place that says so. */
export const BOARD_DIALECT: Dialect = HARNESS;
