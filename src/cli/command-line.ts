import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram } from './program.js';
import { type ExitCode, reportFailure } from './terminal/report-failure.js';

// A reader that has seen enough (copycat faults list | head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const versionLine = `copycat ${version}, ${commit()}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;

/** What this program was built of, for whoever reads a report of a mistake. */
function commit(): string {
  const path = join(import.meta.dirname, '../commit');
  // There is none where it was built outside a clone.
  return existsSync(path) ? `commit ${readFileSync(path, 'utf8').trim()}` : 'commit not known';
}

try {
  await buildProgram(versionLine, (code: ExitCode) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
