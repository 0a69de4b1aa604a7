import type { Setting } from '../../../pair/result/messages.js';
import { exceptionIn } from '../../../protocol/modbus/answer.js';
import { EXCEPTION, FUNCTION } from '../../../protocol/modbus/function-codes.js';
import {
  type IdentificationObject,
  identificationIn,
  identificationRequest,
} from '../../../protocol/modbus/identification.js';
import type { IdentityCode } from '../modbus-options.js';
import type { Ended, Work } from './work.js';

/** A busy slave, or one whose answer is lost, is asked again; one that says nothing to this so often has nothing to say. */
const MOST_TRIES = 3;
/** Answers that say that more follows: three objects need no more. */
const MOST_ROUNDS = 8;
const NAMES: readonly string[] = ['vendor', 'product code', 'revision'];

/** R25: a slave is asked who it is. One that does not know the question has no identity, and nothing is held against it. */
export class IdentityWork implements Work {
  readonly key = 'identity';
  readonly isBroadcast = false;
  isAskedAgain = false;
  #request: Uint8Array | null;
  #settings: Setting[] = [];
  #rounds = 0;
  #tries = 0;

  constructor(
    readonly session: number,
    private readonly code: IdentityCode,
  ) {
    this.#request = code === 'device' ? identificationRequest(0) : Uint8Array.of(FUNCTION.reportServerId);
  }

  /** What it has said. */
  get settings(): readonly Setting[] {
    return this.#settings;
  }

  next(): Uint8Array | null {
    return this.#request;
  }

  take(answer: Uint8Array): void {
    const exception = exceptionIn(answer);
    if (exception === EXCEPTION.serverDeviceBusy) return this.#askAgain();
    if (exception !== null) return this.#giveUp();
    if (this.code === 'device') return this.#takeObjects(answer);
    this.#settings = [{ asked: 'server id', answer: hexOf(answer.subarray(2)) }];
    this.#request = null;
  }

  noteLost(): void {
    this.#askAgain();
  }

  end(executionCount: number): Ended {
    return { message: null, executionCount };
  }

  #takeObjects(answer: Uint8Array): void {
    const { objects, next } = identificationIn(answer);
    this.#settings.push(...objects.map(settingOf));
    this.#request = next === null || ++this.#rounds >= MOST_ROUNDS ? null : identificationRequest(next);
  }

  #askAgain(): void {
    if (++this.#tries >= MOST_TRIES) this.#giveUp();
  }

  #giveUp(): void {
    this.#settings = [];
    this.#request = null;
  }
}

function settingOf({ id, value }: IdentificationObject): Setting {
  return { asked: NAMES[id] ?? `object ${id}`, answer: textOf(value) };
}

/** What is no text is told by its number. */
function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${hexOf(Uint8Array.of(byte))}`,
  ).join('');
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
