import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);

/**
 * How a person calls this program, for commands that are printed to be typed. npm has somebody else's package called
 * copycat, so `npx copycat` is only right in a clone, where the name means this very program.
 */
export function commandName(calledAs: string = process.argv[1] ?? '', program: string = HERE): string {
  // Installed for everybody, from a clone too: a link in a folder of programs.
  if (basename(calledAs) === 'copycat' && !calledAs.includes('/node_modules/')) return 'copycat';
  return program.includes('/node_modules/') ? 'npx copycat-gateway' : 'npx copycat';
}
