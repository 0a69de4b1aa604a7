import { expect } from 'vitest';
import { conformance, serving } from './kit/conformance.js';
import { commanded } from './kit/heater.js';

const HEAT = commanded(60, 20);
const COOL = commanded(20, 60);
const SAFE = { duty: 0, trip: 1 };
/** The heater's silence time is 5 s. */
const ALMOST_SILENT_MS = 4_500;
const SILENT_MS = 5_300;

conformance('silence', (conversation) => {
  conversation('R27: after its silence time the outputs are safe, and it says so to whoever speaks', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    expect(talk.levels().duty).toBeGreaterThan(0);
    await talk.listen(ALMOST_SILENT_MS);
    expect(talk.levels().duty).toBeGreaterThan(0);
    expect(await talk.listen(SILENT_MS - ALMOST_SILENT_MS)).toEqual([]);
    expect(talk.levels()).toEqual(SAFE);
    expect(await talk.input(2, HEAT)).toMatchObject([
      { kind: 'hello', session: 7, parked: true, failed: false, kept: [1], actedBits: 1, executionCount: 1 },
    ]);
  });

  conversation('R11: WAIT and every other frame of the session restart the silence time', async (talk) => {
    await serving(talk);
    const parts = await talk.result(1, HEAT);
    await talk.listen(ALMOST_SILENT_MS);
    talk.send({ kind: 'wait', session: 7, seq: 1 });
    await talk.listen(ALMOST_SILENT_MS);
    talk.send({ kind: 'commit', session: 7, seq: 9, resultHash: 0 });
    await talk.listen(ALMOST_SILENT_MS);
    expect((await talk.commit(1, parts)).filter(({ kind }) => kind === 'done')).toMatchObject([{ seq: 1 }]);
    expect(talk.levels().duty).toBeGreaterThan(0);
  });

  conversation('R27: HELLO_REQ and frames of other sessions do not', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.listen(ALMOST_SILENT_MS);
    talk.send({ kind: 'wait', session: 6, seq: 1 }, { kind: 'helloRequest', session: 0, seq: 0 });
    await talk.listen(SILENT_MS - ALMOST_SILENT_MS);
    expect(talk.levels()).toEqual(SAFE);
    expect(await talk.hello()).toMatchObject({ parked: true });
  });

  conversation(
    'R11: parked it acts on nothing; OPEN{resume} gives back levels and the waiting result',
    async (talk) => {
      await serving(talk);
      await talk.exchange(1, HEAT);
      const driven = talk.levels();
      const waiting = await talk.result(2, COOL);
      await talk.listen(SILENT_MS);
      expect(talk.levels()).toEqual(SAFE);
      expect((await talk.commit(2, waiting)).map(({ kind }) => kind)).toEqual(['hello']);
      expect(talk.levels()).toEqual(SAFE);
      expect(await talk.open(8, true)).toMatchObject({ parked: false, kept: [1, 2], actedBits: 1 });
      expect(talk.levels()).toEqual(driven);
      expect((await talk.commit(2, waiting)).filter(({ kind }) => kind === 'done')).toMatchObject([{ seq: 2 }]);
      expect(talk.levels().duty).toBe(0);
      expect(talk.levels().trip).toBe(0);
    },
  );

  conversation('R27: a fresh OPEN of a parked board leaves its outputs as they are', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.listen(SILENT_MS);
    expect(await talk.open(8)).toMatchObject({ parked: false, kept: [], executionCount: 1 });
    expect(talk.levels()).toEqual(SAFE);
    expect(await talk.say({ kind: 'stateGet', session: 8, seq: 0, offset: 0 })).toMatchObject([{ outputs: [0, 1] }]);
  });

  conversation('R27: what waited for its position when it parked is forgotten by OPEN{resume}', async (talk) => {
    await serving(talk);
    await talk.input(1, HEAT, { position: 2 });
    await talk.listen(SILENT_MS);
    expect(await talk.open(8, true)).toMatchObject({ parked: false, kept: [], executionCount: 0 });
    expect(await talk.result(1, HEAT, { position: 1 })).toMatchObject([{ executionCount: 1 }]);
  });

  conversation('R11: VIOLATION reaches a parked board', async (talk) => {
    await serving(talk);
    await talk.listen(SILENT_MS);
    expect(await talk.say({ kind: 'violation', session: 7, seq: 0, reason: 1 })).toMatchObject([
      { kind: 'failed', reason: 'violation' },
    ]);
  });

  conversation('R15: a board without a session never parks, and a restarted one is not parked', async (talk) => {
    await talk.listen(SILENT_MS);
    expect(await talk.hello()).toMatchObject({ parked: false, session: 0 });
    await talk.open(7);
    await talk.listen(SILENT_MS);
    expect(await talk.hello()).toMatchObject({ parked: true });
    talk.send({ kind: 'reset', session: 7, seq: 0 });
    await talk.listen(400);
    expect(await talk.hello()).toMatchObject({ parked: false, session: 0 });
  });
});
