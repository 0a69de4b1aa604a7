#!/usr/bin/env node
import { readFileSync } from 'node:fs';
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

try {
  await buildProgram(version, (code: ExitCode) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
