import type { NoticedFault } from '../../control/contract/hand.js';
import { causeInBrief } from '../../faults/in-brief.js';

/** A longer line is none of the gateway's. */
const LONGEST_LINE = 0x10000;
/** A hand is watched for seconds; more is told in no story of it. */
const MOST_FAULTS = 32;

export interface Heard {
  /** Each once, in the order in which they were told. */
  readonly faults: NoticedFault[];
  /** Lines that a person was told: faults, and what came of them. */
  lines: number;
}

/** Hears in a gateway's log which faults it has told (src/gateway/log/fault-teller.ts), under the numbers of its ledger. */
export class ToldFaults {
  #rest = '';
  #heard: Heard = { faults: [], lines: 0 };

  /** What is told from now on, until the next one begins. */
  begin(): Heard {
    this.#heard = { faults: [], lines: 0 };
    return this.#heard;
  }

  hear(chunk: Buffer | string): void {
    const lines = (this.#rest + String(chunk)).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const told = toldIn(line);
    if (told === null) return;
    const heard = this.#heard;
    heard.lines++;
    const { fault, msg } = told;
    const isKnown = fault === null || heard.faults.some((one) => one.fault === fault);
    if (isKnown || heard.faults.length >= MOST_FAULTS) return;
    heard.faults.push({ fault, what: causeInBrief(msg) });
  }
}

function toldIn(line: string): { readonly fault: number | null; readonly msg: string } | null {
  if (!line.includes('"told":true')) return null;
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read !== 'object' || read === null || !('msg' in read) || typeof read.msg !== 'string') return null;
    return { fault: 'fault' in read && typeof read.fault === 'number' ? read.fault : null, msg: read.msg };
  } catch {
    return null; // a line of somebody else
  }
}
