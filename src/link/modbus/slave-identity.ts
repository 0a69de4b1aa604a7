import type { Setting } from '../../pair/result/messages.js';
import type { IdentityCode } from './modbus-options.js';
import { IdentityWork } from './work/identity-work.js';

/** What a slave has said of who it is, and when it is asked: in each opening of its link, and anew at each join (R25). */
export class SlaveIdentity {
  /** Null: it has not been asked. */
  #settings: readonly Setting[] | null = null;
  /** It has said so since the last session was opened. */
  #isNew = false;

  /** @param code null: it is not asked */
  constructor(private readonly code: IdentityCode | null) {}

  get settings(): readonly Setting[] {
    return this.#settings ?? [];
  }

  /** Null: there is nothing to ask. */
  question(session: number): IdentityWork | null {
    return this.code === null || this.#settings !== null ? null : new IdentityWork(session, this.code);
  }

  sessionOpens(isJoin: boolean): void {
    if (isJoin && !this.#isNew) this.#settings = null;
    this.#isNew = false;
  }

  answered({ settings }: IdentityWork): void {
    this.#settings = settings;
    this.#isNew = true;
  }

  forget(): void {
    this.#settings = null;
    this.#isNew = false;
  }
}
