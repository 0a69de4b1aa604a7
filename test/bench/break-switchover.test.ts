import { afterAll, expect, test } from 'vitest';
import type { Stage } from '#built/bench/stage/stage.js';
import type { CommandOutcome } from '#built/control/contract/command.js';
import { cleanUp, codes, killAndStartAgain, NOTHING_WRONG, playBroken, scripted, wrongs } from './break-kit.js';

/** A planned switchover into which something comes: nothing is lost, and the actuator never sees a level that is older. */

afterAll(cleanUp);

const outcomes: CommandOutcome[] = [];
const switchNow = (stage: Stage): void =>
  stage.do(async () => {
    outcomes.push(await stage.command({ command: 'switch' }));
  });

test('R26: with nobody to switch to it is refused, and nothing moves', async () => {
  outcomes.length = 0;
  const run = await playBroken({
    inputs: 20,
    ends: 'not protected',
    boards: scripted(),
    plan: (stage) =>
      stage.inject(0.3, () => {
        stage.world.boards.b.unplug();
        stage.do(async () => {
          await stage.settled((status) => !status.protected);
          switchNow(stage);
        });
      }),
  });
  expect(outcomes).toEqual([{ refused: expect.stringContaining('not in the pair') }]);
  expect(wrongs(run)).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a']);
  expect(run.status?.epoch).toBe(1);
  expect(codes(run)).toEqual(['unplugged']);
});

test('R13, R26: the relay does not follow: the old primary drives on, and the pair stays protected', async () => {
  outcomes.length = 0;
  const run = await playBroken({
    inputs: 30,
    boards: scripted(),
    plan: (stage) =>
      stage.inject(0.4, () => {
        stage.world.relay.stick();
        switchNow(stage);
      }),
  });
  expect(outcomes).toEqual([{ refused: expect.stringContaining('relay') }]);
  expect(wrongs(run)).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a']);
  expect(run.status).toMatchObject({ primary: 'a', phase: 'serving' });
  expect(codes(run)).toEqual(['relay-stuck', 'switched-over', 'switchover-failed']);
});

test('R10, R26: the primary hangs when it is to be switched from: b takes over all the same', async () => {
  outcomes.length = 0;
  const run = await playBroken({
    inputs: 30,
    ends: 'not protected',
    boards: scripted(),
    client: { inFlight: 3 },
    plan: (stage) =>
      stage.inject(0.4, () => {
        stage.world.boards.a.board.halt();
        switchNow(stage);
      }),
  });
  expect(outcomes.length).toBe(1);
  expect(wrongs(run)).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a', 'b']);
  expect(codes(run)).toContain('silent');
});

test('R10, R26: the gateway is killed between fence and relay: the next one brings it to its end, and nobody is locked out', async () => {
  const run = await playBroken({
    inputs: 30,
    boards: scripted(),
    client: { inFlight: 3 },
    plan: (stage) =>
      stage.inject(0.4, () => {
        const { relay } = stage.world;
        const setLine = relay.setLine.bind(relay);
        relay.setLine = () => {
          relay.setLine = setLine;
          stage.do(() => killAndStartAgain(stage));
        };
        // Nobody hears what became of it: the gateway that was asked is gone.
        stage.do(() =>
          stage.command({ command: 'switch' }).then(
            () => undefined,
            () => undefined,
          ),
        );
      }),
  });
  expect(wrongs(run)).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a', 'b']);
  expect(run.status?.boards.map(({ role }) => role)).toEqual(['backup', 'primary']);
  expect(codes(run)).toEqual(['gateway-restarted', 'switched-over']);
});
