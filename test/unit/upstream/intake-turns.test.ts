import { describe, expect, it } from 'vitest';
import { IntakeTurns, type IntakeTurnsOptions, type TurnTaker } from '../../../src/upstream/intake-turns.js';
import { ManualClock } from '../manual-clock.js';

/** A client with lines that wait; each is an input in work until it is answered. */
class Client implements TurnTaker {
  inWork = 0;

  constructor(
    readonly name: string,
    private readonly turns: IntakeTurns,
    private readonly taken: string[],
    public lines: number,
  ) {
    turns.add(this);
  }

  get isReady(): boolean {
    return this.lines > 0;
  }

  takeOne(): void {
    this.lines--;
    this.inWork++;
    this.taken.push(this.name);
    this.turns.begun();
  }

  answer(): void {
    this.inWork--;
    this.turns.ended();
    this.turns.pairHasRoom();
  }
}

function turnsOf(options: Partial<IntakeTurnsOptions> = {}) {
  const clock = new ManualClock();
  const turns = new IntakeTurns({ places: 4, clock, ...options });
  const taken: string[] = [];
  return { clock, turns, taken, client: (name: string, lines: number) => new Client(name, turns, taken, lines) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('R6, R32: turns of clients', () => {
  it('are given while there is room, and on when something was answered', () => {
    const { turns, taken, client } = turnsOf();
    const one = client('a', 6);
    turns.give();
    expect(taken).toHaveLength(4);
    turns.give();
    expect(taken).toHaveLength(4);
    one.answer();
    expect(taken).toHaveLength(5);
  });

  it('go to who has the fewest inputs in work, and of those to who has waited longest', () => {
    const { turns, taken, client } = turnsOf({ places: 6 });
    client('a', 9);
    client('b', 2);
    client('c', 9);
    turns.give();
    expect(taken.join('')).toBe('abcabc');
  });

  it('are fewer while more than one wants something, whose inputs are in work already counting as wanting', () => {
    const { turns, taken, client } = turnsOf({ places: 5, crowdedPlaces: 2 });
    const alone = client('a', 3);
    turns.give();
    expect(taken.join('')).toBe('aaa');
    const late = client('b', 9);
    turns.give();
    expect(taken.join('')).toBe('aaa');
    alone.answer();
    expect(taken.join('')).toBe('aaa');
    alone.answer();
    expect(taken.join('')).toBe('aaab');
    alone.answer();
    expect(taken.join('')).toBe('aaabbbbbb'.slice(0, 8));
    expect(late.inWork).toBe(5);
  });

  it('are no fewer in a crowd where that is not asked for', () => {
    const { turns, taken, client } = turnsOf({ places: 4 });
    client('a', 9);
    client('b', 9);
    turns.give();
    expect(taken).toHaveLength(4);
  });

  it('are given no more than 32 before others have theirs in the event loop, and then go on by themselves', async () => {
    const { turns, taken, client } = turnsOf({ places: 100 });
    client('a', 70);
    turns.give();
    expect(taken).toHaveLength(32);
    // Whoever asks meanwhile gets another stretch, and the loop is not asked for twice.
    await turn();
    expect(taken).toHaveLength(64);
    await turn();
    expect(taken).toHaveLength(70);
  });

  it('end for a client that has gone; what it had in work stays so', () => {
    const { turns, taken, client } = turnsOf({ places: 3 });
    const gone = client('a', 9);
    turns.give();
    turns.remove(gone);
    client('b', 9);
    turns.give();
    expect(taken.join('')).toBe('aaa');
    turns.ended();
    turns.give();
    expect(taken.join('')).toBe('aaab');
  });

  it('are not given within a turn: what an answer frees there is given by the loop that takes the line', () => {
    const { turns, taken } = turnsOf({ places: 2 });
    const order: string[] = [];
    let lines = 3;
    turns.add({
      inWork: 0,
      get isReady() {
        return lines > 0;
      },
      takeOne: () => {
        lines--;
        order.push('begin');
        turns.begun();
        turns.ended();
        turns.pairHasRoom();
        order.push('end');
      },
    });
    turns.give();
    expect(order).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
    expect(taken).toEqual([]);
  });

  it('R6: end while the pair is full of work that is none of theirs, for 50 ms or until something was answered', () => {
    const { turns, taken, client, clock } = turnsOf();
    client('a', 2);
    turns.pairIsFull();
    turns.give();
    clock.advance(30_000);
    turns.pairIsFull();
    clock.advance(49_999);
    expect(taken).toEqual([]);
    expect(clock.alarms).toBe(1);
    clock.advance(1);
    expect(taken).toHaveLength(2);
    expect(clock.alarms).toBe(0);
    client('b', 1);
    turns.pairIsFull();
    turns.pairHasRoom();
    expect(taken).toHaveLength(3);
    expect(clock.alarms).toBe(0);
  });

  it('are given to nobody once it is closed, also not later', async () => {
    const { turns, taken, client, clock } = turnsOf({ places: 100 });
    client('a', 60);
    turns.give();
    turns.pairIsFull();
    turns.close();
    expect(clock.alarms).toBe(0);
    turns.pairIsFull();
    expect(clock.alarms).toBe(0);
    turns.pairHasRoom();
    await turn();
    expect(taken).toHaveLength(32);
  });
});
