import { expect } from 'vitest';
import { conformance, serving } from './kit/conformance.js';
import { commanded, TICK } from './kit/heater.js';
import { only } from './kit/talk.js';

const HEAT = commanded(60, 20);
const SAFE = { duty: 0, trip: 1 };

conformance('failure', (conversation) => {
  conversation('R11: VIOLATION is safe levels and FAILED to everything but HELLO_REQ, until RESET', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    const waiting = await talk.result(2, HEAT);
    const violation = { kind: 'violation', session: 7, seq: 1, reason: 9 } as const;
    expect(await talk.say(violation)).toMatchObject([{ kind: 'failed', reason: 'violation', detail: 9 }]);
    expect(talk.levels()).toEqual(SAFE);
    const { boot } = await talk.hello();
    const open = talk.openFrame({ newSession: 8, wasSession: 7, boot, resume: true });
    for (const frame of [
      talk.commitFrame(2, waiting),
      talk.inputFrame(3, HEAT),
      talk.inputFrame(1, HEAT, { recall: true }),
      { kind: 'wait', session: 7, seq: 2 } as const,
      { kind: 'stateGet', session: 7, seq: 0, offset: 0 } as const,
      { kind: 'selfTest', session: 7, seq: 0, slice: 0 } as const,
      { ...violation, reason: 3 },
      open,
    ]) {
      expect(await talk.say(frame)).toMatchObject([{ kind: 'failed', session: 7, reason: 'violation', detail: 9 }]);
    }
    expect(await talk.listen(SILENT_MS)).toEqual([]); // unasked it says nothing, and repeats no result
    expect(talk.levels()).toEqual(SAFE);
    expect(await talk.hello()).toMatchObject({ session: 7, failed: true, parked: false, executionCount: 2 });
    talk.send({ kind: 'reset', session: 7, seq: 0 });
    expect(only(await talk.listen(400, 'hello'))).toMatchObject({ session: 0, failed: false, resetCause: 'commanded' });
  });

  conversation('R29: a flipped bit of the state is FAILED before the next input runs', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.board.flipState(12);
    expect(await talk.input(2, HEAT)).toMatchObject([{ kind: 'failed', reason: 'stateCorrupt' }]);
    expect(talk.levels()).toEqual(SAFE);
    expect(await talk.hello()).toMatchObject({ failed: true, executionCount: 1, kept: [1] });
  });

  conversation('R29: an output that shows what nobody wrote is FAILED before the next input runs', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.board.flipDuty(4);
    expect(await talk.input(2, HEAT)).toMatchObject([{ kind: 'failed', reason: 'outputCorrupt', detail: 0 }]);
    expect(talk.levels()).toEqual(SAFE);
  });

  conversation('R29: a probe checks as an input does', async (talk) => {
    await serving(talk);
    await talk.board.flipState(40);
    expect(await talk.input(1, TICK, { probe: true })).toMatchObject([{ kind: 'failed', reason: 'stateCorrupt' }]);
  });

  conversation('R29: a corrupted state is not given out', async (talk) => {
    await serving(talk);
    await talk.board.flipState(3);
    expect(await talk.say({ kind: 'stateGet', session: 7, seq: 0, offset: 0 })).toMatchObject([
      { kind: 'failed', reason: 'stateCorrupt' },
    ]);
  });

  conversation(
    'R29: a result that is kept is repeated and committed also when the state is corrupted since',
    async (talk) => {
      await serving(talk);
      const parts = await talk.result(1, HEAT);
      await talk.board.flipState(3);
      expect(await talk.input(1, HEAT)).toEqual(parts);
      expect(await talk.commit(1, parts)).toMatchObject([{ kind: 'done', seq: 1 }]);
      expect(await talk.input(2, HEAT)).toMatchObject([{ kind: 'failed', reason: 'stateCorrupt' }]);
    },
  );

  conversation('R7: 140 degC on its own A0 is safe levels and FAILED, without anybody’s leave', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.board.setSource(590);
    expect(await talk.listen(60)).toMatchObject([{ kind: 'failed', reason: 'localTrip' }]);
    expect(talk.levels()).toEqual(SAFE);
    await talk.board.setSource(200);
    await talk.listen(60);
    expect(await talk.input(2, HEAT)).toMatchObject([{ kind: 'failed', reason: 'localTrip' }]);
  });

  conversation('R7: it trips without a session too, and says so when it is opened', async (talk) => {
    await talk.listen(START_MS);
    await talk.board.setSource(590);
    expect(await talk.listen(60)).toMatchObject([{ kind: 'failed', session: 0, reason: 'localTrip' }]);
    const { boot } = await talk.hello();
    const open = talk.openFrame({ newSession: 8, boot });
    expect(await talk.say(open)).toMatchObject([{ kind: 'failed', session: 0, reason: 'localTrip' }]);
  });
});

const SILENT_MS = 5_300;
const START_MS = 35;
