import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Command, CommandOutcome } from '../control/contract/command.js';
import { BrokenInvariant } from '../pair/invariants/broken-invariant.js';
import type { FaultDetail, PairEffect } from '../pair/state/effects.js';
import type { OwnMistake } from '../pair/state/events.js';
import type { GatewayParts } from './parts.js';

/** A start that lives for less has failed of what it was started with. */
const FRESH_START_US = 60_000_000;
const MOST_CHARACTERS = 2_000;
/** Time for an answer to leave, before the gateway ends. */
const ANSWER_LEAVES_US = 200_000;

interface Remembered {
  /** Mistakes in a row, of which each but the first came within a minute of a start. */
  readonly inARow: number;
  /** The fault of it has gone to the ledger. */
  readonly told: boolean;
  readonly evidence: FaultDetail;
}

/**
 * R30: what a gateway found wrong with itself, for the one that is started after it. It lies beside the ledger and not in
 * it: the ledger may be what is damaged, and its thread has no time any more when the process ends at once.
 */
export class OwnMistakes {
  readonly #path: string;
  /** This gateway was started because the one before it found something. */
  readonly #isFreshStart: boolean;
  #remembered: Remembered | null;

  /** `fresh`: the ledger is new, and what was found with the one before it says nothing of it. */
  constructor(
    ledgerPath: string,
    fresh: boolean,
    private readonly startedAtUs: number,
    private readonly log: Logger,
  ) {
    this.#path = mistakePathOf(ledgerPath);
    this.#remembered = readRemembered(this.#path);
    if (fresh && this.#remembered !== null) this.forget();
    this.#isFreshStart = this.#remembered?.told === false;
  }

  /** What the core is to be told as it starts; undefined: nothing. */
  get last(): OwnMistake | undefined {
    if (this.#remembered === null || (this.#remembered.told && !this.cameAgain)) return undefined;
    return { again: this.cameAgain, evidence: this.#remembered.evidence };
  }

  /** The same again, soon after a fresh start: another one would help nobody. */
  get cameAgain(): boolean {
    return (this.#remembered?.inARow ?? 0) > 1;
  }

  /** One sentence of what was found. */
  get sentence(): string {
    const { promise, found } = this.#remembered?.evidence ?? {};
    return [promise, found].filter((part) => typeof part === 'string').join('; found was: ');
  }

  remember(error: unknown, nowUs: number): void {
    const cameSoon = this.#isFreshStart && nowUs - this.startedAtUs < FRESH_START_US;
    const inARow = cameSoon ? (this.#remembered?.inARow ?? 0) + 1 : 1;
    this.#write({ inARow, told: false, evidence: evidenceOf(error) });
  }

  noteTold(): void {
    if (this.#remembered !== null && !this.#remembered.told) this.#write({ ...this.#remembered, told: true });
  }

  see(effect: PairEffect): void {
    if (effect.type === 'recordStopped' && !effect.stopped) this.forget();
  }

  /** A person has the pair go on: what is found from now on is looked at anew. */
  forget(): void {
    this.#remembered = null;
    this.#keep(() => rmSync(this.#path, { force: true }));
  }

  #write(remembered: Remembered): void {
    this.#remembered = remembered;
    this.#keep(() => writeWhole(this.#path, JSON.stringify(remembered)));
  }

  /** Where it cannot be kept, the log has it all the same. */
  #keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.log.error({ err: error }, 'what Copycat found wrong with itself cannot be kept for the next start');
    }
  }
}

/** Whole or not at all, and on the disk before the process ends. */
function writeWhole(path: string, text: string): void {
  const written = `${path}.new`;
  const file = openSync(written, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(written, path);
}

export function mistakePathOf(ledgerPath: string): string {
  return `${resolve(ledgerPath)}.own-mistake`;
}

/** What a person can do something with; for the fault, and for the log. */
export function evidenceOf(error: unknown): FaultDetail {
  if (error instanceof BrokenInvariant) return error.evidence;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [found = '', where = ''] = stack.split('\n');
  return { found: found.slice(0, MOST_CHARACTERS), where: where.trim().slice(0, MOST_CHARACTERS) };
}

/** R30: the core is not asked any more; what a person can still have is another fresh start. */
export function answerAfterMistake(
  { command }: Command,
  mistakes: OwnMistakes,
  { clock, end }: Pick<GatewayParts, 'clock' | 'end'>,
): CommandOutcome {
  if (command !== 'resume') {
    return { refused: 'Copycat found a mistake of its own and does nothing any more: see copycat status.' };
  }
  mistakes.forget();
  clock.alarm(clock.nowUs() + ANSWER_LEAVES_US, end);
  return { done: 'The gateway ends, and begins anew where something starts it again (the service does).' };
}

/** A file that cannot be read, or is not whole, tells nothing. */
function readRemembered(path: string): Remembered | null {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRemembered(read) ? read : null;
  } catch {
    return null;
  }
}

function isRemembered(read: unknown): read is Remembered {
  if (typeof read !== 'object' || read === null) return false;
  const { inARow, told, evidence } = read as Partial<Remembered>;
  const isDetail = typeof evidence === 'object' && evidence !== null;
  return typeof inARow === 'number' && typeof told === 'boolean' && isDetail;
}
