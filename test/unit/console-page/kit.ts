import type { Fault, PageStatus } from '../../../src/console/page/net/shapes.js';
import { statusWith as standsWith } from '../status-kit.js';

/** A pair that stands well, and what of it is different here. */
export function statusWith(changes: Partial<PageStatus>): PageStatus {
  return { ...standsWith(), coreAgeMs: 0, isStale: false, ...changes };
}

export function boardWith(
  board: string,
  changes: Partial<PageStatus['boards'][number]> = {},
): PageStatus['boards'][number] {
  return {
    ...{ board, role: board === 'a' ? 'primary' : 'backup', joining: null, image: 1, link: 'open', session: 1 },
    ...{ behind: 0, counters: {}, live: null },
    ...changes,
  };
}

export function faultWith(changes: Partial<Fault>): Fault {
  return {
    ...{ id: 1, code: 'silent', title: 'board a stopped answering', board: 'a', seq: 7, atUs: 1_000_000 },
    ...{ wallTime: '2026-12-01T10:00:00.000Z', wallTimeTrusted: true, bootId: 'boot', evidence: {}, timeline: [] },
    ...{ input: null, event: false, closedAt: null, repeats: 0 },
    ...changes,
  };
}
