import { describe, expect, it } from 'vitest';
import type { Command, CommandOutcome } from '../../src/control/contract/command.js';
import type { BoardStatus, Status } from '../../src/control/contract/status.js';
import type { UpdateStatus } from '../../src/control/contract/update-status.js';
import { type RollingUpdateOptions, rollingUpdate } from '../../src/control/rolling-update.js';
import { updateOne } from '../../src/control/update-one.js';

const TRIED: UpdateStatus = {
  ...{ board: 'b', image: '/new.hex', stage: 'trial', why: null },
  ...{ compared: 5, comparisons: 5, differing: 0, fields: [], others: 0 },
};

function differing(...names: string[]): UpdateStatus {
  const fields = names.map((field) => ({ field, times: 1, firstSeq: 7, old: '1', fresh: '2', largest: '1' }));
  return { ...TRIED, differing: 1, fields };
}

function board(name: string, role: BoardStatus['role']): BoardStatus {
  return { board: name, role, joining: null, image: 1, link: 'open', session: 1, behind: 0, counters: {} };
}

/** A gateway by what it has in the next look, and what it says to each command. */
class FakeGateway {
  readonly asked: Command[] = [];
  update: UpdateStatus | null = null;
  primary = 'a';
  phase = 'serving';
  other: BoardStatus['role'] = 'backup';
  answer: (command: Command) => CommandOutcome = () => ({ done: 'done' });

  async status(): Promise<Status> {
    const boards = ['a', 'b'].map((name) => board(name, name === this.primary ? 'primary' : this.other));
    return {
      ...{ name: 'pair', phase: this.phase, protected: true, why: '', next: null, primary: this.primary, epoch: 1 },
      ...{ boards, update: this.update, relay: { commanded: 'a', proved: true }, warnings: [], counters: {}, upMs: 1 },
      ledger: { path: '', recordedToDisk: true, why: null, waiting: 0 },
      inputs: { pending: 0, answered: 0, refused: 0, quarantined: [] },
    };
  }

  async command(command: Command): Promise<CommandOutcome> {
    this.asked.push(command);
    return this.answer(command);
  }

  get asks(): string[] {
    return this.asked.map(({ command, ...rest }) => ('board' in rest ? `${command} ${rest.board}` : command));
  }
}

function options(changes: Partial<RollingUpdateOptions> = {}): RollingUpdateOptions {
  return {
    ...{ image: '/new.hex', facts: null, converter: null, comparisons: 5, acceptsIdentical: true },
    decide: async () => 'accept',
    progress: () => undefined,
    pause: async () => false,
    ...changes,
  };
}

/** The first board is tried as said, becomes the primary when accepted, and the second one joins. */
function playing(tried: UpdateStatus): FakeGateway {
  const gateway = new FakeGateway();
  gateway.answer = ({ command }) => {
    if (command === 'update-begin') gateway.update = gateway.primary === 'a' ? tried : null;
    if (command === 'update-abandon') gateway.update = null;
    if (command === 'update-accept') {
      gateway.update = null;
      gateway.primary = 'b';
    }
    return { done: command };
  };
  return gateway;
}

describe('a rolling update', () => {
  it('R26: is the backup, a switchover and the other board, in that order', async () => {
    const gateway = playing(TRIED);
    expect(await rollingUpdate(gateway, options())).toEqual({ done: 'both boards run /new.hex' });
    expect(gateway.asks).toEqual(['update-begin b', 'update-accept', 'update-begin a']);
  });

  it('R26: identical programs are accepted unasked only where that was wished, different ones never', async () => {
    const shown: UpdateStatus[] = [];
    const decide = async (tried: UpdateStatus) => {
      shown.push(tried);
      return 'later' as const;
    };
    expect(await rollingUpdate(playing(TRIED), options({ acceptsIdentical: false, decide }))).toHaveProperty('waits');
    expect(await rollingUpdate(playing(differing('duty')), options({ decide }))).toHaveProperty('waits');
    expect(shown).toEqual([TRIED, differing('duty')]);
  });

  it('R26: what nobody has seen is shown before it is accepted', async () => {
    const gateway = playing(differing('duty'));
    const { answer } = gateway;
    gateway.answer = (command) => {
      if (command.command === 'update-accept' && !command.fields.includes('trip')) {
        gateway.update = differing('duty', 'trip');
        return { refused: 'The boards differ in trip, which was not accepted.' };
      }
      return answer(command);
    };
    const shown: number[] = [];
    const decide = async ({ fields }: UpdateStatus) => {
      shown.push(fields.length);
      return 'accept' as const;
    };
    expect(await rollingUpdate(gateway, options({ decide }))).toHaveProperty('done');
    expect(shown).toEqual([1, 2]);
  });

  it('R26: is given up when the person says no, and the second board is not touched', async () => {
    const gateway = playing(differing('duty'));
    const outcome = await rollingUpdate(gateway, options({ decide: async () => 'abandon' }));
    expect(outcome).toEqual({ abandoned: 'board b is out of the pair' });
    expect(gateway.asks).toEqual(['update-begin b', 'update-abandon']);
  });

  it('takes up a trial that is under way, and flashes nothing again', async () => {
    const gateway = playing(TRIED);
    gateway.update = TRIED;
    expect(await rollingUpdate(gateway, options())).toHaveProperty('done');
    expect(gateway.asks).toEqual(['update-accept', 'update-begin a']);
  });

  it('ends with one board where the primary runs the image already', async () => {
    const gateway = new FakeGateway();
    expect(await rollingUpdate(gateway, options())).toEqual({ done: 'both boards run /new.hex' });
    expect(gateway.asks).toEqual(['update-begin b']);
  });

  it.each<[string, (gateway: FakeGateway) => void, object]>([
    ['refused', (gateway) => (gateway.answer = () => ({ refused: 'busy' })), { refused: 'busy' }],
    [
      'failed',
      (gateway) => (gateway.update = { ...TRIED, image: '/new.hex', stage: 'failed', why: 'no avrdude' }),
      { failed: 'no avrdude' },
    ],
    ['stopped', (gateway) => (gateway.phase = 'stopped'), { failed: 'the pair is stopped: see copycat status' }],
    ['kept out', (gateway) => (gateway.other = 'kept out'), { failed: 'board b is kept out: see copycat faults' }],
    [
      'too long',
      (gateway) => (gateway.update = { ...TRIED, compared: 4 }),
      { failed: 'it takes too long: see copycat status' },
    ],
  ])('says why when it is %s', async (_what, change, outcome) => {
    const gateway = new FakeGateway();
    change(gateway);
    expect(await rollingUpdate(gateway, options())).toEqual(outcome);
  });
});

describe('flashing one board', () => {
  const one = (force = false) => ({ ...options(), force });

  it('R26: is refused for the board that drives, unless it may hand over first', async () => {
    const gateway = playing(TRIED);
    expect(await updateOne(gateway, 'a', one())).toHaveProperty('refused');
    expect(gateway.asked).toEqual([]);
    gateway.answer = ({ command }) => {
      if (command === 'switch') gateway.primary = 'b';
      return { done: command };
    };
    expect(await updateOne(gateway, 'a', one(true))).toEqual({ done: 'board a runs /new.hex' });
    expect(gateway.asks).toEqual(['update-check a', 'switch', 'update-begin a']);
  });

  it('R26: flashes nothing when the board that drives cannot hand over', async () => {
    const gateway = new FakeGateway();
    gateway.answer = ({ command }) =>
      command === 'switch' ? { refused: 'no board to switch to' } : { done: 'nothing is known against it' };
    expect(await updateOne(gateway, 'a', one(true))).toEqual({ refused: 'no board to switch to' });
    expect(gateway.asks).toEqual(['update-check a', 'switch']);
  });

  it('R26: nobody hands over for an image that cannot be flashed', async () => {
    const gateway = new FakeGateway();
    gateway.answer = () => ({ refused: 'there is no /new.hex' });
    expect(await updateOne(gateway, 'a', one(true))).toEqual({ refused: 'there is no /new.hex' });
    expect(gateway.asks).toEqual(['update-check a']);
  });

  it('takes the backup out of the pair and back', async () => {
    const gateway = new FakeGateway();
    expect(await updateOne(gateway, 'b', one())).toEqual({ done: 'board b runs /new.hex' });
    expect(gateway.asks).toEqual(['update-begin b']);
  });

  it('ends when it has joined, and says so when it runs something else than the primary', async () => {
    const gateway = new FakeGateway();
    gateway.other = 'kept out';
    gateway.answer = () => {
      gateway.other = 'backup';
      return { done: 'it is flashed' };
    };
    expect(await updateOne(gateway, 'b', one())).toEqual({ done: 'board b runs /new.hex' });
    gateway.other = 'kept out';
    gateway.answer = () => {
      gateway.update = { ...TRIED, compared: 0 };
      return { done: 'it is flashed' };
    };
    expect(await updateOne(gateway, 'b', one())).toHaveProperty('waits');
  });
});
