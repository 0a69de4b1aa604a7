import { describe, expect, test } from 'vitest';
import type { SimulatedBoard } from '../../src/simulation/boards/simulated-board.js';
import { Coverage } from '../../src/simulation/coverage.js';
import { Judge } from '../../src/simulation/judge/judge.js';
import { judgeActed, judgeSight } from '../../src/simulation/judge/judge-actuator.js';
import { judgeGiven } from '../../src/simulation/judge/judge-flow.js';
import { Observations } from '../../src/simulation/judge/observations.js';
import { SimulatedActuator } from '../../src/simulation/parts/actuator.js';
import type { BoardName, SimulatedWorld } from '../../src/simulation/world/world.js';

/** The judge of the simulation, on levels that come again: after a fresh start of both boards they are counted from 1. */

/** Seqs by level, in the order of their commits: seq k is committed as the k-th. */
function factsOf(...levels: number[]) {
  const actuator = new SimulatedActuator();
  const contact = { at: 'a' as BoardName | null };
  const core = { a: { isParked: false }, b: { isParked: false } };
  const world = {
    ...{ actuator, contact, schedule: { nowUs: 0 } },
    options: { relay: { feedback: true, operateUs: 6_000 }, config: { commitNeeds: 'primary' } },
    boards: { a: { life: 1, core: core.a }, b: { life: 1, core: core.b } },
  };
  const observations = new Observations(world as unknown as SimulatedWorld, new Coverage());
  for (const [order, level] of levels.entries()) {
    const input = { seq: order, ref: '', kind: 'input', committedBy: 'a', hash: 1, quarantined: false, dropped: false };
    const written = { ...input, order } as never;
    observations.inputs.set(order, written);
    observations.learnLevel([Uint8Array.of(0, 0, 0, 0, level, 0)], written);
  }
  actuator.onSight = (sight) => judgeSight(observations, sight);
  const boards = { a: { life: 1, level: null as number | null }, b: { life: 1, level: null as number | null } };
  const look = (): void => {
    const { at } = contact;
    actuator.look(0, at, at === null ? null : boards[at]);
  };
  return {
    observations,
    core,
    act(board: BoardName, seq: number, level = levels[seq] ?? 0): void {
      boards[board].level = level;
      look();
      judgeActed(observations, boards[board] as SimulatedBoard, board, seq);
    },
    connect(board: BoardName | null): void {
      contact.at = board;
      look();
    },
  };
}

describe('what the actuator of a simulation sees', () => {
  test('R10: an older level is older, although a later commit has set the same one', () => {
    const { observations, act, connect } = factsOf(5, 6, 5);
    act('a', 0);
    act('b', 0);
    act('a', 1);
    connect(null);
    connect('b');
    expect(observations.broken).toMatchObject({ name: 'actuatorNeverGoesBack', text: expect.stringContaining('1th') });
  });

  test('R10: nor may the board that drives carry out an older input with such a level', () => {
    const { observations, act } = factsOf(5, 6, 5);
    act('a', 1);
    act('a', 0);
    expect(observations.broken).toMatchObject({ name: 'actuatorNeverGoesBack' });
  });

  test('levels that come again are each of their own input', () => {
    const { observations, act, connect } = factsOf(5, 6, 5);
    for (const seq of [0, 1, 2]) {
      act('a', seq);
      act('b', seq);
    }
    connect(null);
    connect('b');
    expect(observations.broken).toBeNull();
    expect(observations.latestOrder).toBe(2);
  });

  test('R7: a board that acts on an input and shows the level of another is wrong', () => {
    const { observations, act } = factsOf(5, 6);
    act('a', 0, 6);
    expect(observations.broken).toMatchObject({ name: 'actsOnlyOnGrants' });
  });

  test.each([
    ['R26: a gap that is longer than the relay takes is too long', false, 'switchoverIsOneGap'],
    ['R11, R26: but not where the board had heard nothing for its silence time, and took its safe level', true, null],
  ] as const)('%s', (_what, isParked, name) => {
    const { observations, core } = factsOf(5);
    for (const board of ['a', 'b']) observations.soundLives.set(board, 1);
    observations.switching = { to: 'b', level: 5, gapFromUs: null };
    judgeSight(observations, { level: null, board: null, life: 0, atUs: 1_000 });
    core.b.isParked = isParked;
    judgeSight(observations, { level: null, board: 'b', life: 1, atUs: 8_000 });
    core.b.isParked = false;
    judgeSight(observations, { level: 5, board: 'b', life: 1, atUs: 20_000 });
    expect(observations.broken?.name ?? null).toBe(name);
  });
});

describe('boards that nobody knew, at each other’s ports', () => {
  test.each([
    ['a', null],
    ['b', 'copyOnlyWhenDone'],
  ] as const)(
    'R2: what the board named b has acted on, the one named a may be given: board %s has acted',
    (acted, name) => {
      const { observations } = factsOf(5);
      observations.owner = 'b';
      observations.refOfSeq.set(7, 'x');
      observations.openedAs.set('a', 'b');
      observations.openedAs.set('b', 'a');
      observations.actedAtUs[acted].set(7, 1);
      judgeGiven(observations, 'a', 7);
      expect(observations.broken?.name ?? null).toBe(name);
    },
  );
});

describe('RESET to a board that the actuator hangs on', () => {
  test.each([
    ['R10: is too early', 6, 'violationOutOfReach'],
    ['is none where it is of a session that has ended', 5, null],
  ] as const)('%s', (_what, session, name) => {
    const contact = { at: 'a', stuck: false };
    const world = { contact, options: { relay: { feedback: true } }, schedule: { nowUs: 0 } };
    const judge = new Judge(new Coverage(), () => world as unknown as SimulatedWorld);
    judge.observations.owner = 'b';
    const board = { id: 'a', core: { session: 6 } } as unknown as SimulatedBoard;
    judge.heard(board, { kind: 'reset', session, seq: 0 });
    expect(judge.broken?.name ?? null).toBe(name);
  });
});
