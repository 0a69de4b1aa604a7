import { expect } from 'vitest';
import { heaterSymbols } from '../../src/bench/stage/heater-image.js';
import type { SelfTestMessage, SelfTestReportMessage } from '../../src/protocol/messages.generated.js';
import { conformance, serving } from './kit/conformance.js';
import { commanded, reference } from './kit/heater.js';
import { only, type Talk } from './kit/talk.js';

const HEAT = commanded(60, 20);
const RAM_BYTES = 2048;
/** As many as that needs; a board with more has more of them. */
const RAM_SLICES = 88;
const BEYOND_ALL = 60_000;
const RAM_START = 0x100;
/** A cell that no program uses: above the variables, and below the deepest stack. */
const FREE_CELL = heaterSymbols().stackBottom - RAM_START + 40;
const ALMOST_SILENT_MS = 4_500;
const SILENT_MS = 5_300;
const WELL = { ramFault: false, cpuFault: false, ramFaultAt: 0 };

const sliceFrame = (slice: number, session = 7): SelfTestMessage => ({ kind: 'selfTest', session, seq: 0, slice });

async function report(talk: Talk, slice: number): Promise<SelfTestReportMessage> {
  const said = only(await talk.say(sliceFrame(slice)), `report of slice ${slice}`);
  if (said.kind !== 'selfTestReport') throw new Error(`${said.kind} instead of a report`);
  return said;
}

conformance('self-test', (conversation) => {
  conversation('R19: every slice is answered, and the last one says so', async (talk) => {
    await serving(talk);
    for (let slice = 0; slice < RAM_SLICES; slice += 1) {
      expect(await report(talk, slice)).toMatchObject({ ...WELL, slice, ramTested: true });
    }
    expect(await report(talk, BEYOND_ALL)).toMatchObject({
      ...WELL,
      last: true,
      ramTested: false,
      flashBytes: 0,
      flashCrc: 0,
    });
    expect(await report(talk, 0)).toMatchObject({ last: false });
    expect(await talk.hello()).toMatchObject({ session: 7, failed: false, executionCount: 0 });
  });

  conversation('R19: a slice may be asked again, and in any order: the answer is the same', async (talk) => {
    await serving(talk);
    const first = await report(talk, 5);
    expect(await report(talk, 87)).toMatchObject({ slice: 87 });
    expect(await report(talk, 5)).toEqual(first);
    expect(await report(talk, 0)).toMatchObject({ slice: 0 });
    expect(await report(talk, 5)).toEqual(first);
  });

  conversation('R19: inputs between slices are served as ever', async (talk) => {
    await serving(talk);
    const expected = reference(HEAT, HEAT, HEAT, HEAT);
    for (const [index, step] of expected.entries()) {
      await report(talk, index * 20);
      const [part] = await talk.exchange(index + 1, HEAT);
      expect(part?.body).toEqual(step.body);
      expect(talk.levels().duty).toBe(step.state.duty);
    }
  });

  conversation('R19: a slice between RESULT and COMMIT changes neither', async (talk) => {
    await serving(talk);
    const parts = await talk.result(1, HEAT);
    await report(talk, 40);
    expect(talk.levels().duty).toBe(0);
    expect(await talk.commit(1, parts)).toMatchObject([{ kind: 'done', seq: 1 }]);
    expect(await talk.input(1, HEAT)).toEqual(parts);
  });

  conversation(
    'R19: a stuck bit of RAM is told with its place, and the board goes on',
    async (talk) => {
      await serving(talk);
      const { board } = talk;
      await board.stickRam(FREE_CELL, 3, 1);
      await board.stickRam(FREE_CELL, 2, 0);
      const bad: SelfTestReportMessage[] = [];
      for (let slice = 0; slice < RAM_SLICES; slice += 1) {
        const said = await report(talk, slice);
        if (said.ramFault) bad.push(said);
      }
      expect(bad).toHaveLength(11); // once for every address line
      for (const said of bad) expect(said).toMatchObject({ ramFaultAt: FREE_CELL, cpuFault: false });
      expect(await talk.hello()).toMatchObject({ failed: false });
      await talk.exchange(1, HEAT);
      expect(talk.levels().duty).toBeGreaterThan(0);
    },
    { ramBytes: RAM_BYTES },
  );

  conversation('R19: wrong registers are told', async (talk) => {
    await serving(talk);
    await talk.board.breakRegisters();
    expect(await report(talk, 3)).toMatchObject({ slice: 3, ramFault: false, cpuFault: true });
  });

  conversation(
    'R12: only in its session: in session 0 the answer is HELLO, of an old session there is none',
    async (talk) => {
      await talk.listen(35);
      expect(await talk.say(sliceFrame(0, 0))).toMatchObject([{ kind: 'hello', session: 0 }]);
      await talk.open(7);
      await talk.open(8);
      expect(await talk.say(sliceFrame(0, 7))).toEqual([]);
      expect(await talk.say(sliceFrame(0, 8))).toMatchObject([{ kind: 'selfTestReport', session: 8 }]);
    },
  );

  conversation('R27: a parked board answers HELLO, and is tested again when it is taken back', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.listen(SILENT_MS);
    expect(await talk.say(sliceFrame(0))).toMatchObject([{ kind: 'hello', parked: true }]);
    await talk.open(8, true);
    expect(await talk.say(sliceFrame(0, 8))).toMatchObject([{ ...WELL, kind: 'selfTestReport', slice: 0 }]);
  });

  conversation('R11: a slice restarts the silence time like every frame of the session', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    await talk.listen(ALMOST_SILENT_MS);
    await report(talk, 1);
    await talk.listen(ALMOST_SILENT_MS);
    expect(await talk.hello()).toMatchObject({ parked: false });
    expect(talk.levels().duty).toBeGreaterThan(0);
  });
});
