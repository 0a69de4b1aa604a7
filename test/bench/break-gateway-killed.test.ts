import { afterAll, describe, expect, test } from 'vitest';
import type { Stage } from '#built/bench/stage/stage.js';
import { FrameSplitter } from '#built/protocol/frame-splitter.js';
import { cleanUp, codes, killAndStartAgain, NOTHING_WRONG, pass, playBroken, scripted, wrongs } from './break-kit.js';

/** kill -9 at the moments of a takeover. The actuator and the client are the witnesses, never the gateway's log. */

afterAll(cleanUp);

/** Loses the gateway's next command of the relay, and calls `then` in its place. */
function insteadOfTheRelay(stage: Stage, then: () => void): void {
  const { relay } = stage.world;
  const setLine = relay.setLine.bind(relay);
  relay.setLine = () => {
    relay.setLine = setLine;
    then();
  };
}

/** Calls `then` when the next INPUT for this board is on its way, which does not get there any more. */
function insteadOfTheNextInput(stage: Stage, name: 'a' | 'b', then: () => void): void {
  const { pty } = stage.world.boards[name];
  const splitter = new FrameSplitter();
  const onData = pty.onData;
  pty.onData = (bytes) => {
    if (!splitter.push(bytes).some((received) => received.ok && received.message.kind === 'input'))
      return onData(bytes);
    pty.onData = onData;
    then();
  };
}

/** What happens while nobody is there happens before the next gateway starts. */
async function killAndStartAgainAfter(stage: Stage, whileGone: () => void): Promise<void> {
  await stage.killGateway();
  stage.client.disconnect();
  whileGone();
  await stage.startGateway();
  await stage.client.connect(stage.address());
}

describe('a gateway killed in the middle of a takeover', () => {
  test('R10: fence recorded, relay not commanded: the next gateway rolls forward', async () => {
    const run = await playBroken({
      inputs: 30,
      boards: scripted(),
      client: { inFlight: 3 },
      plan: (stage) =>
        stage.inject(0.4, () => {
          insteadOfTheRelay(stage, () => stage.do(() => killAndStartAgain(stage)));
          stage.world.boards.a.board.halt();
        }),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(run.status?.boards[0]?.role).toBe('locked out');
    expect(codes(run)).toEqual(['gateway-restarted', 'silent']);
  });

  test('R10: killed while the backup catches up: the contact waits for it, also over the restart', async () => {
    const atTheKill: { line: number; unfinished: number }[] = [];
    const run = await playBroken({
      inputs: 30,
      boards: scripted(),
      client: { inFlight: 3 },
      plan: (stage) =>
        stage.inject(0.4, () => {
          const { a, b } = stage.world.boards;
          // The backup has acted on less than the primary: what the actuator has, it has not.
          const board = a.board as unknown as { acted: unknown[] };
          const copy = b.board as unknown as { acted: unknown[] };
          const whenBehind = (): void => {
            if (board.acted.length <= copy.acted.length) {
              stage.world.at(stage.world.nowUs() + 100, whenBehind);
              return;
            }
            insteadOfTheNextInput(stage, 'b', () => {
              atTheKill.push({
                line: stage.world.relay.line,
                unfinished: board.acted.length - copy.acted.length,
              });
              stage.do(() => killAndStartAgain(stage));
            });
            a.unplug();
          };
          whenBehind();
        }),
    });
    expect(atTheKill).toEqual([{ line: 0, unfinished: expect.any(Number) }]);
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(run.status?.boards[0]?.role).toBe('locked out');
  });

  test.each([3, 5])(
    'R10, R27: killed twice at moments that seed %i decides: nothing lost, nothing twice',
    async (seed) => {
      const run = await playBroken({
        inputs: 30,
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
      expect(wrongs(run)).toEqual(NOTHING_WRONG);
      expect(run.actuator.drives).toEqual(['a', 'b']);
      expect(run.status?.boards[0]?.role).toBe('locked out');
    },
  );

  test('R10, R22: with every commit on disk, and the primary silent: nothing lost, nothing twice', async () => {
    const run = await playBroken({
      inputs: 30,
      config: { ledger: { path: 'ledger.sqlite', durability: 'power' } },
      plan: (stage) =>
        stage.inject(0.4, () => {
          insteadOfTheRelay(stage, () => stage.do(() => killAndStartAgain(stage)));
          stage.world.boards.a.board.halt();
        }),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(codes(run)).toEqual(['gateway-restarted', 'silent']);
  });
});

describe('what happened while no gateway ran', () => {
  test('R27: the primary died: the next gateway finds it mute and hands over, with nothing lost', async () => {
    const run = await playBroken({
      inputs: 24,
      boards: scripted(),
      client: { inFlight: 2 },
      plan: (stage) =>
        stage.inject(0.5, () => stage.do(() => killAndStartAgainAfter(stage, () => stage.world.boards.a.board.halt()))),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(codes(run)).toEqual(['gateway-restarted', 'silent']);
  });

  test('R24, R25: the backup restarted: it is set aside, and the primary goes on where it was', async () => {
    const run = await playBroken({
      inputs: 30,
      plan: (stage) =>
        stage.inject(0.5, () =>
          stage.do(() => killAndStartAgainAfter(stage, () => stage.world.boards.b.board.resetExternal())),
        ),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a']);
    expect(run.status?.boards.map(({ role }) => role)).toEqual(['primary', 'set aside']);
    expect(codes(run)).toEqual(['gateway-restarted', 'restarted']);
  });

  test('R12, R13: the cable of a locked-out board was mended: it never drives again', async () => {
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
    expect(run.status?.boards.map(({ role }) => role)).toEqual(['locked out', 'primary']);
  });
});

test('R27: ended in good order in the middle of a takeover, and started again: nothing lost, nothing twice', async () => {
  const run = await playBroken({
    inputs: 30,
    boards: scripted(),
    client: { inFlight: 3 },
    plan: (stage) =>
      stage.inject(0.4, () => {
        stage.world.boards.a.unplug();
        stage.do(async () => {
          await pass(stage, 5_000);
          await stage.gateway?.close();
          stage.client.disconnect();
          await stage.startGateway();
          await stage.client.connect(stage.address());
        });
      }),
  });
  expect(wrongs(run)).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a', 'b']);
  expect(codes(run)).toEqual(['gateway-restarted', 'unplugged']);
});

test('R22: a pair that was stopped is stopped after a restart too: it says so to whoever asks, and drives nothing new', async () => {
  const run = await playBroken({
    inputs: 24,
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
