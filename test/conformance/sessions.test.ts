import { expect } from 'vitest';
import { conformance, serving } from './kit/conformance.js';
import { commanded } from './kit/heater.js';
import { only } from './kit/talk.js';

const HEAT = commanded(60, 20);
const START_MS = 35;
/** Two HELLOs that nobody asked for by name are at least so far apart. */
const HELLO_INTERVAL_MS = 20;

conformance('sessions', (conversation) => {
  conversation('R15: says HELLO at its start, in session 0, and again to whoever speaks', async (talk) => {
    expect(await talk.listen(START_MS)).toMatchObject([
      { kind: 'hello', session: 0, failed: false, parked: false, executionCount: 0, kept: [], window: 2 },
    ]);
    talk.session = 3;
    expect(await talk.input(1, HEAT)).toMatchObject([{ kind: 'hello', session: 0 }]);
    expect(talk.levels()).toEqual({ duty: 0, trip: 1 });
  });

  conversation('R15: in session 0 the first frame is answered at once, others at most every 20 ms', async (talk) => {
    await talk.listen(START_MS);
    talk.session = 3;
    talk.send(talk.inputFrame(1, HEAT), talk.commitFrame(1, 5), talk.inputFrame(2, HEAT));
    expect(await talk.listen(HELLO_INTERVAL_MS - 10)).toHaveLength(1);
    expect(await talk.listen(HELLO_INTERVAL_MS + 10)).toHaveLength(1);
    expect(await talk.listen()).toEqual([]);
  });

  conversation('answers HELLO_REQ at once, however often it comes', async (talk) => {
    await talk.listen(START_MS);
    for (let times = 0; times < 3; times++) {
      talk.send({ kind: 'helloRequest', session: 0, seq: 0 });
      expect(await talk.listen(5, 'hello')).toHaveLength(1);
    }
  });

  conversation(
    'R27: OPEN is refused for another boot, another session and session 0, and confirmed by HELLO',
    async (talk) => {
      await talk.listen(START_MS);
      const { boot } = await talk.hello();
      const open = talk.openFrame({ newSession: 5, boot });
      expect(await talk.say({ ...open, boot: (boot + 1) >>> 0 })).toMatchObject([{ kind: 'hello', session: 0 }]);
      expect(await talk.say({ ...open, wasSession: 4 })).toMatchObject([{ kind: 'hello', session: 0 }]);
      expect(await talk.say({ ...open, newSession: 0 })).toMatchObject([{ kind: 'hello', session: 0 }]);
      expect(await talk.say(open)).toMatchObject([{ kind: 'hello', session: 5 }]);
      expect(await talk.say({ ...open, newSession: 6 })).toMatchObject([{ kind: 'hello', session: 5 }]);
      expect(await talk.say({ ...open, newSession: 6, wasSession: 5 })).toMatchObject([{ kind: 'hello', session: 6 }]);
    },
  );

  conversation('R27: a repeated OPEN is confirmed again and drops nothing', async (talk) => {
    await serving(talk, 5);
    await talk.exchange(1, HEAT);
    const waiting = await talk.result(2, HEAT);
    const { boot } = await talk.hello();
    const open = talk.openFrame({ newSession: 5, boot });
    expect(await talk.say(open)).toMatchObject([{ kind: 'hello', session: 5, kept: [1, 2], actedBits: 1 }]);
    expect(await talk.commit(2, waiting)).toMatchObject([{ kind: 'done', seq: 2, stale: false }]);
  });

  conversation('R12: frames of another session are dropped without an answer', async (talk) => {
    await serving(talk, 7);
    for (const session of [6, 8, 0]) {
      talk.session = session;
      expect(await talk.input(1, HEAT)).toEqual([]);
      expect(await talk.say({ kind: 'stateGet', session, seq: 0, offset: 0 })).toEqual([]);
      expect(await talk.say({ kind: 'violation', session, seq: 0, reason: 1 })).toEqual([]);
      expect(await talk.say({ kind: 'reset', session, seq: 0 })).toEqual([]);
    }
    talk.session = 7;
    expect(await talk.result(1, HEAT)).toMatchObject([{ executionCount: 1 }]);
  });

  conversation('a frame that is not one for boards, or is broken, is dropped without an answer', async (talk) => {
    await serving(talk, 7);
    talk.sendBytes(Uint8Array.of(0, 5, 1, 2, 3, 0, 9, 9, 9, 9, 0));
    talk.send({ kind: 'done', session: 7, seq: 1, stale: false, readBack: [1, 2] });
    talk.send({ kind: 'offer', session: 7, seq: 0, payload: Uint8Array.of(1) });
    expect(await talk.listen()).toEqual([]);
    expect(await talk.hello()).toMatchObject({ session: 7, failed: false });
  });

  conversation('R15: a RESET of its session restarts it: safe levels, another boot, session 0', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    talk.send({ kind: 'reset', session: 7, seq: 0 });
    const hello = only(await talk.listen(400, 'hello'));
    expect(hello).toMatchObject({ session: 0, resetCause: 'commanded', kept: [], executionCount: 0 });
    expect(talk.levels()).toEqual({ duty: 0, trip: 1 });
  });

  conversation('R15: its RESET pin restarts it, and it says so', async (talk) => {
    await serving(talk);
    const { boot } = await talk.hello();
    await talk.board.reset();
    const hello = only(await talk.listen(400, 'hello'));
    expect(hello).toMatchObject({ session: 0, resetCause: 'external', boot: (boot + 1) >>> 0 });
  });

  conversation(
    'R25: it says which board it is, the same after every restart and whatever session it is in',
    async (talk) => {
      await serving(talk);
      const { seq: unit } = await talk.hello();
      expect(unit).not.toBe(0);
      await talk.board.reset();
      expect(only(await talk.listen(400, 'hello'))).toMatchObject({ resetCause: 'external', seq: unit });
      expect(await talk.open(8)).toMatchObject({ session: 8, seq: unit });
      talk.send({ kind: 'reset', session: 8, seq: 0 });
      expect(only(await talk.listen(400, 'hello'))).toMatchObject({ resetCause: 'commanded', seq: unit });
    },
  );

  conversation('R27: OPEN{resume} keeps results and count, and asks again for a grant not acted on', async (talk) => {
    await serving(talk);
    const first = await talk.result(1, HEAT);
    const second = await talk.result(2, HEAT);
    expect(await talk.commit(2, second)).toEqual([]); // waits for 1
    expect(await talk.open(8, true)).toMatchObject({ session: 8, kept: [1, 2], actedBits: 0, executionCount: 2 });
    expect((await talk.commit(1, first)).filter(({ kind }) => kind === 'done')).toMatchObject([{ seq: 1 }]);
    expect((await talk.commit(2, second)).filter(({ kind }) => kind === 'done')).toMatchObject([{ seq: 2 }]);
  });

  conversation('R27: after OPEN{resume} a result that waits is said again within 100 ms', async (talk) => {
    await serving(talk);
    await talk.result(1, HEAT);
    await talk.open(8, true);
    expect((await talk.listen(150, 'result')).length).toBeGreaterThanOrEqual(1);
  });

  conversation('R27: a fresh OPEN drops the kept results, and keeps the count and the state', async (talk) => {
    await serving(talk);
    await talk.exchange(7, HEAT);
    await talk.result(8, HEAT);
    const { digest } = await talk.hello();
    expect(await talk.open(8)).toMatchObject({ session: 8, kept: [], executionCount: 2, digest });
    expect(await talk.listen(250)).toEqual([]); // nothing of the old session is said again
    // What was seen in the old session is no measure in this one.
    expect(await talk.result(3, HEAT)).toMatchObject([{ seq: 3, executionCount: 3 }]);
  });
});
