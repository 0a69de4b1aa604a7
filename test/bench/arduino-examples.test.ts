import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
// The compiled code: the gateway is forked from it, and the emulators run at their full speed.
import type { ActuatorChange } from '#built/bench/plant/recorder.js';
import { GatewayChild } from '#built/bench/stage/gateway-child.js';
import { wireThermometer } from '#built/bench/stage/thermometer.js';
import { type BenchWorld, createWorld } from '#built/bench/world/world.js';
import { atmega2560 } from '#built/emulator/atmega2560.js';
import { EmulatedBoard } from '#built/emulator/emulated-board.js';
import { type BuiltSketch, buildSketches, hasArduinoCore } from '../../tools/arduino-build.mjs';
import { EXAMPLE_BOARDS, exampleSketch } from '../../tools/build-examples.mjs';

/** The library's examples as the Arduino IDE builds them, on the bench: pseudo-terminals, the gateway, a relay. */

const BOARDS = ['a', 'b'] as const;
/** The configuration's names for the core's. */
const KINDS = { uno: 'uno', mega: 'mega2560' };
const TICK_US = 100_000;
const SECOND_US = 1_000_000;
/** Every wait of two joins, several times over. */
const MOST_WAITING_US = 20 * SECOND_US;
/** FailureReason, catching up, and the relay's flight. */
const MOST_GAP_US = 150_000;
/** No example drives it: the bench's actuator has two lines. */
const UNUSED_PIN = 12;
/** PiController's answer to one step of the converter. */
const DUTY_PER_STEP = 8;
const BUTTON_PIN = 2;
const CHANNEL_A0 = 0;
const FLOW_PIN = 2;
const FLOW_EVERY_US = 20_000;
const THERMOMETER = 0x48;

const COUNTER = {
  name: 'counter',
  files: [fileURLToPath(new URL('fixtures/counter/counter.ino', import.meta.url))],
};
/** Its pins. */
const PULSES = 2;
const SHIFT = { data: 4, clock: 5, latch: 6, back: 7 };
const SEVENS = [8, 9, 10, 11, 12];

let folder: string;
let images: readonly BuiltSketch[] = [];
let world: BenchWorld;
let gateway: GatewayChild | null;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-arduino-'));
  const sketches = ['BlinkButton', 'PiController', 'Valve'].map(exampleSketch);
  if (!hasArduinoCore()) return;
  const examples = EXAMPLE_BOARDS.flatMap((board) => buildSketches({ board, sketches, folder }));
  const withEightLines = { board: 'uno', folder: join(folder, 'eight'), defines: ['CC_LINES=8'] };
  const ownLines = buildSketches({ board: 'uno', sketches: ['Tank', 'Greenhouse'].map(exampleSketch), folder });
  images = [...examples, ...ownLines, ...buildSketches({ ...withEightLines, sketches: [COUNTER] })];
});
afterEach(async () => {
  await gateway?.close();
  gateway = null;
  world.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Emulated time passes. */
function pass(us: number): Promise<void> {
  return world.pass(us);
}

function emulated(): readonly EmulatedBoard[] {
  return BOARDS.map((name) => {
    const { board } = world.boards[name];
    if (!(board instanceof EmulatedBoard)) throw new Error(`board ${name} is no emulated one`);
    return board;
  });
}

function mega(hex: string, seed: number): EmulatedBoard {
  return new EmulatedBoard({ mcu: atmega2560, hex, seed });
}

/** A pair of boards with this example, protected; `wire` brings what the sketch reads. */
async function start(board: 'uno' | 'mega', example: string, pin: number, wire: () => void): Promise<void> {
  const place = join(folder, `run-${example}-${board}`);
  mkdirSync(place);
  const image = images.find((built) => built.name === example && built.board === board);
  const hex = readFileSync(image?.hex ?? '', 'utf8');
  const megas = board === 'mega' ? { boards: { a: mega(hex, 1), b: mega(hex, 2) } } : {};
  const plant = { startC: 55, timeConstantS: 4, fullPowerRiseC: 90 };
  const pins = { duty: pin, trip: UNUSED_PIN };
  world = await createWorld({ folder: place, seed: 1, hex, pins, plant, pace: 'virtual', ...megas });
  world.fastForward(1_500_000);
  wire();
  world.start();
  const configFile = join(place, 'copycat.yaml');
  const boards = Object.fromEntries(
    BOARDS.map((name) => [name, { kind: KINDS[board], port: world.boards[name].portPath }]),
  );
  const relay = { pin: 'GPIO17', 'at-rest': 'a', feedback: 'GPIO27', operate: '8ms', settle: '40ms' };
  writeFileSync(configFile, stringify({ boards, relay, input: 'every 100ms', deadline: '50ms' }));
  gateway = await GatewayChild.start(world, { configFile, logFile: join(place, 'gateway.log'), servesStatus: true });
  const untilUs = world.nowUs() + MOST_WAITING_US;
  while (!(await gateway.status()).protected) {
    if (world.nowUs() > untilUs) throw new Error(readFileSync(join(place, 'gateway.log'), 'utf8'));
    await pass(TICK_US);
  }
}

/** Halts the primary for good; gives what the actuator saw from then on, when board b has served for `forUs`. */
async function takeOver(forUs: number): Promise<readonly ActuatorChange[]> {
  const haltedUs = world.nowUs();
  emulated()[0]?.halt();
  while (world.actuator.board !== 'b') {
    if (world.nowUs() > haltedUs + MOST_WAITING_US) throw new Error('the relay never moved');
    await pass(TICK_US);
  }
  await pass(forUs);
  expect(await gateway?.status()).toMatchObject({ primary: 'b', protected: false });
  return world.recorder.between(haltedUs, world.nowUs());
}

/** What the actuator got from each board, and for how long it was left alone between them. */
function handedOver(changes: readonly ActuatorChange[]) {
  const openedUs = changes.find(({ board }) => board === null)?.atUs ?? Number.NaN;
  const byB = changes.filter(({ board }) => board === 'b');
  return { gapUs: (byB[0]?.atUs ?? Number.NaN) - openedUs, byB, byA: changes.filter(({ board }) => board === 'a') };
}

describe.skipIf(!hasArduinoCore())('the Arduino examples, each through a takeover', () => {
  it.each(['uno', 'mega'] as const)(
    'BlinkButton on %s: the backup blinks on, though its button was pressed before',
    async (board) => {
      const press = (isPressed: boolean): void => {
        for (const board of emulated()) board.setLevel(BUTTON_PIN, isPressed ? 0 : null);
      };
      await start(board, 'BlinkButton', 13, () => press(false));
      expect(world.actuator.duty).toBe(0);
      press(true);
      await pass(3 * TICK_US);
      press(false);
      await pass(5 * TICK_US);
      const { byB, gapUs } = handedOver(await takeOver(SECOND_US));
      expect(gapUs).toBeLessThan(MOST_GAP_US);
      // Bounces of the contact aside: on and off in turn, at every second tick of the gateway.
      const levels = byB.map(({ duty }) => duty).filter((duty, index, all) => duty !== all[index - 1]);
      expect(levels.length).toBeGreaterThanOrEqual(8);
      expect(new Set(levels)).toEqual(new Set([0, 255]));
    },
  );

  it('PiController: the backup goes on with the sum that it had copied', async () => {
    await start('uno', 'PiController', 9, () => wireThermometer(world));
    await pass(8 * SECOND_US);
    const { duty } = world.actuator;
    const degrees = world.plant.temperatureC(world.nowUs());
    // What holds 60 degC: 40 of 90 degrees above the room. A controller that begins anew would give nothing there.
    expect(duty).toBeGreaterThan(90);
    expect(duty).toBeLessThan(140);
    const { byB, gapUs } = handedOver(await takeOver(2 * SECOND_US));
    expect(gapUs).toBeLessThan(MOST_GAP_US);
    // The level that the primary had acted on, or that of the input on which it was halted: two steps of the converter.
    expect(Math.abs((byB[0]?.duty ?? 0) - duty)).toBeLessThanOrEqual(2 * DUTY_PER_STEP);
    expect(Math.abs(world.plant.temperatureC(world.nowUs()) - degrees)).toBeLessThan(0.5);
  });

  it('Valve: the backup keeps open what it would not have opened itself, and closes it in time', async () => {
    const level = (share: number): void => {
      for (const board of emulated()) board.setVolts(CHANNEL_A0, share * 5);
    };
    await start('uno', 'Valve', 8, () => level(0.2));
    await pass(3 * SECOND_US);
    expect(world.actuator.duty).toBe(255);
    level(0.5);
    await pass(3 * TICK_US);
    const { byA, byB, gapUs } = handedOver(await takeOver(SECOND_US));
    expect(gapUs).toBeLessThan(MOST_GAP_US);
    expect([...byA, ...byB].filter(({ duty }) => duty !== 255)).toEqual([]);
    level(0.8);
    await pass(3 * SECOND_US);
    expect(world.actuator).toMatchObject({ board: 'b', duty: 0 });
  });
});

/** A 74HC595 on a board's pins, its last output wired back. */
class ShiftRegister {
  shown = 0;
  #shift = 0;
  #levels = new Map<number, boolean>();

  constructor(board: EmulatedBoard) {
    const pass = board.onOutput;
    board.onOutput = (atUs, pin, duty) => {
      const rose = duty > 0 && this.#levels.get(pin) !== true;
      this.#levels.set(pin, duty > 0);
      if (rose && pin === SHIFT.clock) this.#shift = ((this.#shift << 1) | this.#data) & 0xff;
      if (rose && pin === SHIFT.latch) this.shown = this.#shift;
      if (rose && pin === SHIFT.clock) board.setLevel(SHIFT.back, this.#shift & 0x80 ? 1 : 0);
      pass(atUs, pin, duty);
    };
    board.setLevel(SHIFT.back, 0);
  }

  get #data(): number {
    return this.#levels.get(SHIFT.data) === true ? 1 : 0;
  }

  /** A bit of what was shifted in flips by itself. */
  flip(board: EmulatedBoard, bit: number): void {
    this.#shift ^= 1 << bit;
    board.setLevel(SHIFT.back, this.#shift & 0x80 ? 1 : 0);
  }
}

describe.skipIf(!hasArduinoCore())('a sketch with a source and an output of its own, built with eight lines', () => {
  let lamps: readonly ShiftRegister[];

  async function pulse(times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      for (const level of [1, 0] as const) {
        for (const board of emulated()) board.setLevel(PULSES, level);
        await pass(1_000);
      }
    }
  }

  const startCounter = (): Promise<void> =>
    start('uno', 'counter', SHIFT.latch, () => {
      for (const board of emulated()) board.setLevel(PULSES, 0);
      lamps = emulated().map((board) => new ShiftRegister(board));
    });

  /** How many lamps are lit on the pins of each board. */
  const sevens = (): readonly number[] => emulated().map((board) => SEVENS.filter((pin) => board.duty(pin) > 0).length);

  const shown = (): readonly number[] => lamps.map((register) => register.shown);

  /** A bit of what a's register was given flips by itself: its board finds it before its next input (R29). */
  async function loseBit(): Promise<void> {
    const [board] = emulated();
    if (board !== undefined) lamps[0]?.flip(board, 3);
    const untilUs = world.nowUs() + MOST_WAITING_US;
    while (world.actuator.board !== 'b') {
      if (world.nowUs() > untilUs) throw new Error('the relay never moved');
      await pass(TICK_US);
    }
  }

  it('R21, R25, R29: the backup goes on with the sum that the primary had counted, when that has lost a lamp', async () => {
    await startCounter();
    await pulse(20);
    await pass(4 * TICK_US);
    expect(shown()).toEqual([20, 20]);
    expect(sevens()).toEqual([2, 2]);
    await Promise.all([loseBit(), pulse(15)]);
    await pass(SECOND_US);
    expect(shown()).toEqual([0, 35]); // the failed board's safe level, and every pulse that there was
    expect(sevens()).toEqual([0, 5]);
    expect(await gateway?.status()).toMatchObject({ primary: 'b', protected: false });
  });
});

describe.skipIf(!hasArduinoCore())('an example with a source of its own', () => {
  it('Tank: the backup counts the pulses of the flow meter, pumps on, and stops when there are none', async () => {
    let isFlowing = true;
    const turn = (level: 0 | 1): void => {
      for (const board of emulated()) board.setLevel(FLOW_PIN, level);
      world.at(world.nowUs() + FLOW_EVERY_US, () => turn(isFlowing && level === 0 ? 1 : 0));
    };
    await start('uno', 'Tank', 8, () => {
      for (const board of emulated()) board.setVolts(CHANNEL_A0, 1);
      turn(0);
    });
    await pass(SECOND_US);
    expect(world.actuator.duty).toBe(255);
    const { byA, byB, gapUs } = handedOver(await takeOver(3 * SECOND_US));
    expect(gapUs).toBeLessThan(MOST_GAP_US);
    expect([...byA, ...byB].filter(({ duty }) => duty !== 255)).toEqual([]);
    isFlowing = false;
    await pass(3 * SECOND_US);
    expect(world.actuator).toMatchObject({ board: 'b', duty: 0 });
  });

  it('Greenhouse: the backup keeps the flap where it is, and goes on from there, by a thermometer on I2C', async () => {
    const warm = (degC: number): void => {
      for (const board of emulated()) board.setTwiDevice(THERMOMETER, Uint8Array.of(degC, 0));
    };
    // What a pulse is of 20 ms, of 255: 1.4 ms for 90 degrees, 0.5 ms for none.
    const [open, closed] = [18, 7];
    await start('uno', 'Greenhouse', 9, () => warm(30));
    await pass(6 * SECOND_US);
    expect(world.actuator.duty).toBe(open);
    const { byB, gapUs } = handedOver(await takeOver(SECOND_US));
    expect(gapUs).toBeLessThan(MOST_GAP_US);
    expect(new Set(byB.map(({ duty }) => duty))).toEqual(new Set([open]));
    warm(20);
    await pass(6 * SECOND_US);
    expect(world.actuator).toMatchObject({ board: 'b', duty: closed });
  });
});
