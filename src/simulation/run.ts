import { heldAnswers } from '../pair/input/agreement.js';
import { BrokenInvariant } from '../pair/invariants/broken-invariant.js';
import { disputedIn } from '../pair/state/disputed-result.js';
import { isProtected, otherOf, primaryOf } from '../pair/state/roles.js';
import { THIRD } from './boards/copy-name.js';
import { Coverage } from './coverage.js';
import type { PlannedFault } from './faults/fault-kinds.js';
import type { Broken } from './judge/invariants.js';
import { Judge } from './judge/judge.js';
import type { RunJudge } from './judge/run-judge.js';
import { UnmodifiedJudge } from './judge/unmodified/unmodified-judge.js';
import { phaseOf } from './phase.js';
import type { Round, RunPlan } from './plan.js';
import { SeededChoices } from './seeded-choices.js';
import type { Trace } from './trace.js';
import { harnessWorld } from './world/harness-world.js';
import { unmodifiedWorld } from './world/unmodified-world.js';
import { type AnyWorld, BOARD_NAMES, type BoardName } from './world/world.js';
import { worldOptionsOf } from './world/world-options.js';

const WORK_STREAM = 8;
const ROUND_US = 3_000_000;
/** Damage that nobody has noticed yet shows at the next probe (R16, R29): so long must all have been well. */
const WELL_FOR_VISITS = 4;
const NOTICED_WITHIN_VISITS = 20;
const FIRST_VISIT = 4;
const STATE_GIVEN_UP_AFTER = 10;
/** Of a round's inputs; the others come while the pair is repaired. */
const SENT_AT_FIRST = 0.6;
const LATER_EVERY_US = 30_000;
const REPAIR_EVERY_US = 100_000;
/** Where a pair holds what nobody confirms, a person has to come for nearly every input. */
const MOST_REPAIRS = 250;

export interface RunOutcome {
  readonly seed: number;
  readonly broken: Broken | null;
  readonly coverage: Coverage;
}

/** Plays one plan; the same plan gives the same run. */
export class Run {
  readonly coverage = new Coverage();
  readonly #work: SeededChoices;
  readonly #judge: RunJudge;
  #inputs = 0;
  #sentInRound = 0;
  #wanted = 0;
  #armed: PlannedFault[] = [];
  #striking = false;

  constructor(
    readonly plan: RunPlan,
    private readonly trace: Trace | null = null,
  ) {
    this.#work = new SeededChoices(plan.seed, WORK_STREAM);
    this.#judge = this.#newJudge();
  }

  get world(): AnyWorld {
    return this.#judge.world;
  }

  play(): RunOutcome {
    try {
      this.#begin();
      for (const round of this.plan.rounds) {
        if (this.#judge.broken !== null) break;
        this.#play(round);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof BrokenInvariant) this.#judge.breaks('coreInvariantsHold', brokenText(error));
      else this.#judge.breaks('gatewayNeverFails', error.stack ?? error.message);
    }
    this.coverage.count('inputs', this.#inputs);
    this.coverage.count('events', this.world.schedule.ran);
    const [finding] = this.world.ledger.findings(this.#judge.hasLostTail);
    if (finding !== undefined) this.#judge.breaks('ledgerIsSound', finding);
    this.world.ledger.close();
    return { seed: this.plan.seed, broken: this.#judge.broken, coverage: this.coverage };
  }

  #newJudge(): RunJudge {
    const { trace } = this;
    const options = worldOptionsOf(this.plan.seed);
    this.coverage.count('worlds');
    if (options.unmodified !== null) {
      return new UnmodifiedJudge(this.coverage, (judge) => {
        const nowUs = (): number => judge.world.schedule.nowUs;
        return unmodifiedWorld(options, trace === null ? judge : trace.aroundUnmodified(judge, nowUs));
      });
    }
    return new Judge(this.coverage, (judge) => {
      const nowUs = (): number => judge.world.schedule.nowUs;
      return harnessWorld(options, trace === null ? judge : trace.around(judge, nowUs));
    });
  }

  #begin(): void {
    this.world.begin();
    this.#repair();
  }

  #play(round: Round): void {
    const { schedule } = this.world;
    this.#sentInRound = 0;
    this.#armed = [...round.faults];
    this.#striking = false;
    const first = Math.ceil(round.inputs * SENT_AT_FIRST);
    for (let n = 0; n < first; n++) schedule.after(n * round.everyUs, () => this.#send());
    const endUs = schedule.nowUs + first * round.everyUs + ROUND_US;
    const isOver = (): boolean => {
      const { world } = this;
      return this.#sentInRound === first && world.client.open.size === 0 && this.#armed.length === 0;
    };
    this.#runUntil(isOver, endUs);
    while (this.#armed.length > 0 && this.#judge.broken === null) {
      const [next] = this.#armed.splice(0, 1);
      if (next === undefined) break;
      this.#injectFault(next);
      this.#runUntil(() => false, schedule.nowUs + next.delayUs);
    }
    // The rest comes while the pair is repaired: boards join among inputs.
    for (let n = first; n < round.inputs; n++) schedule.after((n - first) * LATER_EVERY_US, () => this.#send());
    this.#wanted = round.inputs;
    if (this.#judge.broken === null) this.#repair();
  }

  #send(): void {
    this.#sentInRound++;
    const number = ++this.#inputs;
    this.world.client.ask(`i${number}`, this.#judge.payloadOf(number, this.#work));
  }

  #runUntil(isOver: () => boolean, untilUs: number): void {
    const { schedule } = this.world;
    while (!isOver() && this.#judge.broken === null && schedule.runOne(untilUs)) {
      const mistake = this.world.gateway?.mistake ?? null;
      if (mistake !== null) throw mistake;
      this.#aim();
    }
  }

  /** The next fault waits for its phase. */
  #aim(): void {
    const next = this.#armed[0];
    if (next === undefined || this.#striking || this.#sentInRound < next.afterInputs) return;
    if (this.#phase() !== next.phase) return;
    this.#striking = true;
    this.world.schedule.after(next.delayUs, () => {
      if (this.#armed[0] !== next) return;
      this.#armed.shift();
      this.#striking = false;
      this.#injectFault(next);
    });
  }

  #phase(): ReturnType<typeof phaseOf> {
    const { gateway } = this.world;
    return phaseOf(gateway?.alive === true ? gateway.pair : null);
  }

  #injectFault(fault: PlannedFault): void {
    const { owner } = this.#judge;
    const other = owner === 'a' ? 'b' : 'a';
    const name: BoardName = fault.whom === 'primary' && owner === 'b' ? 'b' : fault.whom === 'primary' ? 'a' : other;
    this.coverage.struck(fault.kind, this.#phase());
    this.trace?.say(this.world.schedule.nowUs, `*** ${fault.kind} (${name}, ${fault.count}, ${fault.forUs / 1000} ms)`);
    this.#judge.strike(fault, name);
  }

  /** A person comes, and repairs what is broken until all is quiet; then everything must be as it should. */
  #repair(): void {
    const { world } = this;
    world.calm();
    this.#judge.mended();
    let well = 0;
    for (let visit = 0; visit < MOST_REPAIRS && this.#judge.broken === null; visit++) {
      this.#judge.visited();
      this.#runUntil(() => false, world.schedule.nowUs + REPAIR_EVERY_US);
      well = this.#isQuiet() ? well + 1 : 0;
      const areSound = BOARD_NAMES.every((name) => world.boards[name].isSound);
      if (well >= NOTICED_WITHIN_VISITS && !areSound) this.#judge.breaks('hangIsNoticed', this.#condition());
      if (well >= WELL_FOR_VISITS && areSound && world.gateway?.pair.queue.inputs.size === 0)
        return this.#judge.quiet();
      if (well === 0 && visit >= FIRST_VISIT) this.#visit(visit);
      else if (well >= WELL_FOR_VISITS) this.#settleQuarantined(visit);
    }
    this.#judge.breaks('nothingIsStuck', `after ${MOST_REPAIRS} visits of a person: ${this.#condition()}`);
  }

  #isQuiet(): boolean {
    const { gateway, client } = this.world;
    if (gateway?.alive !== true) return false;
    return this.#sentInRound >= this.#wanted && client.open.size === 0 && isProtected(gateway.pair);
  }

  #condition(): string {
    const { gateway, client } = this.world;
    if (gateway === null || !gateway.alive) return 'the gateway is down';
    const { pair } = gateway;
    const boards = [...pair.boards.values()].map(
      ({ id, membership: { state: memberState, joining }, session: { state: session } }) => {
        const copy = this.world.copies.find((one) => one.id === id);
        return `${id} ${copy?.condition}${copy?.hasFailed === true ? ' failed' : ''} ${memberState} ${session} ${joining?.step ?? ''}`;
      },
    );
    const work = `${pair.queue.inputs.size} inputs, ${client.open.size} unanswered`;
    return `${this.#phase()}, ${pair.lease.owner} leads, ${boards.join(', ')}; ${work}`;
  }

  #visit(visit: number): void {
    const { world } = this;
    if (visit % STATE_GIVEN_UP_AFTER === 0 && this.#judge.mayNeedAFreshStart) {
      // Whoever is wrong of two, or has what the ledger lost: a person has both begin anew.
      for (const name of BOARD_NAMES) world.boards[name].powerOn('external');
      this.#judge.startedAfresh();
    }
    world.putCablesRight();
    for (const name of BOARD_NAMES) {
      if (!world.boards[name].isSound || this.#isToRestart(name)) world.boards[name].powerOn('external');
      world.plug(name);
    }
    world.restorePower();
    const { gateway } = world;
    if (gateway === null || !gateway.alive) return world.startGateway();
    const { pair } = gateway;
    const ref = `person ${visit}`;
    if (pair.phase === 'stopped') {
      this.#settleQuarantined(visit);
      for (const { seq, disputedResult } of disputedIn(pair.queue)) {
        // Either way out, and the same one again for the same input.
        if (seq % 2 === 0 || this.#judge.mustAccept) world.command(`${ref} accept`, { command: 'accept', seq });
        else if (disputedResult !== null) world.boards[disputedResult.board as BoardName].powerOn('external');
      }
      world.command(`${ref} resume`, { command: 'resume' });
    } else if (heldAnswers(pair).length > 0) {
      // Nobody is there to confirm it, and nobody can join while it waits.
      world.command(`${ref} resume`, { command: 'resume' });
    } else if (otherOf(pair).membership.state === 'kept-out' || otherOf(pair).reset.isHeld === true) {
      world.command(ref, { command: 'rejoin', board: otherOf(pair).id });
    } else if (primaryOf(pair).membership.state === 'kept-out') {
      world.command(ref, { command: 'rejoin', board: primaryOf(pair).id });
    }
    if (pair.boards.get(THIRD)?.membership.state === 'kept-out') {
      world.command(`${ref} third`, { command: 'rejoin', board: THIRD });
    }
  }

  /** R25: the status says that it is waited for until it restarts. */
  #isToRestart(name: BoardName): boolean {
    const joining = this.world.gateway?.pair.boards.get(name)?.membership.joining ?? null;
    return joining?.step === 'resetting' && joining.note !== null;
  }

  /** Also of a pair that serves: a ledger that has lost its tail may have lost what was said of an input. */
  #settleQuarantined(visit: number): void {
    for (const input of this.world.gateway?.pair.queue.inputs.values() ?? []) {
      // A second try kills again; then it is given up.
      const command = visit === FIRST_VISIT && input.seq % 3 === 0 ? 'retry' : 'drop';
      if (input.quarantined) this.world.command(`person ${visit} ${input.seq}`, { command, seq: input.seq });
    }
  }
}

function brokenText({ message, evidence }: BrokenInvariant): string {
  const { event, phase, primary, epoch, boards } = evidence;
  return `${message} [${event}; ${phase}, ${primary} leads in epoch ${epoch}; ${boards}]`;
}
