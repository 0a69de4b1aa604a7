import { configJsonSchema } from '../../config/schema/json-schema.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { printJson } from '../terminal/terminal.js';

/** copycat schema: JSON Schema of the configuration file, for editors. */
export function printSchema(): ExitCode {
  printJson(configJsonSchema());
  return 0;
}
