import { afterAll, describe, expect, test } from 'vitest';
import type { ScriptedBoard } from '#built/bench/scripted-board.js';
import type { Stage } from '#built/bench/stage/stage.js';
import { cleanUp, codes, killAndStartAgain, NOTHING_WRONG, pass, playBroken, scripted, wrongs } from './break-kit.js';

/** Pairs to which no client says anything: idle ones, and those that live on the gateway's ticks. */

afterAll(cleanUp);

const board = (stage: Stage, name: 'a' | 'b') => stage.world.boards[name].board as unknown as ScriptedBoard;

describe('an idle pair', () => {
  test('R16: a primary that hangs is found out by a probe, and the next input is answered by the backup', async () => {
    const run = await playBroken({
      inputs: 20,
      ends: 'not protected',
      config: { probe: '200ms' },
      plan: (stage) =>
        stage.afterAnswers(10, () => {
          stage.client.pause();
          stage.do(async () => {
            await pass(stage, 100_000);
            stage.world.boards.a.board.halt();
            await pass(stage, 500_000);
            stage.client.resume();
          });
        }),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(codes(run)).toEqual(['silent']);
    // Nobody waited for it: the board had been taken out before the first input came.
    const [eleventh] = run.stage.client.sent.slice(10);
    expect((eleventh?.answers[0]?.atUs ?? Number.NaN) - (eleventh?.sentAtUs ?? 0)).toBeLessThan(50_000);
  });

  test('R16, R24: a backup that hangs is found out by a probe, before it is needed', async () => {
    const run = await playBroken({
      inputs: 10,
      config: { probe: '200ms' },
      plan: () => undefined,
      last: async (stage) => {
        stage.world.boards.b.board.halt();
        await pass(stage, 500_000);
      },
    });
    // It was well when the last answer came, and what the test did to it came after.
    expect(wrongs(run)).toEqual({ ...NOTHING_WRONG, stands: 'not protected' });
    expect(run.actuator.drives).toEqual(['a']);
    // It is asked who it is, again and again: it would be let in if it said.
    expect(run.status?.boards[1]?.joining?.step ?? 'opening').toBe('opening');
    expect(codes(run)).toEqual(['silent']);
  });
});

describe('a pair on ticks', () => {
  test('R3, R27: killed twice: no tick is executed twice or by one board alone, and the states are equal', async () => {
    const run = await playBroken({
      inputs: 1,
      boards: scripted(),
      config: { input: ['tcp://127.0.0.1:0', 'every 20ms'] },
      plan: () => undefined,
      last: async (stage) => {
        for (let kills = 0; kills < 2; kills++) {
          await pass(stage, 50_000 + 100 * stage.random.nextBelow(300));
          await killAndStartAgain(stage);
        }
        await pass(stage, 200_000);
      },
    });
    const [a, b] = (['a', 'b'] as const).map((name) => board(run.stage, name));
    const executed = [a, b].map((of) => of?.executed.map(({ seq }) => seq) ?? []);
    // Ticks come from the first moment on: what a did before b had joined is in the state that b was given.
    const joinedAt = executed[0]?.indexOf(executed[1]?.[0] ?? Number.NaN) ?? -1;
    expect(joinedAt).toBeGreaterThanOrEqual(0);
    executed[0] = executed[0]?.slice(joinedAt) ?? [];
    const both = Math.min(...executed.map(({ length }) => length));
    expect(both).toBeGreaterThan(10);
    for (const seqs of executed) expect(new Set(seqs).size).toBe(seqs.length);
    expect(executed[1]).toEqual(executed[0]?.slice(0, executed[1]?.length));
    // The last ones may have been under way when it was closed.
    expect((executed[0]?.length ?? 0) - both).toBeLessThanOrEqual(2);
    if (executed[0]?.length === executed[1]?.length) expect(a?.core?.memory.bytes).toEqual(b?.core?.memory.bytes);
    expect(codes(run)).toEqual(['gateway-restarted']);
  });
});
