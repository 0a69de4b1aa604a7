import { configJsonSchema } from '../config/json-schema.js';
import type { ExitCode } from './report-failure.js';
import { printJson } from './terminal.js';

/** copycat schema: JSON Schema of the configuration file, for editors. */
export function printSchema(): ExitCode {
  printJson(configJsonSchema());
  return 0;
}
