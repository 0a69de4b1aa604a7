import { firstValueFrom } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import type { Lines } from '../../hardware/lines/lines.js';
import { alarmAfter } from '../../link/alarm-after.js';
import type { BoardTalk } from './board-talk.js';

export interface ResetTrial {
  readonly board: string;
  /** It said nothing while its RESET was held. */
  readonly fellSilent: boolean;
  /** It came back as one that has restarted. */
  readonly restarted: boolean;
}

const BEFORE_US = 4_000_000;
/** What it said before is still on its way through its USB chip. */
const ON_ITS_WAY_US = 250_000;
const HELD_US = 600_000;
/** A bootloader may listen for a flasher first. */
const AFTER_US = 6_000_000;

/** Holds the RESET of a board for a moment, and looks whether it is this board that falls silent and comes back. */
export async function tryReset(line: string, lines: Lines, talk: BoardTalk, clock: Clock): Promise<ResetTrial> {
  const { board } = talk;
  const reset = await lines.openOutput(line, { activeLow: false });
  reset.set(false);
  const before = await talk.hello(BEFORE_US);
  reset.set(true);
  await firstValueFrom(alarmAfter(clock, ON_ITS_WAY_US));
  const fellSilent = before !== null && (await talk.hello(HELD_US)) === null;
  reset.set(false);
  const after = await talk.hello(AFTER_US, ({ boot }) => boot !== before?.boot);
  return { board, fellSilent, restarted: after !== null };
}
