import { describe, expect, test } from 'vitest';
import type { SimulatedBoard } from '../../src/simulation/boards/simulated-board.js';
import { Coverage } from '../../src/simulation/coverage.js';
import { Facts } from '../../src/simulation/judge/facts.js';
import { judgeActed, judgeSight } from '../../src/simulation/judge/judge-actuator.js';
import { SimulatedActuator } from '../../src/simulation/parts/actuator.js';
import type { BoardName, SimulatedWorld } from '../../src/simulation/world.js';

/** The judge of the simulation, on levels that come again: after a fresh start of both boards they are counted from 1. */

/** Seqs by level, in the order of their commits: seq k is committed as the k-th. */
function factsOf(...levels: number[]) {
  const actuator = new SimulatedActuator();
  const contact = { at: 'a' as BoardName | null };
  const world = { actuator, contact, schedule: { nowUs: 0 }, options: { relay: { feedback: true } } };
  const facts = new Facts(world as unknown as SimulatedWorld, new Coverage());
  for (const [order, level] of levels.entries()) {
    const input = { seq: order, ref: '', kind: 'input', committedBy: 'a', hash: 1, quarantined: false, dropped: false };
    const written = { ...input, order } as never;
    facts.inputs.set(order, written);
    facts.learnLevel([Uint8Array.of(0, 0, 0, 0, level, 0)], written);
  }
  actuator.onSight = (sight) => judgeSight(facts, sight);
  const boards = { a: { life: 1, level: null as number | null }, b: { life: 1, level: null as number | null } };
  const look = (): void => {
    const { at } = contact;
    actuator.look(0, at, at === null ? null : boards[at]);
  };
  return {
    facts,
    act(board: BoardName, seq: number, level = levels[seq] ?? 0): void {
      boards[board].level = level;
      look();
      judgeActed(facts, boards[board] as SimulatedBoard, board, seq);
    },
    connect(board: BoardName | null): void {
      contact.at = board;
      look();
    },
  };
}

describe('what the actuator of a simulation sees', () => {
  test('R10: an older level is older, although a later commit has set the same one', () => {
    const { facts, act, connect } = factsOf(5, 6, 5);
    act('a', 0);
    act('b', 0);
    act('a', 1);
    connect(null);
    connect('b');
    expect(facts.broken).toMatchObject({ name: 'actuatorNeverGoesBack', text: expect.stringContaining('1th') });
  });

  test('R10: nor may the board that drives carry out an older input with such a level', () => {
    const { facts, act } = factsOf(5, 6, 5);
    act('a', 1);
    act('a', 0);
    expect(facts.broken).toMatchObject({ name: 'actuatorNeverGoesBack' });
  });

  test('levels that come again are each of their own input', () => {
    const { facts, act, connect } = factsOf(5, 6, 5);
    for (const seq of [0, 1, 2]) {
      act('a', seq);
      act('b', seq);
    }
    connect(null);
    connect('b');
    expect(facts.broken).toBeNull();
    expect(facts.latestOrder).toBe(2);
  });

  test('R7: a board that acts on an input and shows the level of another is wrong', () => {
    const { facts, act } = factsOf(5, 6);
    act('a', 0, 6);
    expect(facts.broken).toMatchObject({ name: 'actsOnlyOnGrants' });
  });
});
