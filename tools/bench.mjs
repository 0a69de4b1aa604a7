// npm run bench: set-up if anything is missing, then the virtual bench with the arguments given (npm run bench -- ARGS).
import { ROOT, runProgram } from './run-program.mjs';
import { setUp } from './set-up.mjs';

// Ctrl-C goes to the bench too, which stops its boards; we only wait for it.
process.on('SIGINT', () => undefined);

if (await setUp()) {
  const result = await runProgram(process.execPath, [`${ROOT}dist/cli/main.js`, 'bench', ...process.argv.slice(2)]);
  process.exitCode = result.code;
} else {
  process.exitCode = 1;
}
