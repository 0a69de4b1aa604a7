import { describe, expect, test } from 'vitest';
import type { BenchBoard } from '../../src/bench/bench-board.js';
import { BenchActuator } from '../../src/bench/plant/actuator.js';
import { Oven } from '../../src/bench/plant/oven.js';
import { Recorder } from '../../src/bench/plant/recorder.js';
import { type Contact, RelayModel, type RelayOptions } from '../../src/bench/plant/relay-model.js';
import { VirtualClock } from '../../src/bench/world/virtual-clock.js';
import type { OutputListener } from '../../src/emulator/board-listeners.js';

const exact: RelayOptions = { operateUs: 8000, releaseUs: 5000, flightUs: 2000, bounces: 0, bounceUs: 0 };

function relayAtZero(options: RelayOptions = exact) {
  const clock = new VirtualClock();
  const relay = new RelayModel(clock, options);
  const contacts: [number, Contact][] = [];
  relay.onContact = (atUs, contact) => contacts.push([atUs, contact]);
  return { clock, relay, contacts };
}

describe('RelayModel', () => {
  test('breaks before it makes, with its own operate and release times', () => {
    const { clock, relay, contacts } = relayAtZero();
    relay.setLine(1);
    clock.advanceTo(20_000);
    relay.setLine(0);
    clock.advanceTo(40_000);
    expect(contacts).toEqual([
      [6000, null],
      [8000, 'b'],
      [23_000, null],
      [25_000, 'a'],
    ]);
  });

  test('bounces: the new contact opens again, and the feedback waits until it rests', () => {
    const { clock, relay, contacts } = relayAtZero({ ...exact, bounces: 2, bounceUs: 1000 });
    const feedback: [number, number][] = [];
    relay.onFeedback = (atUs, value) => feedback.push([atUs, value]);
    relay.setLine(1);
    clock.advanceTo(20_000);
    expect(contacts.map(([, contact]) => contact)).toEqual([null, 'b', null, 'b', null, 'b']);
    expect(feedback).toEqual([[9000, 1]]);
  });

  test('commanded back before the armature left, it never opens', () => {
    const { clock, relay, contacts } = relayAtZero();
    relay.setLine(1);
    clock.advanceTo(5000);
    relay.setLine(0);
    clock.advanceTo(40_000);
    expect(contacts).toEqual([]);
  });

  test('commanded back in flight, it returns', () => {
    const { clock, relay, contacts } = relayAtZero();
    relay.setLine(1);
    clock.advanceTo(7000);
    relay.setLine(0);
    clock.advanceTo(40_000);
    expect(contacts).toEqual([
      [6000, null],
      [12_000, 'a'],
    ]);
  });

  test('R13: without power a changeover relay falls to its rest, a latching one stays', () => {
    const changeover = relayAtZero();
    const latching = relayAtZero({ ...exact, kind: 'latching' });
    for (const { clock, relay } of [changeover, latching]) {
      relay.setLine(1);
      clock.advanceTo(20_000);
      relay.powerLost();
      clock.advanceTo(40_000);
    }
    expect([changeover.relay.contact, latching.relay.contact]).toEqual(['a', 'b']);
    for (const { clock, relay } of [changeover, latching]) {
      relay.powerReturned();
      clock.advanceTo(60_000);
    }
    expect([changeover.relay.contact, latching.relay.contact]).toEqual(['a', 'b']);
    latching.relay.setLine(0);
    latching.clock.advanceTo(80_000);
    expect(latching.relay.contact).toBe('a');
  });

  test('a stuck relay does not follow, and its feedback tells; a slow one takes longer', () => {
    const { clock, relay, contacts } = relayAtZero();
    relay.stick();
    relay.setLine(1);
    clock.advanceTo(20_000);
    expect([relay.contact, relay.feedback, contacts]).toEqual(['a', 0, []]);
    relay.setSlowness(2);
    relay.free();
    clock.advanceTo(60_000);
    expect(contacts).toEqual([
      [32_000, null],
      [36_000, 'b'],
    ]);
  });

  test('a cut-off relay at rest connects nobody', () => {
    const { clock, relay } = relayAtZero({ ...exact, atRest: 'none', energised: 'a' });
    expect(relay.contact).toBeNull();
    relay.setLine(1);
    clock.advanceTo(20_000);
    expect(relay.contact).toBe('a');
  });
});

/** A board that has pins and nothing else. */
class PinBoard implements Pick<BenchBoard, 'duty' | 'onOutput'> {
  onOutput: OutputListener = () => undefined;
  readonly #duties = new Map<number, number>();

  duty(pin: number): number {
    return this.#duties.get(pin) ?? 0;
  }

  drive(atUs: number, pin: number, duty: number): void {
    this.#duties.set(pin, duty);
    this.onOutput(atUs, pin, duty);
  }
}

describe('BenchActuator', () => {
  test('records what the connected board drives, and nothing of the other one', () => {
    const a = new PinBoard();
    const b = new PinBoard();
    const recorder = new Recorder();
    const boards = { a: a as unknown as BenchBoard, b: b as unknown as BenchBoard };
    const actuator = new BenchActuator(boards, { duty: 9, trip: 8 }, recorder, 'a');
    a.drive(10, 9, 100);
    b.drive(11, 9, 200);
    a.drive(12, 3, 50);
    actuator.connect(20, null);
    a.drive(21, 9, 101);
    actuator.connect(30, 'b');
    b.drive(40, 8, 255);
    expect(recorder.changes).toEqual([
      { atUs: 0, board: 'a', duty: 0, trip: false },
      { atUs: 10, board: 'a', duty: 100, trip: false },
      { atUs: 20, board: null, duty: 0, trip: false },
      { atUs: 30, board: 'b', duty: 200, trip: false },
      { atUs: 40, board: 'b', duty: 200, trip: true },
    ]);
    expect(recorder.at(29)?.board).toBeNull();
    expect(recorder.at(30)?.duty).toBe(200);
    expect(recorder.between(10, 30).map(({ atUs }) => atUs)).toEqual([20, 30]);
  });
});

describe('Oven', () => {
  test('warms towards what the duty gives, whatever the steps it is asked in', () => {
    const oven = new Oven({ ambientC: 20, fullPowerRiseC: 200, timeConstantS: 10 });
    const stepped = new Oven({ ambientC: 20, fullPowerRiseC: 200, timeConstantS: 10 });
    oven.heat(0, 255);
    for (let atUs = 0; atUs <= 10_000_000; atUs += 1000) stepped.heat(atUs, 255);
    expect(oven.temperatureC(10_000_000)).toBeCloseTo(20 + 200 * (1 - Math.exp(-1)), 9);
    expect(stepped.temperatureC(10_000_000)).toBeCloseTo(oven.temperatureC(10_000_000), 9);
  });
});
