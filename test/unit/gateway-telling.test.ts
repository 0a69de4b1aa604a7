import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load/load-config.js';
import {
  heartbeatSchema,
  type Standing,
  type Told,
  toldChangeSchema,
  toldFaultSchema,
} from '../../src/control/contract/told.js';
import { Standstill } from '../../src/gateway/standstill.js';
import { startingStatus } from '../../src/gateway/starting-status.js';
import { Heartbeats } from '../../src/gateway/tell/heartbeats.js';
import { KeptFaults } from '../../src/gateway/tell/kept-faults.js';
import { Teller } from '../../src/gateway/tell/teller.js';
import { testCommands } from '../../src/gateway/tell/test-messages.js';
import { heartbeat, toldChange, toldFault } from '../../src/gateway/tell/told-messages.js';
import { UntoldChange } from '../../src/gateway/tell/untold-change.js';
import { UntoldFaults } from '../../src/gateway/tell/untold-faults.js';
import { FaultThinner } from '../../src/ledger/requests/fault-thinner.js';
import type { CommandEnd, CommandRun } from '../../src/notify/run-command.js';
import type { FaultCode, FaultStep, LedgerRequest, PairEffect } from '../../src/pair/state/effects.js';
import { restoredPair } from './gateway-kit.js';
import { ManualClock } from './manual-clock.js';

const S = 1_000_000;
const MIN = 60 * S;
const log = pino({ level: 'silent' });
const config = parseConfig(
  `name: oven
boards: { a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }
relay: { pin: emulated, at-rest: a }
input: every 1s
deadline: 50ms
on-fault: ./tell.sh "as it is"
on-change: [./tell.sh, 'two words']
heartbeat: { every: 10s, command: curl }
`,
  'copycat.yaml',
  '/etc/oven',
);
const RIGHT: CommandEnd = { ok: true, why: '' };
const WRONG: CommandEnd = { ok: false, why: 'exit code 7' };

/** In the place of the process that runs commands: what was asked of it, and what it answers. */
class ScriptedRunner {
  readonly told: Told[] = [];
  answer: (message: Told) => CommandEnd | Promise<CommandEnd> = () => RIGHT;

  run({ input }: CommandRun): Promise<CommandEnd> {
    const message = JSON.parse(input) as Told;
    this.told.push(message);
    return Promise.resolve(this.answer(message));
  }

  close(): void {
    // Nothing is open.
  }

  get titles(): string[] {
    return this.told.map(({ title }) => title);
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

/** Alarms one after the other, each with what it causes. */
async function pass(clock: ManualClock, byUs: number, stepUs = S): Promise<void> {
  for (let passed = 0; passed < byUs; passed += stepUs) {
    clock.advance(stepUs);
    await settled();
  }
}

class Stage {
  /** As the ledger has it. */
  readonly #thinner = new FaultThinner<never>();
  readonly clock = new ManualClock();
  readonly runner = new ScriptedRunner();
  readonly facts: Record<string, string>;
  readonly kept: KeptFaults;
  readonly faults: UntoldFaults;
  readonly teller: Teller;

  constructor(facts: Record<string, string> = {}) {
    const { clock, runner } = this;
    this.facts = { ...facts };
    this.kept = new KeptFaults({
      facts: this.facts,
      clock,
      perform: (request: LedgerRequest) => {
        if (request.type === 'keepFact') this.facts[request.name] = request.value;
      },
    });
    this.faults = new UntoldFaults({
      keptAs: (faultId) => this.#thinner.keptAs(faultId),
      ...{ state: restoredPair(0), kept: this.kept, bootId: 'boot' },
      nowUs: () => clock.nowUs(),
      wallTimeOf: () => ({ wallTime: '2026-11-30T03:12:00.000Z', wallTimeTrusted: true }),
      messageOf: (fault, attempt, leftOut) => toldFault(config, fault, attempt, leftOut),
      wake: () => this.teller.wake(),
    });
    this.teller = new Teller({
      ...{ name: 'on-fault', command: ['tell'], source: this.faults, runner, clock, log },
    });
  }

  open(faultId: number, code: FaultCode = 'silent', board: string | null = 'a'): void {
    this.#thinner.repeatOf(faultId, code, board, this.clock.nowUs());
    this.#see({
      type: 'openFault',
      fault: { faultId, code, board, seq: null, atUs: this.clock.nowUs(), evidence: {} },
    });
  }

  note(faultId: number, step: FaultStep, detail = {}): void {
    this.#see({ type: 'noteFault', faultId, step, atUs: this.clock.nowUs(), detail });
  }

  fence(faultId: number): void {
    this.#thinner.release(faultId);
    this.#see({ type: 'recordFence', from: 'a', to: 'b', faultId, epoch: 2, locksOut: true });
  }

  get toldIds(): number[] {
    return this.runner.told.flatMap((told) => (told.kind === 'fault' ? [told.fault.id] : []));
  }

  #see(effect: PairEffect): void {
    this.faults.see(effect);
  }
}

describe('on-fault', () => {
  it('tells a fault once, when its story is told, as the JSON of the contract', async () => {
    const stage = new Stage();
    stage.open(3);
    stage.note(3, 'evidence');
    await pass(stage.clock, S / 2, S / 2);
    stage.note(3, 'took-over', { primary: 'b' });
    await pass(stage.clock, 3 * S, S / 2);
    expect(stage.toldIds).toEqual([3]);
    const [told] = stage.runner.told;
    expect(toldFaultSchema.parse(told)).toEqual(told);
    expect(told).toMatchObject({ pair: 'oven', title: 'oven: board a stopped answering', attempt: 1, test: false });
    expect(told?.text).toContain('board b took over');
    stage.note(3, 'joined');
    await pass(stage.clock, MIN);
    expect(stage.toldIds).toEqual([3]);
  });

  it('is not held back for ever by a story that does not end; a planned switchover is not told', async () => {
    const stage = new Stage();
    stage.open(1);
    stage.open(2, 'switched-over', null);
    for (let half = 0; half < 12; half++) {
      stage.note(1, 'late-commit-refused');
      await pass(stage.clock, S / 2, S / 2);
    }
    expect(stage.toldIds).toEqual([1]);
  });

  it('that fails is tried again, later and later; others come before it, and afterwards all are told', async () => {
    const stage = new Stage();
    stage.runner.answer = () => WRONG;
    stage.open(1);
    stage.open(2, 'unplugged');
    await pass(stage.clock, 2 * S);
    expect(stage.toldIds).toEqual([1]);
    expect(stage.teller.status).toEqual({ told: 0, waiting: 2, leftOut: 0, trouble: 'exit code 7' });
    await pass(stage.clock, 10 * S);
    await pass(stage.clock, 30 * S);
    expect(stage.toldIds).toEqual([1, 2, 1]);
    stage.runner.answer = () => RIGHT;
    await pass(stage.clock, 60 * S);
    expect(stage.toldIds).toEqual([1, 2, 1, 2, 1]);
    expect(stage.runner.told.at(-1)).toMatchObject({ attempt: 3 });
    expect(stage.teller.status).toEqual({ told: 2, waiting: 0, leftOut: 0, trouble: null });
  });

  it('gives one up that cannot be told for a day', async () => {
    const stage = new Stage();
    stage.runner.answer = () => WRONG;
    stage.open(1);
    await pass(stage.clock, 25 * 60 * MIN, MIN);
    expect(stage.teller.status).toMatchObject({ waiting: 0, leftOut: 1 });
    // 10 s, 30 s, 1, 2, 5 min, then every 10: not more often.
    expect(stage.toldIds.length).toBeLessThan(160);
  });

  it('R32: many faults at once: calls are few, a bound waits, the oldest leave and are counted in the next that is told', async () => {
    const stage = new Stage();
    stage.runner.answer = () => new Promise(() => undefined);
    stage.open(1, 'silent', 'a');
    await pass(stage.clock, 2 * S);
    // Each of a kind of its own: nothing is counted as a repetition.
    for (let id = 2; id <= 200; id++) stage.open(id, 'silent', `board${id}`);
    expect(stage.teller.status).toMatchObject({ waiting: 32, leftOut: 168 });
    await pass(stage.clock, 10 * S);
    expect(stage.toldIds).toEqual([1]);

    const after = new Stage();
    after.runner.answer = () => RIGHT;
    for (let id = 1; id <= 200; id++) after.open(id, 'silent', `board${id}`);
    await pass(after.clock, 5 * S);
    // Ten in ten minutes, and then the next.
    expect(after.toldIds).toEqual(Array.from({ length: 10 }, (_, nth) => 169 + nth));
    expect(after.runner.told[0]).toMatchObject({ leftOut: 168 });
    expect(after.runner.told[1]).toMatchObject({ leftOut: 0 });
    await pass(after.clock, 10 * MIN);
    expect(after.toldIds).toHaveLength(20);
  });

  it('leaves out what the ledger counts on another, but for the fault that begins a takeover', async () => {
    const stage = new Stage();
    for (let id = 1; id <= 40; id++) stage.open(id);
    stage.fence(40);
    stage.note(40, 'took-over', { primary: 'b' });
    await pass(stage.clock, 10 * S);
    expect(stage.toldIds).toEqual([1, 2, 3, 4, 5, 40]);
    expect(stage.runner.told[4]).toMatchObject({ fault: { id: 5, repeats: 35 } });
  });

  it('R32: what came before a gateway was killed is told by the next, with its story; what was told is not', async () => {
    const killed = new Stage();
    killed.runner.answer = (told) => (told.kind === 'fault' && told.fault.code === 'unplugged' ? WRONG : RIGHT);
    killed.open(1);
    await pass(killed.clock, 2 * S);
    killed.open(2, 'unplugged');
    killed.note(2, 'took-over', { primary: 'b' });
    await pass(killed.clock, 3 * S);
    expect(killed.toldIds).toEqual([1, 2]);

    const next = new Stage(killed.facts);
    next.teller.wake();
    await pass(next.clock, 2 * S);
    expect(next.toldIds).toEqual([2]);
    expect(next.runner.told[0]?.text).toContain('board b took over');
    await pass(next.clock, 3 * S);
    expect(Object.values(next.facts).filter((value) => value !== '')).toEqual([]);
    const third = new Stage(next.facts);
    third.teller.wake();
    await pass(third.clock, 10 * S);
    expect(third.toldIds).toEqual([]);
  });
});

class ChangeStage {
  readonly clock = new ManualClock();
  readonly runner = new ScriptedRunner();
  now: Standing = { protected: false, primary: 'a', stopped: false };
  kept: Standing | null;
  readonly #source: UntoldChange;
  readonly teller: Teller;

  constructor(toldBefore: Standing | null = null) {
    this.kept = toldBefore;
    const { clock, runner } = this;
    const status = startingStatus(config, 'a test', 0);
    this.#source = new UntoldChange({
      look: () => this.now,
      nowUs: () => clock.nowUs(),
      toldBefore,
      messageOf: (about) => toldChange('oven', about, status),
      keep: (told) => {
        this.kept = told;
      },
    });
    this.teller = new Teller({
      ...{ name: 'on-change', command: ['tell'], source: this.#source, runner, clock, log },
    });
  }

  async is(now: Partial<Standing>, forUs: number): Promise<void> {
    this.now = { ...this.now, ...now };
    for (let passed = 0; passed < forUs; passed += S / 2) {
      this.#source.look();
      this.teller.wake();
      await pass(this.clock, S / 2, S / 2);
    }
  }
}

describe('on-change', () => {
  it('tells what has changed once it stands, as the JSON of the contract; a start that comes right is no news', async () => {
    const stage = new ChangeStage({ protected: true, primary: 'a', stopped: false });
    await stage.is({ protected: false }, 5 * S);
    await stage.is({ protected: true }, 60 * S);
    expect(stage.runner.titles).toEqual([]);
    await stage.is({ protected: false, primary: 'b' }, 10 * S);
    await stage.is({ protected: true }, 10 * S);
    await stage.is({ stopped: true, protected: false }, 10 * S);
    expect(stage.runner.titles).toEqual([
      'oven: NOT PROTECTED, board b drives',
      'oven: PROTECTED, board b drives',
      'oven: STOPPED, no input is taken',
    ]);
    const [first] = stage.runner.told;
    expect(toldChangeSchema.parse(first)).toEqual(first);
    expect(first).toMatchObject({ changes: ['protection', 'primary'], before: { primary: 'a' } });
  });

  it('a new pair is told when it is protected; one that comes back otherwise than it was told is told so', async () => {
    const fresh = new ChangeStage();
    await fresh.is({}, 60 * S);
    await fresh.is({ protected: true }, 10 * S);
    expect(fresh.runner.titles).toEqual(['oven: PROTECTED, board a drives']);
    const next = new ChangeStage(fresh.kept);
    await next.is({ primary: 'b' }, 60 * S);
    expect(next.runner.titles).toEqual(['oven: NOT PROTECTED, board b drives']);
  });

  it('R32: whatever flaps is told now and then, and one thing waits at most; while nobody can be told, the newest waits', async () => {
    const stage = new ChangeStage({ protected: true, primary: 'a', stopped: false });
    for (let turn = 0; turn < 60; turn++) await stage.is({ protected: turn % 2 === 0 }, S);
    expect(stage.runner.titles.length).toBeGreaterThan(1);
    expect(stage.runner.titles.length).toBeLessThanOrEqual(10);
    stage.runner.answer = () => WRONG;
    await stage.is({ protected: false }, 30 * S);
    await stage.is({ primary: 'b' }, 60 * S);
    await stage.is({ protected: true, primary: 'a' }, 60 * S);
    expect(stage.teller.status).toMatchObject({ waiting: 1, trouble: 'exit code 7' });
    stage.runner.answer = () => RIGHT;
    await stage.is({}, 12 * MIN);
    // It stands as was told last, and somebody is still told that it did not meanwhile.
    const last = stage.runner.told.at(-1);
    expect(last).toMatchObject({ title: 'oven: PROTECTED, board a drives' });
    expect(last?.kind === 'change' ? last.changes : []).toContain('primary');
    expect(stage.teller.status).toMatchObject({ waiting: 0, trouble: null });
  });
});

describe('heartbeat', () => {
  it('comes while the core does its work, and stops when it does not: it has failed, nobody tells it the time, links stand', async () => {
    const clock = new ManualClock();
    const runner = new ScriptedRunner();
    const runtime = { hasFailed: false, overdueUs: 0 };
    const status = startingStatus(config, 'a test', 0);
    let boards = status.boards;
    const standstill = new Standstill(runtime, { probeEveryUs: S }, clock);
    const beats = new Heartbeats({
      ...{ everyUs: 10 * S, command: ['beat'], runner, clock, log },
      standsBecause: () => standstill.look({ ...status, boards }),
      message: () => heartbeat('oven', { protected: true, primary: 'a', stopped: false }, 'both boards agree'),
    });
    const sentIn = async (forUs: number): Promise<number> => {
      const before = runner.told.length;
      await pass(clock, forUs);
      return runner.told.length - before;
    };
    expect(await sentIn(60 * S)).toBe(7);
    const [first] = runner.told;
    expect(heartbeatSchema.parse(first)).toEqual(first);
    runtime.hasFailed = true;
    expect(await sentIn(60 * S)).toBe(0);
    expect(beats.status.trouble).toBe('none is sent: the core has ended with a mistake of its own');
    runtime.hasFailed = false;
    runtime.overdueUs = 6 * S;
    expect(await sentIn(60 * S)).toBe(0);
    runtime.overdueUs = 0;
    expect(await sentIn(60 * S)).toBe(6);
    expect(beats.status.trouble).toBeNull();
    boards = [
      { board: 'a', role: 'primary', joining: null, image: null, link: 'open', session: 1, behind: 0, counters: {} },
    ];
    await pass(clock, 10 * S);
    expect(await sentIn(60 * S)).toBe(0);
    expect(beats.status.trouble).toContain('board a: no frame came or went');
    beats.close();
  });

  it('R32: one that hangs is not joined by others, and one that fails is not tried again before its time', async () => {
    const clock = new ManualClock();
    const runner = new ScriptedRunner();
    let end: (end: CommandEnd) => void = () => undefined;
    runner.answer = () =>
      new Promise((resolve) => {
        end = resolve;
      });
    const beats = new Heartbeats({
      ...{ everyUs: 10 * S, command: ['beat'], runner, clock, log },
      standsBecause: () => null,
      message: () => heartbeat('oven', { protected: true, primary: 'a', stopped: false }, 'both boards agree'),
    });
    await pass(clock, 60 * S);
    expect(runner.told).toHaveLength(1);
    end(WRONG);
    await settled();
    expect(beats.status).toMatchObject({ told: 0, trouble: 'exit code 7' });
    await pass(clock, 5 * S);
    expect(runner.told).toHaveLength(1);
    await pass(clock, 5 * S);
    expect(runner.told).toHaveLength(2);
    beats.close();
  });
});

describe('copycat notify test', () => {
  it('calls each command with a message of its kind that says it is a test', async () => {
    const runner = new ScriptedRunner();
    runner.answer = ({ kind }) => (kind === 'change' ? WRONG : RIGHT);
    const status = startingStatus(config, 'a test', 0);
    expect(await testCommands(config, status, '2026-11-30T03:12:00.000Z', runner)).toEqual([
      { name: 'on-fault', ok: true, why: '' },
      { name: 'on-change', ok: false, why: 'exit code 7' },
      { name: 'heartbeat', ok: true, why: '' },
    ]);
    const [fault, change, beat] = runner.told;
    expect([toldFaultSchema.parse(fault), toldChangeSchema.parse(change), heartbeatSchema.parse(beat)]).toEqual(
      runner.told,
    );
    for (const { test, title, text } of runner.told) {
      expect(test).toBe(true);
      expect(title).toMatch(/^TEST, nothing has happened: oven: /);
      expect(text).toMatch(/^TEST, nothing has happened\.\n/);
    }
  });
});

describe('the commands of a configuration', () => {
  it('are words, or a list of them; a path begins at the folder of the file, a name is looked for in PATH', () => {
    expect(config.notify).toEqual({
      onFault: ['/etc/oven/tell.sh', '"as', 'it', 'is"'],
      onChange: ['/etc/oven/tell.sh', 'two words'],
      heartbeat: { everyUs: 10 * S, command: ['curl'] },
    });
  });

  it.each([
    ['on-fault: ""', 'on-fault'],
    ['on-change: []', 'on-change'],
    ['heartbeat: { every: 10ms, command: x }', 'at least 1s'],
    ['heartbeat: { every: 10s }', 'heartbeat.command'],
  ])('%s is refused in words', (line, expected) => {
    const text = `boards: { a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }
relay: { pin: emulated, at-rest: a }
input: every 1s
deadline: 50ms
${line}
`;
    expect(() => parseConfig(text, 'copycat.yaml', '/')).toThrow(expected);
  });
});
