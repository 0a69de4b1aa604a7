import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { findingLine } from '#built/ledger/verify/finding.js';
import { verifyLedger } from '#built/ledger/verify/verify-ledger.js';
import { SeededRandom } from '../../../src/random/seeded-random.js';
import { type Damage, damage } from './damage.js';
import { judgeRecords } from './judge-records.js';
import { StormClient } from './storm-client.js';
import { StormMachine } from './storm-machine.js';

export interface StormPlan {
  readonly seed: number;
  /** Gateways that are killed, each at a random instant. */
  readonly kills: number;
  /** Of the pauses between two gateways so many have files damaged in them. */
  readonly damages: number;
  readonly durability: 'process' | 'power';
  readonly impatient: number;
  readonly inFlight: number;
}

export interface StormReport {
  readonly wrong: readonly string[];
  readonly log: readonly string[];
  readonly answered: { readonly polite: number; readonly all: number };
  readonly refusals: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** Times that a person had to do what a stopped pair named. */
  readonly visits: number;
}

/** What comes of a gateway that was killed, of files that were damaged, and of a machine that is busy. No board is named. */
const BLAMELESS = [
  'gateway-restarted',
  'host-restarted',
  'pair-restarted',
  'link-degraded',
  'not-recorded',
  'ledger-tail-lost',
];
/** A limit that only ends a test which would fail anyway. */
const LOOKS = 600;
const POLL_EVERY_MS = 200;
const MOST_ANSWERS_A_LIFE = 60;

/** A storm of clients, kills and damages, bounded by counts, and what is wrong after it. */
export class Storm {
  readonly #machine = new StormMachine();
  readonly #random: SeededRandom;
  readonly #clients: readonly StormClient[];
  readonly #polite: StormClient;
  readonly #wrong: string[] = [];
  readonly #log: string[] = [];
  readonly #lossy = new Set<number>();
  /** Findings that changed pages have left in the ledger for good. */
  readonly #scars = new Set<string>();
  #faults = new Map<number, string>();
  #last: Damage | null = null;
  #visits = 0;

  constructor(private readonly plan: StormPlan) {
    this.#random = new SeededRandom(plan.seed);
    const of = (name: string, inFlight: number, isPolite: boolean): StormClient =>
      new StormClient(name, inFlight, isPolite, new SeededRandom(this.#random.nextU32()));
    this.#polite = of('polite', 1, true);
    const impatient = Array.from({ length: plan.impatient }, (_, n) => of(`impatient${n}`, plan.inFlight, false));
    this.#clients = [this.#polite, ...impatient];
  }

  async play(): Promise<StormReport> {
    const { kills, damages } = this.plan;
    try {
      await this.#machine.setUp(this.plan.durability);
      for (let kill = 0; kill < kills && this.#wrong.length === 0; kill++) {
        await this.#live();
        await this.#end();
        const isDamaged = Math.floor(((kill + 1) * damages) / kills) > Math.floor((kill * damages) / kills);
        if (isDamaged) this.#damage();
      }
      if (this.#wrong.length === 0) await this.#calm();
      const sent = this.#clients.flatMap((client) => [...client.sent.values()]);
      if (this.#wrong.length === 0) this.#wrong.push(...judgeRecords(sent, this.#lossy));
      return this.#report();
    } finally {
      for (const client of this.#clients) client.disconnect();
      await this.#machine.dispose();
    }
  }

  /** One gateway, up to the instant at which it is killed: before it serves, or some answers after. */
  async #live(): Promise<void> {
    await this.#begin();
    if (this.#random.nextBelow(5) === 0) return this.#moment(400);
    await this.#serves();
    await this.#answers(this.#random.nextBelow(MOST_ANSWERS_A_LIFE));
    await this.#moment(20);
  }

  async #begin(): Promise<void> {
    const port = await this.#machine.start();
    for (const client of this.#clients) client.connect(port, this.#machine.life);
  }

  async #end(): Promise<void> {
    await this.#machine.kill();
    for (const client of this.#clients) client.disconnect();
    this.#log.push(`life ${this.#machine.life}: ${this.#clients.map(({ answered }) => answered).join(' ')} answered`);
    this.#judgeLedger();
    this.#last = null;
  }

  #damage(): void {
    this.#last = damage(this.#machine, this.#random);
    this.#lossy.add(this.#machine.life + 1);
    this.#log.push(this.#last.what);
  }

  /** Nothing new is asked; what is open is answered. Then the ledger is looked at beside its gateway. */
  async #calm(): Promise<void> {
    await this.#begin();
    for (const client of this.#clients) client.finish();
    await this.#look(() => this.#clients.every(({ open }) => open === 0), 'all is answered at the end');
    this.#judgeLedger();
    await this.#end();
  }

  /** R10, R25: a pair whose boards are sound serves again, if need be after a person did what the stop named. */
  async #serves(): Promise<void> {
    const before = this.#sum();
    await this.#look(() => this.#sum() > before, 'the pair serves');
  }

  async #answers(count: number): Promise<void> {
    const before = this.#sum();
    await this.#look(() => this.#sum() >= before + count, `${count} more answers`);
  }

  #sum(): number {
    return this.#clients.reduce((sum, { answered }) => sum + answered, 0);
  }

  async #look(isSo: () => boolean, what: string): Promise<void> {
    if (this.#wrong.length > 0) return;
    for (let look = 0; look < LOOKS; look++) {
      for (let tries = 0; tries < 10; tries++) {
        if (isSo()) return;
        await new Promise((done) => setTimeout(done, POLL_EVERY_MS / 10));
      }
      if (look % 5 === 4) await this.#visit();
    }
    const status = JSON.stringify(await this.#machine.status());
    this.#wrong.push(`life ${this.#machine.life}: it never came that ${what}: ${status}\n${this.#machine.said}`);
  }

  /** A person who looks at the status of a stopped pair, and does what it says. */
  async #visit(): Promise<void> {
    const status = await this.#machine.status();
    if (status?.phase !== 'stopped') return;
    const commands = (status.next?.commands ?? []).filter((command) => /^(resume|rejoin|inputs drop)\b/.test(command));
    this.#visits++;
    this.#log.push(`life ${this.#machine.life}: stopped, ${status.why}; ${commands.join('; ')}`);
    if (commands.length === 0) this.#wrong.push(`stopped, and nothing is named: ${JSON.stringify(status)}`);
    for (const command of commands) this.#log.push(await this.#machine.run(...command.split(' ')));
  }

  #moment(mostMs: number): Promise<void> {
    return new Promise((done) => setTimeout(done, this.#random.nextBelow(mostMs)));
  }

  #judgeLedger(): void {
    const { ledger, life } = this.#machine;
    const wasInPages = this.#last?.isInPages === true;
    for (const finding of verifyLedger(ledger).findings) {
      const line = findingLine(finding);
      if (wasInPages) this.#scars.add(line);
      if (!this.#scars.has(line)) this.#wrong.push(`life ${life}: ${line}`);
    }
    const reader = openLedgerReader(ledger);
    const listed = reader.listFaults();
    reader.close();
    const faults = new Map(listed.map(({ id, code }) => [id, code]));
    if (this.#last?.what.includes(ledger) !== true) {
      for (const [id, code] of this.#faults) {
        if (faults.get(id) !== code) this.#wrong.push(`life ${life}: fault ${id} (${code}) is gone`);
      }
    }
    for (const { id, code, evidence } of listed) {
      if (BLAMELESS.includes(code) || this.#faults.has(id)) continue;
      this.#wrong.push(`life ${life}: fault ${id} is ${code}: ${JSON.stringify(evidence)}\n${this.#machine.said}`);
    }
    this.#faults = faults;
  }

  #report(): StormReport {
    const refusals: Record<string, number> = {};
    for (const client of this.#clients) {
      for (const [code, count] of client.refusals) refusals[code] = (refusals[code] ?? 0) + count;
    }
    const faults: Record<string, number> = {};
    for (const code of this.#faults.values()) faults[code] = (faults[code] ?? 0) + 1;
    const answered = { polite: this.#polite.answered, all: this.#sum() };
    return { wrong: this.#wrong, log: this.#log, answered, refusals, faults, visits: this.#visits };
  }
}
