import type { PairEffect } from '../../pair/state/effects.js';
import type { ToBoardMessage } from '../../protocol/messages.generated.js';
import { BOARD_NAMES, type BoardName } from '../world/world.js';
import type { Observations } from './observations.js';

/** What a gateway that stood still heard before it may be answered so much later. */
const STALLED_US = 1_000_000;

/** The wires of the relay lead to boards: whoever is at another one's port is asked who it is, and nothing else. */
export function judgeDelivered(
  observations: Observations,
  port: BoardName,
  board: BoardName,
  { kind }: ToBoardMessage,
): void {
  if (port === board || kind === 'helloRequest' || observations.areUnitsLost) return;
  // Nobody knows a spare, nor that it is not where it belongs, while nobody is at the other port.
  const { boards, links, gateway } = observations.world;
  const isSpare = gateway?.pair.boards.get(board)?.identity.unit !== boards[board].unit;
  if (isSpare && !links[board].plugged) return;
  observations.breaks('nothingToTheWrongBoard', `board ${board} got ${kind} at the port of ${port}`);
}

export function judgeIdentity(observations: Observations, effect: PairEffect): void {
  const { cables, schedule } = observations.world;
  if (effect.type !== 'openFault') return;
  const { code, board } = effect.fault;
  if (code !== 'boards-swapped' && code !== 'identity-twice') return;
  observations.coverage.count('refused boards');
  if (schedule.nowUs > cables.swappedUntilUs + STALLED_US && !observations.areUnitsLost) {
    observations.breaks('rightBoardIsTaken', `board ${board} is refused (${code}), and is where it belongs`);
  }
}

/** A host that loses power may forget a spare that had just come. */
export function noteKnownUnits(observations: Observations): void {
  const { gateway, boards } = observations.world;
  const isKnown = (name: BoardName): boolean => gateway?.pair.boards.get(name)?.identity.unit === boards[name].unit;
  if (!BOARD_NAMES.every(isKnown)) observations.areUnitsLost = true;
}

export function judgeKnownUnits(observations: Observations): void {
  const { gateway, boards } = observations.world;
  for (const name of BOARD_NAMES) {
    const known = gateway?.pair.boards.get(name)?.identity.unit;
    if (known === boards[name].unit) continue;
    observations.breaks('boardsAreKnown', `board ${name} is ${boards[name].unit}, the gateway knows ${known}`);
  }
  observations.areUnitsLost = false;
}
