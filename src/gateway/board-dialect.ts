import type { Config } from '../config/config.js';
import type { Dialect } from '../link/dialect.js';
import { HARNESS } from '../link/harness/harness-dialect.js';

/** What the boards of a pair speak, both the same. The one place that says so. Null: a board that stands in no configuration. */
export function dialectOf(_config: Config | null): Dialect {
  return HARNESS;
}
