import { constants, openSync } from 'node:fs';

/**
 * Keeps the number of a pseudo-terminal from being given out again until this process has ended. A gateway that waits for
 * `/dev/pts/5` to come back would take whatever is there for its board, also a terminal of another file's test that runs beside this
 * one. The kernel gives a number out again when both ends are closed; the name is gone with the board's end, as it should be.
 * Call it before the board's end is closed. Costs one open file for each terminal.
 * Gives its descriptor.
 */
export function holdTerminal(path: string): number {
  // Never closed: the number is free when the process ends.
  return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
}
