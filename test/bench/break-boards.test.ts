import { afterAll, describe, expect, test } from 'vitest';
import { cleanUp, codes, killAndStartAgain, NOTHING_WRONG, playBroken, wrongs } from './break-kit.js';

/** Boards, cables and the relay, lost in ways the tour does not show. Two emulated Unos run the real firmware. */

afterAll(cleanUp);

describe('cables', () => {
  test('R10: a primary that is unplugged while nobody can take over is waited for, and goes on where it was', async () => {
    const run = await playBroken({
      // Enough between the two that b has been declared silent by then, at some 5 ms an input.
      inputs: 60,
      ends: 'not protected',
      plan: (stage) => {
        const { a, b } = stage.world.boards;
        stage.inject(0.2, () => b.board.halt());
        stage.inject(0.7, () => {
          a.unplug();
          stage.world.at(stage.world.nowUs() + 400_000, () => a.plug());
        });
      },
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a']);
    expect(codes(run)).toEqual(['silent', 'unplugged']);
    expect(run.status?.phase).toBe('serving');
  });

  test('R15: a cable pulled in the middle of a frame is a takeover, and the half frame is nobody’s result', async () => {
    const run = await playBroken({
      inputs: 30,
      ends: 'not protected',
      plan: (stage) =>
        stage.inject(0.4, () => {
          const { a } = stage.world.boards;
          const { fromBoard } = a.link.counters;
          // As soon as some bytes of the next result are on the wire, and before all of them are.
          const pull = (): void => {
            if (a.link.counters.fromBoard >= fromBoard + 7) a.unplug();
            else stage.world.at(stage.world.nowUs() + 20, pull);
          };
          pull();
        }),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(codes(run)).toEqual(['unplugged']);
  });

  test('R24: garbage at full speed from the backup: the primary goes on, and nothing of it counts', async () => {
    const run = await playBroken({
      inputs: 30,
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.b.link.flood(300_000, 7)),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a']);
    expect(run.stage.world.boards.b.link.counters.floodBytes).toBeGreaterThan(10_000);
  });
});

describe('two boards lost', () => {
  test('R10: a primary that halts after its backup has gone stops the pair; nothing wrong is driven or answered', async () => {
    const run = await playBroken({
      inputs: 30,
      ends: 'stopped',
      stuckUs: 1_500_000,
      plan: (stage) => {
        stage.inject(0.3, () => stage.world.boards.b.board.halt());
        stage.inject(0.6, () => stage.world.boards.a.board.halt());
      },
    });
    const { lost, ...rest } = wrongs(run);
    expect(rest).toEqual({ ...NOTHING_WRONG, lost: undefined, wrongAtActuator: rest.wrongAtActuator });
    // What was answered stays; the actuator keeps the last level, which is not that of the input in work.
    expect(rest.wrongAtActuator.every(({ why }: { why: string }) => why === 'not the last one')).toBe(true);
    expect(lost.length).toBeGreaterThan(0);
    expect(run.actuator.drives).toEqual(['a']);
    expect(codes(run)).toEqual(['pair-stopped', 'silent']);
    expect(run.status?.phase).toBe('stopped');
  });
});

describe('the relay', () => {
  test('R13: a relay that does not follow is commanded again, then the pair stops with an alarm', async () => {
    const run = await playBroken({
      inputs: 30,
      ends: 'stopped',
      stuckUs: 1_500_000,
      plan: (stage) =>
        stage.inject(0.4, () => {
          stage.world.relay.stick();
          stage.world.boards.a.board.halt();
        }),
    });
    expect(run.actuator.drives).toEqual(['a']);
    expect(codes(run)).toEqual(['pair-stopped', 'relay-stuck', 'silent']);
    expect(run.stage.world.relay.counters.commands).toBeGreaterThanOrEqual(3);
    expect(run.status?.phase).toBe('stopped');
  });

  test('R13: a relay that is three times as slow as its data sheet is waited for, and proved', async () => {
    const run = await playBroken({
      inputs: 30,
      ends: 'not protected',
      plan: (stage) =>
        stage.inject(0.4, () => {
          stage.world.relay.setSlowness(3);
          stage.world.boards.a.board.halt();
        }),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(codes(run)).toEqual(['silent']);
    expect(run.status?.relay).toMatchObject({ commanded: 'b', proved: true, wear: { operations: 1 } });
  });
});

describe('durability: power', () => {
  test('R1, R27: kill -9 in full flow with every commit on disk: nothing lost, nothing twice', async () => {
    const run = await playBroken({
      inputs: 30,
      config: { ledger: { path: 'ledger.sqlite', durability: 'power' } },
      plan: (stage) => stage.inject(0.5, () => stage.do(() => killAndStartAgain(stage))),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a']);
    expect(codes(run)).toEqual(['gateway-restarted']);
  });
});
