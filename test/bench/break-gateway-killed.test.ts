import { afterAll, describe, expect, test } from 'vitest';
import type { ScriptedBoard } from '#built/bench/scripted-board.js';
import type { Stage } from '#built/bench/stage/stage.js';
import { FrameSplitter } from '#built/protocol/frame-splitter.js';
import {
  cleanUp,
  codes,
  type JudgedRun,
  killAndStartAgain,
  NOTHING_WRONG,
  pass,
  playBroken,
  scripted,
  wrongs,
} from './break-kit.js';

/** kill -9 at the moments of a takeover. The actuator and the client are the witnesses, never the gateway's log. */

afterAll(cleanUp);

const acted = (stage: Stage, name: 'a' | 'b'): number =>
  (stage.world.boards[name].board as unknown as ScriptedBoard).acted.length;

/** Loses the gateway's next command of the relay, and calls `then` in its place. */
function insteadOfTheRelay(stage: Stage, then: () => void): void {
  const { relay } = stage.world;
  const setLine = relay.setLine.bind(relay);
  relay.setLine = () => {
    relay.setLine = setLine;
    then();
  };
}

const isStep = (kind: string): boolean => kind === 'input' || kind === 'commit';

/** Calls `then` when the next INPUT or COMMIT for this board is on its way, which does not get there any more. */
function insteadOfTheNextStep(stage: Stage, name: 'a' | 'b', then: () => void): void {
  const { hostEnd } = stage.world.boards[name];
  const splitter = new FrameSplitter();
  const onData = hostEnd.onData;
  hostEnd.onData = (bytes) => {
    if (!splitter.push(bytes).some((received) => received.ok && isStep(received.message.kind))) return onData(bytes);
    hostEnd.onData = onData;
    then();
  };
}

/** Three inputs in flight at boards that cost little; the one that fails stays away. */
const THREE_IN_FLIGHT = {
  inputs: 30,
  ends: 'not protected',
  boards: scripted(),
  client: { inFlight: 3 },
} as const;

function expectTakenOver(run: JudgedRun): void {
  expect(wrongs(run)).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a', 'b']);
  expect(run.status?.primary).toBe('b');
}

/** What happens while nobody is there happens before the next gateway starts. */
async function killAndStartAgainAfter(stage: Stage, whileGone: () => void): Promise<void> {
  await stage.killGateway();
  stage.client.disconnect();
  whileGone();
  await stage.startAgain();
  await stage.connectClient();
}

describe('a gateway killed in the middle of a takeover', () => {
  test('R10: fence recorded, relay not commanded: the next gateway rolls forward', async () => {
    const run = await playBroken({
      ...THREE_IN_FLIGHT,
      plan: (stage) =>
        stage.inject(0.4, () => {
          insteadOfTheRelay(stage, () => stage.do(() => killAndStartAgain(stage)));
          stage.world.boards.a.board.halt();
        }),
    });
    expectTakenOver(run);
    expect(codes(run)).toEqual(['gateway-restarted', 'silent']);
  });

  test('R10: killed while the backup catches up: the contact waits for it, also over the restart', async () => {
    const atTheKill: { line: number; unfinished: number }[] = [];
    const run = await playBroken({
      ...THREE_IN_FLIGHT,
      plan: (stage) =>
        stage.inject(0.4, () => {
          const { a, b } = stage.world.boards;
          // Nothing reaches the backup any more: the primary is ahead of it as soon as it acts again.
          b.link.faults.toBoard.isCut = true;
          const behind = (): number => acted(stage, 'a') - acted(stage, 'b');
          const whenBehind = (): void => {
            if (behind() < 1) {
              stage.world.at(stage.world.nowUs() + 100, whenBehind);
              return;
            }
            a.unplug();
            insteadOfTheNextStep(stage, 'b', () => {
              atTheKill.push({ line: stage.world.relay.line, unfinished: behind() });
              b.link.mend();
              stage.do(() => killAndStartAgain(stage));
            });
          };
          // What had reached it before the cut it still acts on.
          stage.world.at(stage.world.nowUs() + 15_000, whenBehind);
        }),
    });
    // The contact had not moved, and the backup's output was older than what the actuator had.
    expect(atTheKill).toEqual([{ line: 0, unfinished: expect.any(Number) }]);
    expect(atTheKill[0]?.unfinished).toBeGreaterThanOrEqual(1);
    expectTakenOver(run);
  });

  test.each([3, 5])(
    'R10, R27: killed twice at moments that seed %i decides: nothing lost, nothing twice',
    async (seed) => {
      const run = await playBroken({
        inputs: 30,
        ends: 'not protected',
        seed,
        boards: scripted(),
        client: { inFlight: 1 + (seed % 4) },
        plan: (stage) =>
          stage.inject(0.4, () => {
            stage.world.boards.a.unplug();
            stage.do(async () => {
              for (let kills = 0; kills < 2; kills++) {
                await pass(stage, 100 * stage.random.nextBelow(300));
                await killAndStartAgain(stage);
              }
            });
          }),
      });
      expectTakenOver(run);
    },
  );

  test('R10, R22: with every commit on disk, and the primary silent: nothing lost, nothing twice', async () => {
    const run = await playBroken({
      inputs: 30,
      ends: 'not protected',
      config: { ledger: { path: 'ledger.sqlite', durability: 'power' } },
      plan: (stage) =>
        stage.inject(0.4, () => {
          insteadOfTheRelay(stage, () => stage.do(() => killAndStartAgain(stage)));
          stage.world.boards.a.board.halt();
        }),
    });
    expectTakenOver(run);
    expect(codes(run)).toEqual(['gateway-restarted', 'silent']);
  });
});

describe('what happened while no gateway ran', () => {
  test('R27: the primary died: the next gateway finds it unresponsive and hands over, with nothing lost', async () => {
    const run = await playBroken({
      inputs: 24,
      ends: 'not protected',
      boards: scripted(),
      client: { inFlight: 2 },
      plan: (stage) =>
        stage.inject(0.5, () => stage.do(() => killAndStartAgainAfter(stage, () => stage.world.boards.a.board.halt()))),
    });
    expectTakenOver(run);
    expect(codes(run)).toEqual(['gateway-restarted', 'silent']);
  });

  test('R24, R25: the backup restarted: it joins again, and the primary goes on where it was', async () => {
    const run = await playBroken({
      inputs: 30,
      plan: (stage) =>
        stage.inject(0.5, () =>
          stage.do(() => killAndStartAgainAfter(stage, () => stage.world.boards.b.board.resetExternal())),
        ),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a']);
    expect(run.status?.boards.map(({ role }) => role)).toEqual(['primary', 'backup']);
    expect(codes(run)).toEqual(['gateway-restarted', 'restarted']);
  });

  test('R12, R13: the cable of a locked-out board was mended: it comes back as the backup, and never drives', async () => {
    const run = await playBroken({
      inputs: 30,
      plan: (stage) => {
        const { link } = stage.world.boards.a;
        stage.inject(0.3, () => link.cut());
        stage.inject(0.7, () => stage.do(() => killAndStartAgainAfter(stage, () => link.mend())));
      },
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(run.status?.boards.map(({ role }) => role)).toEqual(['backup', 'primary']);
  });
});

test('R27: ended in good order in the middle of a takeover, and started again: nothing lost, nothing twice', async () => {
  const run = await playBroken({
    ...THREE_IN_FLIGHT,
    plan: (stage) =>
      stage.inject(0.4, () => {
        stage.world.boards.a.unplug();
        stage.do(async () => {
          await pass(stage, 5_000);
          await stage.gateway?.close();
          stage.client.disconnect();
          await stage.startAgain();
          await stage.connectClient();
        });
      }),
  });
  expectTakenOver(run);
  expect(codes(run)).toEqual(['gateway-restarted', 'unplugged']);
});

test('R22: a pair that was stopped is stopped after a restart too: it says so to whoever asks, and drives nothing new', async () => {
  const run = await playBroken({
    inputs: 24,
    ends: 'stopped',
    boards: scripted(),
    stuckUs: 1_500_000,
    plan: (stage) => {
      stage.inject(0.3, () => stage.world.boards.b.unplug());
      stage.inject(0.6, () => {
        stage.world.boards.a.board.halt();
        stage.do(async () => {
          await pass(stage, 200_000);
          await killAndStartAgain(stage);
        });
      });
    },
  });
  expect({ ...wrongs(run), lost: [], wrongAtActuator: [] }).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a']);
  expect(run.status?.phase).toBe('stopped');
  expect(run.stage.client.errors.filter((line) => line.includes('"STOPPED"')).length).toBeGreaterThan(0);
});
