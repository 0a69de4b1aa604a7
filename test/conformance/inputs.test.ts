import { expect } from 'vitest';
import { HEATER_REPORT, heaterStateBytes } from '../../src/model-board/heater-reference.js';
import { crc32 } from '../../src/protocol/crc32.js';
import { inputCrc } from '../../src/protocol/result-hash.js';
import { conformance, serving } from './kit/conformance.js';
import { commanded, reference, TICK } from './kit/heater.js';
import { hashOf, only } from './kit/talk.js';

const HEAT = commanded(60, 20);
const WARM = commanded(60, 59);

conformance('inputs', (conversation) => {
  conversation(
    'R7: computes what the reference computes, and moves its outputs when that is committed',
    async (talk) => {
      await serving(talk);
      const payloads = [HEAT, WARM, commanded(60, 61), commanded(100, 125), commanded(100, 20)];
      let before = talk.levels();
      for (const [index, step] of reference(...payloads).entries()) {
        const seq = index + 1;
        const payload = payloads[index] ?? TICK;
        const parts = await talk.result(seq, payload);
        const crc = inputCrc({ probe: false, pairTimeMs: seq * 10, payload });
        const digest = crc32(heaterStateBytes(step.state));
        expect(parts).toMatchObject([
          { seq, executionCount: seq, part: 0, last: true, rejected: false, inputCrc: crc, digest },
        ]);
        expect(only(parts).body).toEqual(step.body);
        expect(talk.levels()).toEqual(before);
        const { duty, trip } = step.state;
        expect(await talk.commit(seq, parts)).toMatchObject([
          { kind: 'done', seq, stale: false, readBack: [duty, trip] },
        ]);
        before = talk.levels();
        expect(before).toEqual({ duty, trip });
      }
    },
  );

  conversation(
    'R7: a commit of another result, before the result or of a seq never given moves nothing',
    async (talk) => {
      await serving(talk);
      expect((await talk.commit(1, 5)).map(({ kind }) => kind)).toEqual(['log']);
      const parts = await talk.result(1, HEAT);
      expect((await talk.commit(1, hashOf(parts) ^ 1)).map(({ kind }) => kind)).toEqual(['log']);
      expect((await talk.commit(2, hashOf(parts))).map(({ kind }) => kind)).toEqual(['log']);
      expect(talk.levels()).toEqual({ duty: 0, trip: 1 });
      await talk.input(2, HEAT, { position: 9 }); // waits
      expect((await talk.commit(2, 0)).filter(({ kind }) => kind !== 'result').map(({ kind }) => kind)).toEqual([
        'log',
      ]);
      expect(await talk.commit(1, parts)).toMatchObject([{ kind: 'done', seq: 1 }]);
    },
  );

  conversation(
    'R11: a repeated INPUT gets the kept RESULT, before and after its commit, and runs once',
    async (talk) => {
      await serving(talk);
      const parts = await talk.result(1, HEAT);
      expect(await talk.input(1, HEAT)).toEqual(parts);
      await talk.commit(1, parts);
      expect(await talk.input(1, HEAT)).toEqual(parts);
      expect(await talk.hello()).toMatchObject({ executionCount: 1, kept: [1], actedBits: 1 });
    },
  );

  conversation('R11: a repeated COMMIT is answered by DONE again', async (talk) => {
    await serving(talk);
    const parts = await talk.exchange(1, HEAT);
    const again = await talk.commit(1, parts);
    expect(again).toMatchObject([{ kind: 'done', seq: 1, stale: false }]);
    expect(await talk.commit(1, parts)).toEqual(again);
  });

  conversation(
    'R11: DONE says what the outputs showed right after the act, also when it is repeated later',
    async (talk) => {
      await serving(talk);
      const first = await talk.exchange(1, HEAT);
      await talk.exchange(2, commanded(20, 60));
      const [, later] = reference(HEAT, commanded(20, 60));
      expect(talk.levels().duty).toBe(later?.state.duty);
      const [step] = reference(HEAT);
      expect(await talk.commit(1, first)).toMatchObject([{ kind: 'done', seq: 1, readBack: [step?.state.duty, 0] }]);
    },
  );

  conversation('R11: beyond the kept results inputs and commits are stale, and nothing runs again', async (talk) => {
    await serving(talk);
    for (const seq of [1, 2, 3]) await talk.exchange(seq, HEAT);
    expect(await talk.input(1, HEAT)).toMatchObject([{ kind: 'done', seq: 1, stale: true }]);
    expect(await talk.commit(1, 77)).toMatchObject([{ kind: 'done', seq: 1, stale: true }]);
    expect(await talk.hello()).toMatchObject({ executionCount: 3, kept: [2, 3] });
  });

  conversation('R11: another input under a kept seq is logged and nothing else', async (talk) => {
    await serving(talk);
    const parts = await talk.exchange(1, HEAT);
    expect((await talk.input(1, WARM)).map(({ kind }) => kind)).toEqual(['log']);
    expect((await talk.input(1, HEAT, { pairTimeMs: 11 })).map(({ kind }) => kind)).toEqual(['log']);
    expect((await talk.input(1, HEAT, { probe: true })).map(({ kind }) => kind)).toEqual(['log']);
    expect(await talk.input(1, HEAT)).toEqual(parts);
  });

  conversation('R11: a seq whose place is taken by one that is not done is refused', async (talk) => {
    await serving(talk);
    const first = await talk.result(1, HEAT);
    await talk.result(2, HEAT);
    expect((await talk.input(3, HEAT)).filter(({ kind }) => kind !== 'result').map(({ kind }) => kind)).toEqual([
      'log',
    ]);
    await talk.commit(1, first);
    expect((await talk.result(3, HEAT)).filter(({ seq }) => seq === 3)).toMatchObject([{ executionCount: 3 }]);
  });

  conversation('R11: a recall repeats whatever the crc, or is stale, and never runs', async (talk) => {
    await serving(talk);
    expect(await talk.input(9, HEAT, { recall: true })).toMatchObject([{ kind: 'done', seq: 9, stale: true }]);
    const parts = await talk.exchange(1, HEAT);
    expect(await talk.input(1, TICK, { recall: true, pairTimeMs: 0 })).toEqual(parts);
    expect(await talk.hello()).toMatchObject({ executionCount: 1 });
  });

  conversation('R11: a result is said again every 100 ms until it is committed', async (talk) => {
    await serving(talk);
    const parts = await talk.result(1, HEAT);
    const again = await talk.listen(1000, 'result');
    expect(again.length).toBeGreaterThanOrEqual(9);
    expect(again.length).toBeLessThanOrEqual(11);
    expect(again.every((one) => one.seq === 1)).toBe(true);
    await talk.commit(1, parts);
    expect(await talk.listen(1000)).toEqual([]);
  });

  conversation('COMMIT n and INPUT n + 1 in one write are both served', async (talk) => {
    await serving(talk);
    const parts = await talk.result(1, HEAT);
    const said = await talk.say(talk.commitFrame(1, parts), talk.inputFrame(2, WARM));
    expect(said.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['done', 1],
      ['result', 2],
    ]);
  });

  conversation('seq 0 is no input', async (talk) => {
    await serving(talk);
    expect(await talk.input(0, HEAT)).toEqual([]);
    expect(await talk.hello()).toMatchObject({ executionCount: 0, kept: [] });
  });

  conversation('R4: what it rejects has a result too, stages nothing and leaves the state', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    const { digest } = await talk.hello();
    const levels = talk.levels();
    for (const [index, length] of [5, 6, 41].entries()) {
      const parts = await talk.exchange(index + 2, new Uint8Array(length));
      expect(parts).toMatchObject([{ part: 0, last: true, rejected: true, digest, body: new Uint8Array() }]);
      expect(talk.levels()).toEqual(levels);
    }
  });

  conversation(
    'R4: a result of two parts comes whole, in order, and is committed by the hash of both',
    async (talk) => {
      await serving(talk);
      await talk.exchange(1, HEAT);
      const levels = talk.levels();
      const [, step] = reference(HEAT, HEATER_REPORT);
      const parts = await talk.result(2, HEATER_REPORT);
      expect(parts).toMatchObject([
        { part: 0, last: false, executionCount: 2 },
        { part: 1, last: true, executionCount: 2 },
      ]);
      expect(parts.map(({ body }) => body)).toEqual(step?.parts);
      expect((await talk.commit(2, parts.slice(0, 1))).map(({ kind }) => kind)).toEqual(['log']);
      expect(await talk.input(2, HEATER_REPORT)).toEqual(parts);
      expect(await talk.commit(2, parts)).toMatchObject([{ kind: 'done', seq: 2 }]);
      expect(talk.levels()).toEqual(levels);
    },
  );

  conversation('R4: parts of two results never mix', async (talk) => {
    await serving(talk);
    const said = await talk.say(talk.inputFrame(1, HEATER_REPORT), talk.inputFrame(2, HEATER_REPORT));
    const heard = said.map((one) => (one.kind === 'result' ? [one.seq, one.part] : one.kind));
    expect(heard).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
  });

  conversation('R16: a probe goes the whole way and touches nothing', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    const { digest } = await talk.hello();
    const levels = talk.levels();
    const parts = await talk.exchange(2, HEAT, { probe: true });
    expect(parts).toMatchObject([{ digest, executionCount: 2, last: true, observed: [], body: new Uint8Array() }]);
    expect(talk.levels()).toEqual(levels);
  });

  conversation('R21: computes with the values given, and reports its own', async (talk) => {
    await serving(talk);
    await talk.board.setSource(204);
    const own = only(await talk.exchange(1, TICK));
    expect(own.observed).toEqual([204]);
    await talk.board.setSource(300);
    const given = only(await talk.exchange(2, TICK, { observedGiven: true, observed: [204] }));
    expect(given.observed).toEqual([300]);
    await talk.board.setSource(204);
    await talk.open(8);
    const alone = only(await talk.exchange(3, TICK));
    // 204 three times over: the one that was given another reading went on as if it had read 204.
    expect(alone.observed).toEqual([204]);
    expect(given.digest).not.toBe(own.digest);
  });

  conversation('R21: values given that are not asked for change nothing, and missing ones are read', async (talk) => {
    await serving(talk);
    await talk.board.setSource(204);
    const [step] = reference(HEAT);
    const commandedOne = only(await talk.exchange(1, HEAT, { observedGiven: true, observed: [1, 2, 3, 4] }));
    expect(commandedOne).toMatchObject({ observed: [], digest: crc32(heaterStateBytes(step?.state ?? never())) });
    expect(only(await talk.exchange(2, TICK, { observedGiven: true, observed: [] })).observed).toEqual([204]);
  });

  conversation(
    'asks for an input by itself, once, when it gets hot, and offers again after it was cooler',
    async (talk) => {
      await serving(talk);
      await talk.board.setSource(500); // 122 degC
      expect(await talk.listen(60)).toMatchObject([{ kind: 'offer', session: 7, payload: new Uint8Array() }]);
      expect(await talk.listen(60)).toEqual([]);
      await talk.board.setSource(200);
      await talk.listen(60);
      await talk.board.setSource(500);
      expect(await talk.listen(60, 'offer')).toHaveLength(1);
    },
  );
});

function never(): never {
  throw new Error('the reference made nothing of an input');
}
