import { openSimulatedLedger, type SimulatedLedger } from '../../ledger/simulated/simulated-ledger.js';
import type { StoreName, StoreTrouble, WriteDelay } from '../../ledger/simulated/write-delay.js';
import { findingLine } from '../../ledger/verify/finding.js';
import type { StoreAnswer, StoreRequest } from '../../ledger/worker/store-messages.js';
import type { LedgerRows } from '../../pair/result/ledger-rows.js';
import type { LedgerRequest } from '../../pair/state/effects.js';
import type { LedgerAnswer } from '../../pair/state/events.js';
import { clockOf, type Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';

export interface WorldLedgerOptions {
  readonly boards: readonly [string, string];
  readonly durability: 'process' | 'power';
}

/** The file that decides about inputs, the one that outlives the host, or both. */
export type LostTail = 'deciding' | 'disk' | 'both';

/** The fault was in the one file, and what it began is known from the other. */
const LOST_WITH_A_TAIL: readonly string[] = ['takeover-without-a-fault'];

/** Told of every batch that a file has taken, in that order. `decides`: it is the file that decides commits and fences. */
export type WrittenListener = (
  decides: boolean,
  requests: readonly StoreRequest[],
  answers: readonly StoreAnswer[],
  refusals: readonly string[],
) => void;

/** How much longer a slow file takes. */
const SLOW_FACTOR = 40;
const HOT_US = 500;
const DISK_US = 4_000;

/** The ledger's real SQL on the world's clock; its gateways come and go, its host may lose power. */
export class WorldLedger {
  readonly #ledger: SimulatedLedger;
  readonly #slowUntilUs = { hot: 0, disk: 0 };
  #heard: (answer: LedgerAnswer) => void = () => undefined;

  constructor(
    private readonly options: WorldLedgerOptions,
    private readonly schedule: Schedule,
    private readonly random: SeededChoices,
    written: WrittenListener,
  ) {
    const { boards, durability } = options;
    this.#ledger = openSimulatedLedger({
      ...{ boards, durability, firstOwner: boards[0], keepInputs: 2_000, keepFaults: 200 },
      clock: clockOf(schedule),
      // The judge keeps what it needs by itself.
      audited: false,
      delayOf: (store) => this.#delay(store),
      onWritten: (store, ...batch) => written(store === 'hot' || durability === 'power', ...batch),
      survivesPowerCut: () => random.oneIn(2),
    });
    this.#ledger.kill();
    this.#ledger.answers.subscribe((answer) => this.#heard(answer));
  }

  /** A gateway starts. Null while a file is in trouble: it ends then, and is started again. */
  open(heard: (answer: LedgerAnswer) => void): LedgerRows | null {
    this.#heard = heard;
    if (this.#troubled.size > 0) return null;
    return this.#ledger.reopen();
  }

  submit(request: LedgerRequest): void {
    this.#ledger.submit(request);
  }

  /** The gateway died; what no transaction had taken is gone. */
  kill(): void {
    this.#ledger.kill();
  }

  /** The host lost power, and the ledger its tail. */
  losePower(): void {
    this.#ledger.losePower();
  }

  /** One line for each rule that the files themselves show to be broken, but for what is so because a file has lost its tail. */
  findings(hasLostTail: boolean): readonly string[] {
    const findings = this.#ledger.verify();
    return findings.filter(({ code }) => !hasLostTail || !LOST_WITH_A_TAIL.includes(code)).map(findingLine);
  }

  /** What is written from now on is lost when the gateway dies: of the file that decides, of the disk's, or of both. */
  startLosing(which: LostTail): void {
    const decides = this.options.durability === 'power' ? 'disk' : 'hot';
    if (which !== 'disk') this.#ledger.startLosing(decides);
    if (which !== 'deciding') this.#ledger.startLosing('disk');
  }

  /** The gateway died, and what `startLosing` said is gone. `both`: it was in memory alone, and the next start is told so. */
  killAndLose(which: LostTail): void {
    this.#ledger.killAndLoseTails(which === 'both');
  }

  get isTroubled(): boolean {
    return this.#troubled.size > 0;
  }

  /** For a while something is wrong with one of the files. */
  trouble(kind: StoreTrouble | 'slow', store: StoreName, forUs: number): void {
    const name = this.options.durability === 'power' ? 'disk' : store;
    if (kind === 'slow') {
      this.#slowUntilUs[name] = this.schedule.nowUs + forUs;
      return;
    }
    this.#ledger.setTrouble(name, kind);
    const troubled = {};
    this.#troubled.set(name, troubled);
    this.schedule.after(forUs, () => {
      if (this.#troubled.get(name) !== troubled) return;
      this.#troubled.delete(name);
      this.#ledger.setTrouble(name, null);
    });
  }

  close(): void {
    // It has nothing to wait for.
    void this.#ledger.close();
  }

  readonly #troubled = new Map<StoreName, object>();

  #delay(store: StoreName): WriteDelay {
    const usual = this.random.vary(store === 'hot' ? HOT_US : DISK_US);
    const answeredUs = this.schedule.nowUs < this.#slowUntilUs[store] ? usual * SLOW_FACTOR : usual;
    return { writtenUs: Math.floor(answeredUs / 2), answeredUs };
  }
}
