import type { BoardConfig } from '../../config/config.js';
import type { ImageFacts } from '../../control/contract/update-command.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { askWho } from '../../link/ask-who.js';
import { HARNESS } from '../../link/harness/harness-dialect.js';
import { openSerialPort } from '../ports/open-serial-port.js';
import { flashBoard } from './flash-board.js';

export interface FlashInTurnOptions {
  /** One or both, in any order. */
  readonly boards: readonly BoardConfig[];
  /** Absolute; an Intel HEX file. */
  readonly image: string;
  readonly facts: ImageFacts;
  /** The board that the pair's ledger gives the actuator to; null: the pair has never run, and none has it. */
  readonly connected: string | null;
  /** Flash the connected one too. Its pins float meanwhile. */
  readonly force: boolean;
  readonly progress: (text: string) => void;
  readonly flash?: (board: BoardConfig, image: string) => Promise<void>;
  /** The hash of the image that the board says it runs; null when it says nothing that is understood. */
  readonly imageOf?: (board: BoardConfig) => Promise<number | 'not-asked' | null>;
}

export type FlashInTurnOutcome = { readonly done: string } | { readonly refused: string } | { readonly failed: string };

/** On top of a bootloader's time. */
const ANSWER_MS = 10_000;

/**
 * Flashes boards at their ports, where no gateway has them open: one at a time, the one that is not connected to the
 * actuator first, and the next only when this one has said in its HELLO that it runs the image.
 */
export async function flashInTurn(options: FlashInTurnOptions): Promise<FlashInTurnOutcome> {
  const { boards, image, facts, connected, force, progress } = options;
  const flash = options.flash ?? flashBoard;
  const imageOf = options.imageOf ?? imageItRuns;
  const last = boards.find(({ board }) => board === connected);
  if (last !== undefined && !force) {
    return {
      refused:
        `Board ${last.board} is connected to the actuator, and while it is flashed its pins float. Nothing was flashed. ` +
        'Start the gateway: copycat flash both then gives each board the image while the other one drives. ' +
        'Or see that the actuator bears it, and add --force.',
    };
  }
  const order = [...boards.filter((one) => one !== last), ...(last === undefined ? [] : [last])];
  for (const one of order) {
    progress(`flashing board ${one.board}`);
    try {
      await flash(one, image);
    } catch (error) {
      if (!(error instanceof CopycatError)) throw error;
      return { failed: `board ${one.board} was not flashed: ${error.message}${restOf(order, one)}` };
    }
    const runs = await imageOf(one);
    if (runs === facts.imageHash) continue;
    return { failed: `board ${one.board} was flashed with ${image}, and ${saysInstead(runs)}${restOf(order, one)}` };
  }
  const names = order.map(({ board }) => board);
  return { done: names.length > 1 ? `both boards run ${image}` : `board ${names.join()} runs ${image}` };
}

function restOf(order: readonly BoardConfig[], failed: BoardConfig): string {
  const rest = order.slice(order.indexOf(failed) + 1).map(({ board }) => board);
  return rest.length === 0 ? '' : `; board ${rest.join()} was not touched`;
}

function saysInstead(runs: number | 'not-asked' | null): string {
  if (runs === 'not-asked') return 'cannot be asked what it runs, as its protocol has no such question';
  return runs === null ? 'says nothing' : 'says that it runs another image';
}

/** Only boards with the firmware harness are given an image from here. */
async function imageItRuns(board: BoardConfig): Promise<number | 'not-asked' | null> {
  const { bootloader } = board.facts;
  const session = await openSerialPort(board, HARNESS);
  try {
    const said = await askWho(session, HARNESS, ANSWER_MS + (bootloader?.deafMs ?? 0));
    if (said.outcome === 'described') return said.board.imageHash;
    return said.outcome === 'not-asked' ? 'not-asked' : null;
  } finally {
    session.close();
  }
}
