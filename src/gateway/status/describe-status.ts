import type { Clock } from '../../clock/clock.js';
import { checkConfig } from '../../config/checks/check-config.js';
import { notKnownOf } from '../../config/checks/not-known.js';
import { checkAbilities } from '../../config/checks/unmodified/check-abilities.js';
import type { BoardConfig, Config } from '../../config/config.js';
import { rulesNotHeld } from '../../config/rules-not-held.js';
import type { PortStatus } from '../../control/contract/port-status.js';
import type {
  BoardStatus,
  ClientsStatus,
  LogStatus,
  NextStep,
  Status,
  TellingStatus,
} from '../../control/contract/status.js';
import type { RelayDriver } from '../../hardware/relay/relay-driver.js';
import type { LedgerHealth } from '../../ledger/ledger.js';
import type { BoardLink } from '../../link/board-link.js';
import type { BoardState, Joining } from '../../pair/state/board-state.js';
import type { PairState } from '../../pair/state/pair-state.js';
import { boardOf, isProtected } from '../../pair/state/roles.js';
import type { ClientCounts } from '../../upstream/client-counts.js';
import type { AnswerTimes } from '../watch/answer-times.js';
import type { Counters } from '../watch/counters.js';
import type { LiveResults } from '../watch/live-results.js';
import { describeUpdate } from './describe-update.js';
import { explainState, linkWordOf, plug, quarantinedIn, roleOf, stoppedByMistake } from './explain-state.js';

export interface Described {
  readonly config: Config;
  readonly state: PairState;
  readonly relay: RelayDriver;
  readonly ledger: LedgerHealth;
  readonly counters: Counters;
  readonly live: LiveResults;
  readonly times: AnswerTimes;
  readonly links: ReadonlyMap<string, BoardLink>;
  readonly portOf: (board: string) => PortStatus | null;
  /** Of the relay, in all its life. */
  readonly wear: { readonly operations: number; readonly provedForMs: number | null; readonly skippedTests: number };
  /** Undefined: no input is one that anybody connects to. */
  readonly clients: ClientCounts | undefined;
  /** What is wrong with lines, in sentences. */
  readonly trouble: readonly string[];
  readonly log: LogStatus | null;
  readonly telling: readonly TellingStatus[];
  /** What Copycat found wrong with itself, twice in a row: the pair is stopped for it (R30); null: nothing. */
  readonly mistake: string | null;
  /** For how long the core has not taken a step that was due. */
  readonly coreAgeUs: number;
  readonly startedAtUs: number;
  readonly clock: Clock;
}

/** A snapshot for people: who serves, whether the other could take over, and if not, why not. */
export function describeStatus(described: Described): Status {
  const { config, state, ledger, counters, links, portOf, clock } = described;
  const { mistake } = described;
  const { why, next } = mistake === null ? explainState(state, clock.nowUs()) : stoppedByMistake(mistake);
  return {
    name: config.name,
    phase: mistake === null ? state.phase : 'stopped',
    protected: mistake === null && isProtected(state),
    why,
    next: knowingPorts(next, config, portOf),
    primary: state.lease.owner,
    epoch: state.lease.epoch,
    boards: [...config.boards, ...(config.thirdCopy === null ? [] : [config.thirdCopy])].map(({ board }) => ({
      ...describeBoard(boardOf(state, board), state, counters, links.get(board), portOf(board)),
      live: described.live.of(board),
      ...kindOf(
        config.boards.find((one) => one.board === board),
        config,
      ),
    })),
    update: state.update === null ? null : describeUpdate(state.update),
    relay: describeRelay(described),
    warnings: [
      ...described.trouble,
      ...(described.log?.trouble == null ? [] : [`the log does not get out: ${described.log.trouble}`]),
      ...described.telling.flatMap(tellingTrouble),
      ...[...checkConfig(config), ...checkAbilities(config, state.config.wire.abilities)]
        .filter((finding) => finding.severity !== 'note')
        .map((finding) => finding.message),
    ],
    ...notHeldIn(state),
    ledger: {
      path: config.ledger.path,
      recordedToDisk: ledger.trouble === null,
      why: whyNotRecorded(ledger, config.ledger.durability),
      waiting: ledger.waiting,
    },
    ...(described.log === null ? {} : { log: described.log }),
    ...(described.telling.length === 0 ? {} : { telling: described.telling }),
    inputs: {
      pending: state.queue.inputs.size,
      answered: state.counts.answered,
      rejected: state.counts.rejected,
      refused: state.counts.refused,
      quarantined: quarantinedIn(state),
    },
    ...(described.clients === undefined ? {} : { clients: describeClients(described.clients) }),
    latency: described.times.figures,
    ...described.live.lastInput,
    counters: counters.of(null),
    coreAgeMs: Math.round(described.coreAgeUs / 1000),
    upMs: Math.round((clock.nowUs() - described.startedAtUs) / 1000),
  };
}

function describeRelay({ config, state, relay, wear }: Described): Status['relay'] {
  const { kind, ratedOperations } = config.relay;
  if (kind === 'none') {
    return { kind, fence: config.switchesNothing ? 'nothing' : 'reset', commanded: state.lease.owner, proved: false };
  }
  return {
    kind: kind === 'emulated' ? kind : 'wired',
    commanded: relay.commanded,
    proved: relay.proved,
    // What is worn out of one that does not exist is nobody's business; that a takeover was tried is.
    wear: { ...wear, ratedOperations },
  };
}

/** Boards with firmware of their own: what of the promises is not kept, in the words of `copycat check`. */
function notHeldIn({ config: { wire } }: PairState): Pick<Status, 'notHeld'> {
  const notHeld = rulesNotHeld(wire.abilities).map(({ rules, what }) => ({ rules, what }));
  return notHeld.length === 0 ? {} : { notHeld };
}

/** What is not known of a kind is not known in a running pair either. */
function kindOf(board: BoardConfig | undefined, { protocol }: Config): Pick<BoardStatus, 'kind'> {
  if (board === undefined) return {};
  return { kind: { name: board.kind, notKnown: notKnownOf(board.facts, protocol).map(({ what }) => what) } };
}

/** R32: nobody hears of what happens, which does not touch the pair. */
function tellingTrouble({ command, waiting, leftOut, trouble }: TellingStatus): string[] {
  const rest = [
    ...(waiting > 0 ? [`${waiting} wait to be told`] : []),
    ...(leftOut > 0 ? [`${leftOut} were left out`] : []),
  ];
  return trouble === null ? [] : [[`${command} tells nobody: ${trouble}`, ...rest].join('; ')];
}

function describeClients(counts: ClientCounts): ClientsStatus {
  const {
    refusedConnections,
    notTaken,
    open,
    most,
    connections,
    gaveWay,
    cutOff,
    badLines,
    askedAgain,
    withheldAnswers,
  } = counts;
  return {
    ...{ open, most, connections, refused: refusedConnections + notTaken, gaveWay, cutOff, badLines },
    ...{ askedAgain, withheldAnswers },
  };
}

/** A board that is plugged in, but whose port is taken or forbidden, needs something else than its plug. */
function knowingPorts(next: NextStep | null, config: Config, portOf: Described['portOf']): NextStep | null {
  for (const { board } of config.boards) {
    const trouble = portOf(board)?.trouble;
    if (next?.text !== plug(board).text || trouble == null || trouble.name === 'not-there') continue;
    return { text: `${trouble.text}; ${trouble.remedy}`, commands: [] };
  }
  return next;
}

function describeBoard(
  board: BoardState,
  state: PairState,
  counters: Counters,
  link: BoardLink | undefined,
  port: PortStatus | null,
): BoardStatus {
  let behind = 0;
  for (const input of state.queue.inputs.values()) if (!input.doneBy.has(board.id)) behind++;
  return {
    board: board.id,
    role: roleOf(board, state),
    image: board.session.hello?.imageHash ?? null,
    link: linkWordOf(board),
    port,
    session: board.session.number,
    behind: board.membership.state === 'in-sync' || board.membership.state === 'joining' ? behind : 0,
    joining: joiningStatus(board.membership.joining),
    counters: { ...link?.counters, ...counters.of(board.id) },
  };
}

function joiningStatus(joining: Joining | null): BoardStatus['joining'] {
  if (joining === null) return null;
  const { step, done, of, note } = joining;
  return { step, done, of, ...(note === null ? {} : { note }) };
}

/** R17: what is not recorded, why, and which promise is not held meanwhile. */
function whyNotRecorded({ trouble, standby }: LedgerHealth, durability: 'process' | 'power'): string | null {
  if (standby.length === 0) return trouble;
  const files = standby.map(({ file, path, code, message }) => `the ${file} ${path} (${code}: ${message})`);
  const dropped = standby.reduce((sum, file) => sum + file.droppedInputs + file.droppedFaults, 0);
  const held = standby.reduce((sum, file) => sum + file.heldInputs, 0);
  return [
    `${files.join(' and ')} cannot be written; the ledger goes on in memory, which dies with the gateway`,
    ...(durability === 'power' ? ['durability power is NOT HELD: commits are granted that are on no disk'] : []),
    ...(dropped > 0 ? [`${dropped} old rows dropped for room`] : []),
    ...(held > 0 ? [`memory is full too: ${held} new inputs wait`] : []),
  ].join('; ');
}
