import { afterAll, describe, expect, test } from 'vitest';
import { heaterSymbols } from '#built/bench/stage/heater-image.js';
import type { Stage } from '#built/bench/stage/stage.js';
import type { CommandOutcome } from '#built/control/contract/command.js';
import type { Status } from '#built/control/contract/status.js';
import { heaterApplication } from '#built/model-board/heater-application.js';
import { cleanUp, codes, NOTHING_WRONG, playBroken, scripted, wrongs } from './break-kit.js';

/** Boards that come back, boards that must not, and a person who lets them: over the control socket, as the commands do. */

afterAll(cleanUp);

const roles = (status: Status | null | undefined) => status?.boards.map(({ role }) => role);
const keptOut = (status: Status): boolean => status.boards.some(({ role }) => role === 'kept out');

/** b restarts so often; each time it comes back by itself, unless it is kept out. */
async function flap(stage: Stage, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    stage.world.boards.b.board.resetExternal();
    await stage.settled((status) => !status.protected);
    await stage.settled((status) => status.protected || keptOut(status));
  }
}

describe('boards that are kept out', () => {
  test('R25: a board that flaps is kept out until a person lets it join, and the primary never noticed', async () => {
    const seen: (Status | null)[] = [];
    const outcomes: CommandOutcome[] = [];
    const run = await playBroken({
      inputs: 60,
      // It says that it has restarted before its deadline is over.
      boards: scripted({}, { startUs: 10_000 }),
      config: { flapping: { limit: 2, within: '10min', permanent: 2 }, join: { patience: '50ms' } },
      client: { paceUs: 20_000 },
      plan: (stage) =>
        stage.inject(0.1, () =>
          stage.do(async () => {
            await flap(stage, 2);
            seen.push((await stage.gateway?.status()) ?? null);
            await flap(stage, 1);
            seen.push((await stage.gateway?.status()) ?? null);
            outcomes.push(await stage.command({ command: 'rejoin', board: 'b' }));
          }),
        ),
    });
    expect(seen.map(roles)).toEqual([
      ['primary', 'backup'],
      ['primary', 'kept out'],
    ]);
    expect(seen[1]?.next?.commands).toContain('rejoin b');
    expect(outcomes).toEqual([{ done: expect.stringContaining('Board b') }]);
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a']);
    expect(codes(run)).toEqual(['board-flaps', 'restarted']);
  });

  test('R19, R25: a board that differed is kept out, and joins with the state of the primary when a person says so', async () => {
    const seen: (Status | null)[] = [];
    const run = await playBroken({
      inputs: 30,
      plan: (stage) =>
        stage.inject(0.3, () => {
          const { integratorAddress, inputReturned } = heaterSymbols();
          stage.uno('b').breakpointOnce(inputReturned, () => stage.uno('b').pokeRam(integratorAddress + 1, 0x01));
          stage.do(async () => {
            seen.push(await stage.settled(keptOut));
            await stage.command({ command: 'rejoin', board: 'b' });
          });
        }),
    });
    expect(roles(seen[0])).toEqual(['primary', 'kept out']);
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(codes(run)).toEqual(['mismatch']);
    const states = (['a', 'b'] as const).map((name) =>
      Buffer.from(run.stage.uno(name).readRam(heaterSymbols().stateAddress, 8)).toString('hex'),
    );
    expect(states[1]).toBe(states[0]);
  });

  test.each([
    ['firmware', { ...heaterApplication, version: 2 }],
    ['layout of the state', { ...heaterApplication, layout: 'i32 integrator, i32 setPoint' }],
  ])('R25: a board with another %s is given no state, and it is said why', async (differs, application) => {
    const outcomes: CommandOutcome[] = [];
    const run = await playBroken({
      inputs: 10,
      startsCold: true,
      ends: 'not protected',
      boards: scripted({}, { application }),
      plan: (stage) => {
        stage.allowSafeLevel('a', 1_000_000);
        stage.afterAnswers(5, () =>
          stage.do(async () => {
            await stage.settled(keptOut);
            outcomes.push(await stage.command({ command: 'rejoin', board: 'b' }));
            await stage.settled((status) => !keptOut(status));
            await stage.settled(keptOut);
          }),
        );
      },
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(outcomes).toEqual([{ done: expect.any(String) }]);
    expect(roles(run.status)).toEqual(['primary', 'kept out']);
    expect(codes(run)).toEqual(['board-differs']);
    expect(run.faults.map(({ evidence }) => evidence['differs'])).toEqual([differs, differs]);
  });
});
