// What the tools of the emulated Pi have in common.
import { execFileSync } from 'node:child_process';

/** Runs a program to its end; its output, or an error with what it said. */
export function call(command, args, options = {}) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
}
