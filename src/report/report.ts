import { isEvent } from '../faults/catalogue/events.js';
import type { StoredFault } from '../faults/stored-fault.js';
import { titleOf } from '../faults/story.js';
import type { ChronicleEntry, StoredChronicle } from '../ledger/reader/read-chronicle.js';
import { reckonTime, type Stood, type Stretch } from './reckon-time.js';

export interface ReportRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An unplanned change of primary. */
export interface ReportedTakeover {
  readonly fault: number;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  /** From the evidence to the first answer of the new primary; null: there was none. */
  readonly tookMs: number | null;
  readonly relayMoveMs: number | null;
  readonly proved: boolean | null;
}

export interface ReportedMove {
  readonly fault: number;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** From the command to the contact, as its feedback showed it; null: it did not move, or there is none. */
  readonly relayMoveMs: number | null;
  readonly proved: boolean | null;
}

export interface ReportedDeed {
  readonly at: string;
  /** `switch`, `rejoin b` */
  readonly asked: string;
  /** Null: it is not known. */
  readonly by: string | null;
  readonly result: string;
  readonly text: string;
}

export interface ReportedTest extends ReportedDeed {
  readonly moves: readonly ReportedMove[];
}

export interface ReportedStart {
  readonly at: string;
  readonly version: string;
  readonly configHash: string;
  /** Hashes of the programs, by board. */
  readonly images: Readonly<Record<string, string>>;
}

export interface ReportedClosing {
  readonly fault: number;
  readonly closedAt: string;
  readonly what: string;
  readonly by: string | null;
}

export interface ReportedFault {
  readonly fault: number;
  readonly at: string;
  readonly what: string;
  readonly repeats: number;
  readonly closedAt: string | null;
}

/** What a night shift hands over, and an auditor asks for; from the ledger alone. Times are ISO 8601 in UTC. */
export interface Report {
  readonly ledger: string;
  readonly from: string;
  readonly to: string;
  /** Milliseconds; together they are the whole time. */
  readonly stood: Readonly<Record<Stood, number>>;
  readonly stretches: readonly { readonly stood: Stood; readonly from: string; readonly to: string }[];
  readonly takeovers: readonly ReportedTakeover[];
  readonly switchovers: readonly ReportedMove[];
  readonly proofTests: readonly ReportedTest[];
  readonly deeds: readonly ReportedDeed[];
  readonly closings: readonly ReportedClosing[];
  readonly starts: readonly ReportedStart[];
  /** What the last start before that time had begun with; null: it is not known. */
  readonly before: ReportedStart | null;
  readonly faults: readonly ReportedFault[];
}

/** What the gateway does by itself has no time of its own: so long before its end its moves are looked for. */
const TEST_WITHIN_MS = 30_000;

export function makeReport(
  ledger: string,
  { chronicle, faults }: { readonly chronicle: StoredChronicle; readonly faults: Iterable<StoredFault> },
  range: ReportRange,
): Report {
  const isIn = (atMs: number): boolean => atMs >= range.fromMs && atMs <= range.toMs;
  const known = [...faults];
  const inTime = known.filter(({ wallTime }) => isIn(Date.parse(wallTime)));
  const entries = chronicle.entries.filter(({ atMs }) => isIn(atMs));
  const stretches = reckonTime(chronicle, range);
  const switchovers = inTime.filter(({ code }) => code === 'switched-over').map(moveOf);
  const asked = entries.filter(({ what }) => what === 'asked');
  const starts = startsOf(chronicle.entries);
  return {
    ...{ ledger, from: iso(range.fromMs), to: iso(range.toMs), switchovers },
    stood: totals(stretches),
    stretches: stretches.map(({ stood, fromMs, toMs }) => ({ stood, from: iso(fromMs), to: iso(toMs) })),
    takeovers: inTime.flatMap((fault) => takeoverOf(fault) ?? []),
    proofTests: asked.filter(isTest).map((entry) => ({ ...deedOf(entry), moves: movesIn(switchovers, entry) })),
    deeds: asked.filter((entry) => !isTest(entry)).map(deedOf),
    closings: known.flatMap((fault) => closingOf(fault, isIn) ?? []),
    starts: starts.filter(({ at }) => isIn(Date.parse(at))),
    before: starts.findLast(({ at }) => Date.parse(at) < range.fromMs) ?? null,
    faults: inTime
      .filter((fault) => !isEvent(fault))
      .map((fault) => ({
        ...{ fault: fault.id, at: fault.wallTime, what: titleOf(fault) },
        ...{ repeats: fault.repeats, closedAt: fault.closedAt },
      })),
  };
}

function totals(stretches: readonly Stretch[]): Record<Stood, number> {
  const sum = { protected: 0, 'not-protected': 0, stopped: 0, 'not-running': 0, 'not-known': 0 };
  for (const { stood, fromMs, toMs } of stretches) sum[stood] += toMs - fromMs;
  return sum;
}

function takeoverOf(fault: StoredFault): ReportedTakeover | null {
  const fenced = fault.timeline.find(({ step }) => step === 'fenced');
  if (fenced === undefined || fault.code === 'switched-over' || isEvent(fault)) return null;
  const from = String(fenced.detail['lockedOut'] ?? fault.board ?? 'unknown');
  const move = moveOf(fault);
  const answered = atUsOf(fault, 'first-answer');
  return {
    ...{ fault: fault.id, at: fault.wallTime, from, to: move.to, cause: titleOf(fault) },
    tookMs: answered === null ? null : (answered - fault.atUs) / 1000,
    ...{ relayMoveMs: move.relayMoveMs, proved: move.proved },
  };
}

function moveOf(fault: StoredFault): ReportedMove {
  const commanded = atUsOf(fault, 'relay-commanded');
  const moved = fault.timeline.find(({ step }) => step === 'relay-moved');
  const to = fault.timeline.find(({ detail }) => detail['to'] !== undefined)?.detail['to'] ?? fault.evidence['to'];
  return {
    ...{ fault: fault.id, at: fault.wallTime },
    from: String(fault.evidence['from'] ?? fault.board ?? 'unknown'),
    to: String(to ?? 'unknown'),
    relayMoveMs: commanded === null || moved === undefined ? null : (moved.atUs - commanded) / 1000,
    proved: moved === undefined ? null : moved.detail['proved'] === true,
  };
}

function atUsOf({ timeline }: StoredFault, wanted: string): number | null {
  return timeline.find(({ step }) => step === wanted)?.atUs ?? null;
}

function isTest({ detail }: ChronicleEntry): boolean {
  return detail['command'] === 'relay-test';
}

function movesIn(switchovers: readonly ReportedMove[], { atMs, detail }: ChronicleEntry): readonly ReportedMove[] {
  const tookMs = detail['by'] === 'relay.prove-every' ? TEST_WITHIN_MS : Number(detail['tookMs'] ?? 0) + 1000;
  return switchovers.filter(({ at }) => Date.parse(at) >= atMs - tookMs && Date.parse(at) <= atMs);
}

function deedOf({ atMs, detail }: ChronicleEntry): ReportedDeed {
  const { command, by, result, text, tookMs: _, leftOut: __, ...more } = detail;
  return {
    at: iso(atMs),
    asked: [command, ...Object.values(more)].map(String).join(' '),
    by: typeof by === 'string' ? by : null,
    ...{ result: String(result ?? ''), text: String(text ?? '') },
  };
}

/** A start, with what its boards then said that they run. */
function startsOf(entries: readonly ChronicleEntry[]): ReportedStart[] {
  const starts: ReportedStart[] = [];
  for (const { what, atMs, detail } of entries) {
    const last = starts.at(-1);
    if (what === 'started') {
      const { version, configHash } = detail;
      starts.push({ at: iso(atMs), version: String(version), configHash: String(configHash), images: {} });
    } else if (what === 'images' && last !== undefined) {
      const images = Object.fromEntries(Object.entries(detail).map(([board, image]) => [board, String(image)]));
      starts.splice(-1, 1, { ...last, images: { ...last.images, ...images } });
    }
  }
  return starts;
}

function closingOf(fault: StoredFault, isIn: (atMs: number) => boolean): ReportedClosing | null {
  const { closedAt, timeline } = fault;
  if (closedAt === null || isEvent(fault) || !isIn(Date.parse(closedAt))) return null;
  const by = timeline.find(({ step }) => step === 'closed')?.detail['by'];
  return { fault: fault.id, closedAt, what: titleOf(fault), by: typeof by === 'string' ? by : null };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
