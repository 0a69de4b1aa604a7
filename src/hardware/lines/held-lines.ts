import type { Clock } from '../../clock/clock.js';
import { HeldOutput } from './held-output.js';
import type { Lines } from './lines.js';

export interface HeldLinesOptions {
  readonly lines: Lines;
  /** The line that holds a board in RESET while it is on, through a transistor; boards without one are left out. */
  readonly resets: Readonly<Record<string, string>>;
  /** The relay that lets the pair drive: energised while it may. */
  readonly cutOff: { readonly pin: string; readonly activeLow: boolean } | null;
  readonly alarm: { readonly pin: string; readonly activeLow: boolean } | null;
  readonly clock: Clock;
  /** A line cannot be had as wanted, and why; null: it can again. */
  readonly onTrouble: (name: string, trouble: string | null) => void;
}

/** The lines that stand at a level: RESET of each board, cut-off, alarm. */
export interface HeldLines {
  /** R13: a board without a RESET line is left alone. */
  holdReset(board: string, held: boolean): void;
  /** Whether its RESET line holds it, as far as can be known, and whether the pin itself shows that. */
  isHeld(board: string): { readonly stands: boolean; readonly proved: boolean };
  /** True takes the actuator away from both boards, as does a gateway without power. */
  cutOff(cut: boolean): void;
  alarm(on: boolean): void;
  /** What stands otherwise than wanted. */
  readonly trouble: readonly string[];
  /** Lines stay as they are (R27). */
  close(): void;
}

/** Takes no line: the first word about each does, with its level. Rejects with RELAY_UNAVAILABLE. */
export async function openHeldLines(options: HeldLinesOptions): Promise<HeldLines> {
  const open = (line: string, activeLow: boolean, name: string): Promise<HeldOutput> =>
    HeldOutput.open({ ...options, line, activeLow, name });
  const resets = new Map<string, HeldOutput>();
  for (const [board, line] of Object.entries(options.resets)) {
    resets.set(board, await open(line, false, `the RESET line of board ${board}`));
  }
  const { cutOff, alarm } = options;
  const cutOffLine = cutOff === null ? null : await open(cutOff.pin, cutOff.activeLow, 'the cut-off relay');
  const alarmLine = alarm === null ? null : await open(alarm.pin, alarm.activeLow, 'the alarm');
  const all = [...resets.values(), ...[cutOffLine, alarmLine].filter((line) => line !== null)];
  return {
    holdReset: (board, held) => resets.get(board)?.set(held),
    isHeld: (board) => resets.get(board)?.standsAt(true) ?? { stands: false, proved: false },
    cutOff: (cut) => cutOffLine?.set(!cut),
    alarm: (on) => alarmLine?.set(on),
    get trouble() {
      return all.flatMap(({ trouble }) => (trouble === null ? [] : [trouble]));
    },
    close: () => {
      for (const line of all) line.close();
    },
  };
}
