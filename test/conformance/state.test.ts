import { expect } from 'vitest';
import { heaterStateBytes } from '../../src/model-board/heater-reference.js';
import { crc32 } from '../../src/protocol/crc32.js';
import type { StatePutMessage } from '../../src/protocol/messages.generated.js';
import { conformance, serving } from './kit/conformance.js';
import { commanded, reference } from './kit/heater.js';

const HEAT = commanded(60, 20);
const WARM = commanded(61, 59);
/** What another board is in, after forty inputs. */
const OTHER = { integrator: 12_345, setPoint: 976, duty: 77, trip: 0 } as const;
const BYTES = heaterStateBytes(OTHER);
const COUNT = 40;
const DIGEST = crc32(BYTES);
const LEVELS = [77, 0];

const get = (offset: number) => ({ kind: 'stateGet', session: 7, seq: 0, offset }) as const;
const put = (from: number, to: number, more: Partial<StatePutMessage> = {}): StatePutMessage => {
  const rest = { executionCount: COUNT, offset: from, outputs: LEVELS, data: BYTES.slice(from, to), ...more };
  return { kind: 'statePut', session: 7, seq: 0, last: to === BYTES.length, ...rest };
};

conformance('state', (conversation) => {
  conversation('R25: at rest it gives its state, count, digest and levels', async (talk) => {
    await serving(talk);
    expect(await talk.say(get(0))).toMatchObject([
      { kind: 'state', executionCount: 0, last: true, busy: false, accepted: false, outputs: [0, 1] },
    ]);
    await talk.exchange(1, HEAT);
    const [step] = reference(HEAT);
    const state = heaterStateBytes(step?.state ?? OTHER);
    const [whole] = await talk.say(get(0));
    const levels = [step?.state.duty, step?.state.trip];
    expect(whole).toMatchObject({
      executionCount: 1,
      last: true,
      offset: 0,
      digest: crc32(state),
      outputs: levels,
      data: state,
    });
    expect(await talk.say(get(0))).toEqual([whole]);
  });

  conversation(
    'R25: it gives its state from any offset, nothing from its end, and less than nothing beyond',
    async (talk) => {
      await serving(talk);
      await talk.exchange(1, HEAT);
      const [step] = reference(HEAT);
      const state = heaterStateBytes(step?.state ?? OTHER);
      expect(await talk.say(get(5))).toMatchObject([{ offset: 5, last: true, data: state.slice(5) }]);
      expect(await talk.say(get(8))).toMatchObject([{ offset: 8, last: true, data: new Uint8Array() }]);
      expect(await talk.say(get(9))).toMatchObject([{ offset: 9, last: false, busy: false, data: new Uint8Array() }]);
      expect(await talk.say(get(60_000))).toMatchObject([{ offset: 60_000, last: false, data: new Uint8Array() }]);
    },
  );

  conversation('R25: with a result that waits it neither gives nor takes state', async (talk) => {
    await serving(talk);
    const parts = await talk.result(1, HEAT);
    const said = (await talk.say(get(0), put(0, 8))).filter(({ kind }) => kind !== 'result');
    expect(said).toMatchObject([
      { kind: 'state', busy: true, last: false, data: new Uint8Array() },
      { kind: 'state', busy: true, accepted: false },
    ]);
    await talk.commit(1, parts);
    expect(await talk.say(get(0))).toMatchObject([{ busy: false, last: true, executionCount: 1 }]);
  });

  conversation('R25: a state put in one piece sets state, count, levels, and drops what was kept', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.open(8);
    expect(await talk.say(put(0, 8, { session: 8 }))).toMatchObject([
      {
        kind: 'state',
        accepted: true,
        last: true,
        busy: false,
        offset: 8,
        executionCount: COUNT,
        digest: DIGEST,
        outputs: LEVELS,
      },
    ]);
    expect(talk.levels()).toEqual({ duty: 77, trip: 0 });
    expect(await talk.hello()).toMatchObject({ executionCount: COUNT, digest: DIGEST, kept: [] });
    const asked = { ...get(0), session: 8 };
    expect(await talk.say(asked)).toMatchObject([{ executionCount: COUNT, digest: DIGEST, data: BYTES }]);
  });

  conversation('R25: a state put in chunks, some of them twice, is answered once, at its end', async (talk) => {
    await serving(talk);
    expect(await talk.say(put(0, 3), put(0, 3), put(3, 6), put(3, 6))).toEqual([]);
    expect(await talk.say(put(6, 8))).toMatchObject([{ accepted: true, offset: 8, digest: DIGEST }]);
    const [result] = await talk.result(5, WARM, { position: COUNT + 1 });
    expect(result).toMatchObject({ executionCount: COUNT + 1 });
  });

  conversation('R25: a lost chunk is told by how many bytes came in order, and can be made good', async (talk) => {
    await serving(talk);
    expect(await talk.say(put(0, 3), put(6, 8))).toMatchObject([
      { accepted: false, last: false, busy: false, offset: 3 },
    ]);
    expect(await talk.say(put(3, 6), put(6, 8))).toMatchObject([{ accepted: true, digest: DIGEST }]);
  });

  conversation(
    'R25: when the first chunk was lost nothing is taken, also right after another transfer',
    async (talk) => {
      await serving(talk);
      expect(await talk.say(put(3, 6), put(6, 8))).toMatchObject([{ accepted: false, offset: 0, executionCount: 0 }]);
      await talk.say(put(0, 8));
      const other = Uint8Array.of(9, 9);
      expect(await talk.say(put(6, 8, { data: other }))).toMatchObject([{ accepted: false, offset: 0 }]);
      expect(await talk.say(get(0))).toMatchObject([{ executionCount: COUNT, data: BYTES }]);
    },
  );

  conversation('R25: the last chunk again, because its answer was lost, is answered the same', async (talk) => {
    await serving(talk);
    const end = put(6, 8);
    const [first] = await talk.say(put(0, 6), end);
    expect(first).toMatchObject({ accepted: true });
    expect(await talk.say(end)).toEqual([first]);
    expect(await talk.say(end, end)).toEqual([first, first]);
    await talk.exchange(5, WARM);
    expect(await talk.say(end)).toMatchObject([{ accepted: false, executionCount: COUNT + 1 }]);
    expect(await talk.hello()).toMatchObject({ executionCount: COUNT + 1, kept: [5] });
  });

  conversation(
    'R25: a transfer that comes once more after something was executed changes nothing, whole or begun',
    async (talk) => {
      await serving(talk);
      await talk.say(put(0, 8));
      await talk.exchange(5, WARM, { position: COUNT + 1 });
      const [before] = await talk.say(get(0));
      const levels = talk.levels();
      expect(await talk.say(put(0, 8))).toMatchObject([{ accepted: false, busy: true, executionCount: COUNT + 1 }]);
      expect(await talk.say(put(0, 3))).toEqual([]);
      expect(await talk.say(get(0))).toEqual([before]);
      expect(talk.levels()).toEqual(levels);
      const [result] = await talk.result(6, HEAT, { position: COUNT + 2 });
      expect(result).toMatchObject({ executionCount: COUNT + 2 });
    },
  );

  conversation('R25: a transfer whose last chunk says other things is not taken', async (talk) => {
    await serving(talk);
    const long = put(0, 8, { data: new Uint8Array(9) });
    expect(await talk.say(long)).toMatchObject([{ accepted: false, offset: 0 }]);
    expect(await talk.say(put(0, 6), put(6, 8, { outputs: [1] }))).toMatchObject([{ accepted: false, offset: 8 }]);
    expect(await talk.say(put(6, 8, { outputs: [1, 0, 1] }))).toMatchObject([{ accepted: false }]);
    expect(talk.levels()).toEqual({ duty: 0, trip: 1 });
    expect(await talk.say(put(6, 8))).toMatchObject([{ accepted: true, outputs: LEVELS }]);
  });

  conversation('R25: a state put without levels leaves the outputs', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    const levels = talk.levels();
    await talk.open(8);
    expect(await talk.say(put(0, 8, { session: 8, outputs: [] }))).toMatchObject([
      { accepted: true, outputs: [levels.duty, levels.trip] },
    ]);
    expect(talk.levels()).toEqual(levels);
  });

  conversation(
    'R25: in the middle of a transfer it serves no input and gives no state, and fails not',
    async (talk) => {
      await serving(talk);
      expect((await talk.say(put(0, 3), talk.inputFrame(1, HEAT))).map(({ kind }) => kind)).toEqual(['log']);
      expect(await talk.say(get(0))).toMatchObject([{ kind: 'state', busy: true, data: new Uint8Array() }]);
      expect(await talk.say(put(3, 8))).toMatchObject([{ accepted: true }]);
      expect(await talk.result(1, HEAT)).toMatchObject([{ executionCount: COUNT + 1 }]);
    },
  );

  conversation('R25: a transfer begun again from offset 0 takes the new state', async (talk) => {
    await serving(talk);
    await talk.say(put(0, 3, { data: Uint8Array.of(1, 2, 3) }));
    expect(await talk.open(8)).toMatchObject({ session: 8 });
    const again = (one: StatePutMessage) => ({ ...one, session: 8 });
    expect(await talk.say(again(put(0, 6)), again(put(6, 8)))).toMatchObject([{ accepted: true, digest: DIGEST }]);
  });

  conversation('R25: with another board’s state it computes what that one would have', async (talk) => {
    await serving(talk);
    const [before, after] = reference(HEAT, WARM);
    if (before === undefined || after === undefined) return;
    const data = heaterStateBytes(before.state);
    const outputs = [before.state.duty, before.state.trip];
    await talk.say(put(0, 8, { data, outputs, executionCount: 1 }));
    const parts = await talk.exchange(2, WARM, { position: 2 });
    expect(parts).toMatchObject([
      { executionCount: 2, digest: crc32(heaterStateBytes(after.state)), body: after.body },
    ]);
    expect(talk.levels()).toEqual({ duty: after.state.duty, trip: after.state.trip });
  });
});
