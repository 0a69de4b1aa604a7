import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Store } from '#built/ledger/worker/store.js';
import type { Clock } from '../../src/clock/clock.js';
import type { StoreRequest } from '../../src/ledger/worker/store-messages.js';
import type { FrameSession } from '../../src/link/frame-session.js';
import { PosixGateway } from './posix-gateway.js';

// What one input costs, counted at our own seams and never timed: a time says how busy the machine was, a count that grows
// says that somebody has made each input dearer. The figures stand in docs/performance.md.

const INPUTS = 100;

const counts: Record<string, number> = {};
const count = (what: string, by = 1): void => {
  counts[what] = (counts[what] ?? 0) + by;
};

/** Of the journal, which is written in this thread; what the ledger's own file does happens in another one. */
function countStatements(): () => void {
  const { write } = Store.prototype;
  Store.prototype.write = function (this: Store, requests: readonly StoreRequest[], ...more) {
    count('transactions');
    for (const { type } of requests) count(`journal: ${type}`);
    return write.call(this, requests, ...more);
  };
  return () => {
    Store.prototype.write = write;
  };
}

function counted(board: string, session: FrameSession): FrameSession {
  session.frames.subscribe(() => count(`frames from ${board}`));
  const write = session.write.bind(session);
  return Object.assign(session, {
    write: (bytes: Uint8Array) => {
      count(`writes to ${board}`);
      return write(bytes);
    },
  });
}

function countedClock(clock: Clock): Clock {
  return {
    nowUs: () => clock.nowUs(),
    alarm: (atUs, ring) => {
      count('alarms');
      return clock.alarm(atUs, ring);
    },
  };
}

let gateway: PosixGateway;
let client: Socket;
let lines: AsyncIterator<string>;
let stopCounting: () => void;

beforeAll(async () => {
  stopCounting = countStatements();
  gateway = await PosixGateway.start('tcp://127.0.0.1:0', '', (parts) => ({
    ...parts,
    clock: countedClock(parts.clock),
    openSession: async (board, dialect) => counted(board.board, await parts.openSession(board, dialect)),
    workInFlight: { began: () => count('messages to threads'), ended: () => undefined },
  }));
  await gateway.until(() => gateway.status.protected);
  client = connect(gateway.port, '127.0.0.1');
  lines = createInterface({ input: client })[Symbol.asyncIterator]();
});
afterAll(async () => {
  stopCounting();
  client.destroy();
  await gateway.dispose();
});

let round = 0;

/**
 * Inputs one after the other, each finished on both boards before the next, counted from the first to the last. That an
 * input is finished is state before the journal says it: what is counted ends with the journal's word for the last.
 */
async function giveInputs(): Promise<void> {
  round++;
  for (const what of Object.keys(counts)) counts[what] = 0;
  for (let input = 1; input <= INPUTS; input++) {
    client.write(`${JSON.stringify({ id: `${round}-${input}`, payload: '40069001' })}\n`);
    const { value } = await lines.next();
    expect(JSON.parse(String(value))).toMatchObject({ payload: expect.any(String) });
    await gateway.until(() => gateway.status.inputs.pending === 0);
  }
  await gateway.until(() => (counts['journal: finishInput'] ?? 0) >= INPUTS);
}

/** Exactly so often an input, as src/pair asks for it and docs/performance.md says. */
const COST = {
  'frames from a': 2,
  'frames from b': 2,
  'journal: recordInput': 1,
  'journal: requestCommit': 2,
  'journal: recordDone': 2,
  'journal: recordEmitted': 1,
  'journal: finishInput': 1,
};
/** A pair with nothing to do asks its boards how they are: a few times in all this, on a busy machine. */
const BESIDE = 5;

it('is the same for each: frames and statements of the journal, exactly; transactions and alarms, at most', async () => {
  await giveInputs();
  await giveInputs();
  const beyond = Object.entries(COST).map(([what, times]) => [what, (counts[what] ?? 0) - times * INPUTS]);
  expect(beyond.filter(([, more]) => Number(more) < 0 || Number(more) > BESIDE)).toEqual([]);
  // Two frames to each board; what one turn says shares a write, and what it asks a transaction.
  for (const board of ['a', 'b']) expect(counts[`writes to ${board}`]).toBeLessThanOrEqual(2 * INPUTS + BESIDE);
  expect(counts['transactions']).toBeLessThanOrEqual(7 * INPUTS + BESIDE);
  // Deadlines that move and the look at the clock while a board is at work (R14): the more of these, the longer an input took.
  expect(counts['alarms']).toBeLessThanOrEqual(20 * INPUTS);
});

it('no message crosses to another thread for it: the journal is in memory, and written where the core runs', async () => {
  await giveInputs();
  // The ledger's own file is asked now and then how it is, and told of sums, by time and not by inputs.
  expect(counts['messages to threads']).toBeLessThan(INPUTS / 2);
});
