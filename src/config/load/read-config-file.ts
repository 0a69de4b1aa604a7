import { readUserFile } from './read-user-file.js';

/** A hundred times the longest that anybody writes. */
const MOST_BYTES = 1_048_576;

/** The text of a configuration file. Throws CONFIG_MISSING with why it cannot be read. */
export function readConfigFile(file: string): string {
  return readUserFile(file, {
    ...{ shown: file, what: 'the configuration file', code: 'CONFIG_MISSING', mostBytes: MOST_BYTES },
    origin: 'copycat init writes one, and example.yaml is a small one',
  });
}
