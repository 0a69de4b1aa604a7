import { addToken, removeToken } from '../../private-files/add-token.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { print, printError } from '../terminal/terminal.js';

export interface TokenOptions {
  readonly tokenFile: string;
  readonly readOnly?: boolean;
}

/** copycat token add NAME: the token, and nothing else, on standard output. */
export function addNamedToken(name: string, { tokenFile, readOnly = false }: TokenOptions): ExitCode {
  const secret = addToken(tokenFile, name, readOnly);
  print(secret);
  printError(
    `copycat: this is the token of ${name}${readOnly ? ', for looking only' : ''}. It is shown once: ${shortPath(tokenFile)} has only its hash`,
  );
  return 0;
}

/** copycat token remove NAME */
export function removeNamedToken(name: string, { tokenFile }: TokenOptions): ExitCode {
  removeToken(tokenFile, name);
  print(`${name} has no token any more`);
  return 0;
}
