import type { Finding } from '../../config/checks/finding.js';
import type { Config } from '../../config/config.js';
import { checkBoardPins } from './check-board-pins.js';
import { checkLevels } from './check-levels.js';
import { checkLines } from './check-lines.js';
import { checkSingleFailures } from './check-single-failures.js';

/** What is wrong or surprising about how things are wired, gravest first. An error: do not build it so. */
export function checkWiring(config: Config): readonly Finding[] {
  const order = { error: 0, warning: 1, note: 2 };
  return [
    ...checkLevels(config),
    ...checkLines(config),
    ...checkBoardPins(config),
    ...checkSingleFailures(config),
  ].sort((one, other) => order[one.severity] - order[other.severity]);
}

/** False for a pair of the bench: there is nothing to wire. */
export function isWired({ boards }: Config): boolean {
  return boards.some(({ port }) => port.type !== 'emulated');
}
