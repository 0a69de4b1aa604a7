import { linkFloor } from '../../config/budget/link-floor.js';
import type { BoardConfig, Config } from '../../config/config.js';
import { firstPrimary } from '../../config/to-pair-config.js';
import { openLedger } from '../../ledger/files/open-ledger.js';
import { dialectOf } from '../board-dialect.js';
import type { GatewayParts } from '../parts.js';
import { BoardTalk } from './board-talk.js';
import { type CommissionedBoard, type CommissionReport, toMend } from './commission-report.js';
import { notTried } from './not-tried.js';
import { proposedDeadlineMs } from './round-trips.js';
import { tryBoard } from './try-board.js';
import { tryRelay } from './try-relay.js';
import { type ResetTrial, tryReset } from './try-reset.js';
import { trySwap } from './try-swap.js';

export interface CommissionOptions {
  /** Inputs that do nothing, for each board. */
  readonly roundTrips: number;
  /** The relay goes to and fro so often. */
  readonly moves: number;
  /** Told what is being tried. */
  readonly tell: (what: string) => void;
}

/**
 * Tries everything of a pair that nobody uses yet: the boards, how long they take, their RESET lines, the relay and its
 * feedback, and a planned switchover to and fro. The boards are restarted, the actuator is switched. What it finds goes to
 * the ledger, and with it which board is at which port. Rejects with what makes a ledger or a line unusable.
 */
export async function commission(
  config: Config,
  parts: GatewayParts,
  { roundTrips, moves, tell }: CommissionOptions,
): Promise<CommissionReport> {
  const { clock, lines } = parts;
  const dialect = dialectOf(config);
  const boards: CommissionedBoard[] = [];
  const resets: ResetTrial[] = [];
  // Before the boards: a host without these lines is told so at once, and not after minutes of measuring.
  if (config.relay.kind !== 'none') tell(`relay: ${moves} times to and fro`);
  const relay = await tryRelay(config, lines, clock, firstPrimary(config), moves);
  for (const board of config.boards) {
    // One after the other: opening both at once may restart both at once.
    const talk = new BoardTalk(board.board, dialect, () => parts.openSession(board, dialect), clock);
    try {
      tell(`board ${board.board}: ${roundTrips} inputs that do nothing`);
      boards.push(await tryBoard(talk, parts, roundTrips));
      if (board.reset !== null && talk.abilities.identity) {
        tell(`board ${board.board}: its RESET line`);
        resets.push(await tryReset(board.reset, lines, talk, clock));
      }
    } finally {
      talk.close();
    }
  }
  await keep(config, parts, unitFacts(boards));
  const floorMs = Math.ceil(Math.max(...config.boards.map((board) => linkFloor(board).worstUs)) / 1000);
  const measured = boards.flatMap(({ roundTrips: one }) => (one === null ? [] : [one]));
  const found: Omit<CommissionReport, 'toMend' | 'swap'> = {
    at: new Date().toISOString(),
    ...{ boards, relay, resets, notTried: notTried(dialect.wire.abilities, config) },
    deadline: {
      configuredMs: config.deadlineUs / 1000,
      proposedMs: proposedDeadlineMs(measured, floorMs * 1000),
      floorMs,
    },
  };
  const before = toMend({ ...found, swap: null });
  if (before.length === 0) tell('the pair: until it is protected, then a switchover to and fro');
  else lines.close();
  const swap = before.length === 0 ? await trySwap(config, parts) : null;
  const report = { ...found, swap, toMend: toMend({ ...found, swap }) };
  await keep(config, parts, [['commission', JSON.stringify(report)]]);
  return report;
}

/** Which board is at which port is learnt anew (src/pair/session/identity.ts). */
function unitFacts(boards: readonly CommissionedBoard[]): (readonly [string, string])[] {
  return boards.flatMap(({ board, hello }) =>
    hello === null || hello.unit === 0 ? [] : [[`unit.${board}`, String(hello.unit)] as const],
  );
}

async function keep(
  config: Config,
  { clock }: GatewayParts,
  facts: readonly (readonly [string, string])[],
): Promise<void> {
  const [first, second]: readonly [BoardConfig, BoardConfig] = config.boards;
  const ledger = await openLedger(
    {
      ...config.ledger,
      boards: [first.board, second.board],
      firstOwner: firstPrimary(config),
      fields: { ...config.fields, sources: config.sources, outputs: config.outputs },
    },
    clock,
  );
  for (const [name, value] of facts) ledger.submit({ type: 'keepFact', name, value });
  await ledger.close();
}
