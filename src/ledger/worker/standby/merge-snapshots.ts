import { CopycatError } from '../../../errors/copycat-error.js';
import type { LedgerRows } from '../../../pair/result/ledger-rows.js';
import type { Alignment, RevisedBoardRow, Snapshot } from '../store-messages.js';
import { FACT_PREFIX } from '../tables/lease-table.js';

export interface MergeOptions {
  readonly boards: readonly [string, string];
  readonly firstOwner: string;
  readonly bootId: string;
  /** True when the hot journal was expected and is not there (R27). */
  readonly journalGone: boolean;
}

export interface Merged {
  readonly rows: LedgerRows;
  /** Without what differs from file to file. */
  readonly alignment: Omit<Alignment, 'settings' | 'keepsInputs' | 'keepsFaults' | 'hostRestarted'>;
  /** Number of the last change of a board's row; the next one is above it. */
  readonly revision: number;
}

/**
 * What the files of a ledger know together. `disk` outlives the host, `journal` only the process: where they differ, the
 * higher epoch wins (section 7), for everything else the later or larger.
 */
export function mergeSnapshots(disk: Snapshot, journal: Snapshot | null, options: MergeOptions): Merged {
  const files = journal === null ? [disk] : [disk, journal];
  const exact = journal ?? disk;
  const most = (pick: (file: Snapshot) => number): number => Math.max(...files.map(pick));
  const leases = files.flatMap((file) => (file.lease ? [file.lease] : []));
  const lease = leases.reduce((best, next) => (next.epoch > best.epoch ? next : best), {
    epoch: leases.length === 0 ? 1 : 0,
    owner: options.firstOwner,
  });
  const boards = mergeBoards(files, options.boards, leases.length === 0 ? null : lease.owner);
  const takeovers = mergeTakeovers(files);
  const lastTakeover = takeovers.at(-1);
  const stoppedBy = files.reduce((best, next) => (next.stoppedRevision > best.stoppedRevision ? next : best));
  const fresh = leases.length === 0;
  const hostRestarted = !fresh && (options.journalGone || exact.hostRestarted || disk.bootId !== options.bootId);
  const common = {
    reservedThroughSeq: most((file) => Math.max(file.reservedThroughSeq, file.highestSeq)),
    // The disk's pair time is a reservation: it counts only where the journal, which knows it exactly, is gone.
    pairTimeMs: exact.pairTimeMs,
    executionCount: exact.executionCount,
    stopped: stoppedBy.stopped,
  };
  return {
    rows: {
      ...lease,
      ...common,
      boards: boards.map(({ board, standing, session, boot, exits }) => ({ board, standing, session, boot, exits })),
      inputs: files.flatMap((file) => file.inputs).sort((one, other) => one.seq - other.seq),
      highestSeq: most((file) => file.highestSeq),
      reservedPairTimeMs: most((file) => file.pairTimeMs),
      nextFaultId: most((file) => file.highestFaultId) + 1,
      unfinishedTakeover: lastTakeover && !lastTakeover.ended ? unfinished(lastTakeover) : null,
      hostRestarted,
      fresh,
      facts: factsOf(disk),
    },
    alignment: {
      ...common,
      line: exact.line,
      bootId: options.bootId,
      lease,
      boards,
      takeovers,
      stoppedRevision: stoppedBy.stoppedRevision,
      counters: files.flatMap((file) => file.counters),
    },
    revision: Math.max(stoppedBy.stoppedRevision, ...boards.map((board) => board.revision)),
  };
}

/** Only the disk has them: they are of the installation, not of a run. */
function factsOf({ settings }: Snapshot): LedgerRows['facts'] {
  const facts = Object.entries(settings).filter(([name]) => name.startsWith(FACT_PREFIX));
  return Object.fromEntries(facts.map(([name, value]) => [name.slice(FACT_PREFIX.length), value]));
}

function unfinished(takeover: Alignment['takeovers'][number]): LedgerRows['unfinishedTakeover'] {
  const { faultId, from, to, planned, reason } = takeover;
  return { faultId, from, to, planned, reason };
}

/** Of each board the row that was changed last; a session number is never given twice. */
function mergeBoards(
  files: readonly Snapshot[],
  names: readonly [string, string],
  owner: string | null,
): RevisedBoardRow[] {
  const stored = files.flatMap((file) => file.boards);
  const strangers = stored.filter((row) => !names.includes(row.board)).map((row) => row.board);
  if (strangers.length > 0 || (owner !== null && !names.includes(owner))) {
    throw new CopycatError(
      'LEDGER_UNAVAILABLE',
      `The ledger belongs to a pair with the board ${strangers[0] ?? owner}, the configuration names ${names.join(' and ')}. Name another ledger, or give the boards their old names.`,
      { value: strangers[0] ?? owner, expected: names.join(', ') },
    );
  }
  return names.map((board) => {
    const rows = stored.filter((row) => row.board === board);
    const first: RevisedBoardRow = { board, standing: 'in-sync', session: 0, boot: null, exits: [], revision: 0 };
    const last = rows.reduce((best, next) => (next.revision > best.revision ? next : best), rows[0] ?? first);
    return { ...last, session: Math.max(0, ...rows.map((row) => row.session)) };
  });
}

/** By fault; ended when either file says so. In the order of their epochs. */
function mergeTakeovers(files: readonly Snapshot[]): Alignment['takeovers'] {
  const byFault = new Map<number, Alignment['takeovers'][number]>();
  for (const takeover of files.flatMap((file) => file.takeovers)) {
    const known = byFault.get(takeover.faultId);
    const ended = takeover.ended || known?.ended === true;
    byFault.set(takeover.faultId, { ...takeover, ended, reason: takeover.reason ?? known?.reason ?? null });
  }
  return [...byFault.values()].sort((one, other) => one.epoch - other.epoch);
}
