import type { LedgerRequest } from '../../pair/effects.js';
import type { LedgerAnswer } from '../../pair/events.js';
import type { LedgerRows } from '../../pair/ledger-rows.js';
import type { Dice } from '../dice.js';
import type { Schedule } from '../schedule.js';
import { MemoryLedger } from './memory-ledger.js';
import type { StorageTrouble, WorldLedger } from './world-ledger.js';

export class TimedMemoryLedger implements WorldLedger {
  onWritten: WorldLedger['onWritten'] = () => undefined;
  readonly #memory: MemoryLedger;
  #heard: (answer: LedgerAnswer) => void = () => undefined;
  #waiting: LedgerRequest[] = [];
  #underWay = false;
  #life = 0;
  #untilUs = 0;

  constructor(
    boards: readonly string[],
    owner: string,
    private readonly schedule: Schedule,
    private readonly dice: Dice,
  ) {
    this.#memory = new MemoryLedger(boards, owner, () => schedule.nowUs);
  }

  open(heard: (answer: LedgerAnswer) => void): LedgerRows {
    this.#heard = heard;
    return this.#memory.rows();
  }

  submit(request: LedgerRequest): void {
    this.#waiting.push(request);
    this.#next();
  }

  kill(): void {
    this.#life++;
    this.#waiting = [];
    this.#underWay = false;
  }

  losePower(): void {
    this.#memory.losePower(this.#memory.journal);
  }

  trouble(_kind: StorageTrouble, forUs: number): void {
    this.#untilUs = Math.max(this.#untilUs, this.schedule.nowUs + forUs);
  }

  #next(): void {
    if (this.#underWay || this.#waiting.length === 0) return;
    this.#underWay = true;
    const life = this.#life;
    const atUs = Math.max(this.#untilUs, this.schedule.nowUs) + this.dice.vary(400);
    this.schedule.at(atUs, () => {
      if (life !== this.#life) return;
      const answers: LedgerAnswer[] = [];
      for (const request of this.#waiting.splice(0)) {
        const answer = this.#memory.apply(request);
        this.onWritten(request, answer);
        if (answer !== null) answers.push(answer);
      }
      this.#underWay = false;
      for (const answer of answers) this.#heard(answer);
      this.#next();
    });
  }
}
