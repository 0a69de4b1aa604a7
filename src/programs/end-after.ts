import type { ChildProcess } from 'node:child_process';

/**
 * Ends a program that takes longer. Not by the `timeout` of Node's spawn: that keeps its timer, and with it this process, where the
 * program could not be started at all.
 */
export function endAfter(child: ChildProcess, limitMs: number): void {
  const timer = setTimeout(() => child.kill(), limitMs);
  const disarm = (): void => clearTimeout(timer);
  child.once('error', disarm);
  child.once('exit', disarm);
}
