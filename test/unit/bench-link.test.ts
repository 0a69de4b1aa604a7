import { describe, expect, test } from 'vitest';
import type { BenchBoard } from '../../src/bench/bench-board.js';
import { Link } from '../../src/bench/link-models/link.js';
import { type LinkModelName, linkParameters } from '../../src/bench/link-models/link-parameters.js';
import { ScriptedBoard } from '../../src/bench/scripted-board.js';
import { VirtualClock } from '../../src/bench/world/virtual-clock.js';
import { eightNoneOne } from '../../src/emulator/character-format.js';

const baudRate = 500_000;
const byteUs = 20;

/** A link whose board only notes when bytes begin to arrive. */
function linkTo(model: LinkModelName, phaseUs = 0) {
  const clock = new VirtualClock();
  const arrived: [number, number][] = [];
  const packets: [number, number[]][] = [];
  const board: BenchBoard = new ScriptedBoard({ seed: 1 });
  board.receive = (byte, startUs) => arrived.push([startUs, byte]);
  const toHost = (bytes: Uint8Array) => packets.push([clock.nowUs(), [...bytes]]);
  const link = new Link({ clock, board, parameters: linkParameters[model], baudRate, phaseUs, toHost });
  const transmit = (byte: number, atUs: number) => {
    board.onTransmit(byte, atUs, baudRate, eightNoneOne);
  };
  return { clock, link, arrived, packets, transmit, board };
}

describe('Link', () => {
  test('uno-16u2: what the board sends waits for the 4.096 ms grid', () => {
    const { clock, packets, transmit } = linkTo('uno-16u2');
    transmit(1, 100);
    transmit(2, 4000);
    transmit(3, 4100);
    clock.advanceTo(10_000);
    expect(packets).toEqual([
      [0, [1, 2]],
      [8192, [3]],
    ]);
  });

  test('uno-16u2: a full packet of 64 bytes goes at once', () => {
    const { clock, packets, transmit } = linkTo('uno-16u2');
    for (let index = 0; index < 70; index += 1) transmit(index, 20 * index);
    expect(packets.map(([, bytes]) => bytes.length)).toEqual([64]);
    clock.advanceTo(4096);
    expect(packets.map(([atUs, bytes]) => [atUs, bytes.length])).toEqual([
      [0, 64],
      [4096, 6],
    ]);
  });

  test('uno-16u2: what the host writes goes in packets of 64 at USB frames, then at the baud rate', () => {
    const { clock, link, arrived } = linkTo('uno-16u2');
    clock.advanceTo(300);
    link.fromHost(Uint8Array.from({ length: 70 }, (_, index) => index));
    clock.advanceTo(3000);
    expect(arrived).toHaveLength(70);
    expect(arrived[0]).toEqual([1000, 0]);
    expect(arrived[63]).toEqual([1000 + 63 * byteUs, 63]);
    expect(arrived[64]).toEqual([1000 + 64 * byteUs, 64]);
  });

  test('wire: no packets, only the baud rate', () => {
    const { clock, link, arrived, packets, transmit } = linkTo('wire');
    clock.advanceTo(300);
    link.fromHost(Uint8Array.of(1, 2));
    transmit(9, 310);
    expect([arrived, packets]).toEqual([
      [
        [300, 1],
        [320, 2],
      ],
      [[300, [9]]],
    ]);
  });

  test('ftdi-16: an idle line answers at once, a busy one after the latency timer', () => {
    const { clock, packets, transmit } = linkTo('ftdi-16');
    clock.advanceTo(50_000);
    transmit(1, 50_000);
    clock.advanceTo(50_001);
    transmit(2, 50_020);
    clock.advanceTo(100_000);
    expect(packets).toEqual([
      [50_000, [1]],
      [66_000, [2]],
    ]);
  });

  test('faults: a byte corrupted, bytes dropped, a frame lost by predicate, counted', () => {
    const { link, packets, transmit } = linkTo('wire');
    const { fromBoard } = link.faults;
    fromBoard.corruptByte(1, 0x80);
    fromBoard.dropBytes(3, 2);
    for (const byte of [1, 2, 3, 4, 5, 6]) transmit(byte, 0);
    expect(packets.flatMap(([, bytes]) => bytes)).toEqual([1, 0x82, 3, 6]);
    packets.length = 0;
    fromBoard.dropNextFrame((frame) => frame[0] === 7);
    for (const byte of [0, 5, 5, 0, 0, 7, 7, 0, 0, 7, 0]) transmit(byte, 0);
    expect(packets.flatMap(([, bytes]) => bytes)).toEqual([0, 5, 5, 0, 0, 0, 0, 7, 0]);
    expect(fromBoard.counters).toEqual({ corrupted: 1, dropped: 2, framesDropped: 1, cutAway: 0 });
  });

  test('faults: noise repeats with its seed and keeps to its rate', () => {
    const run = (seed: number) => {
      const { link, packets, transmit } = linkTo('wire');
      link.faults.fromBoard.setNoise(0.05, seed);
      for (let index = 0; index < 10_000; index += 1) transmit(0x55, index);
      return { bytes: packets.flatMap(([, bytes]) => bytes), counters: link.faults.fromBoard.counters };
    };
    const one = run(1);
    expect(run(1)).toEqual(one);
    expect(run(2).bytes).not.toEqual(one.bytes);
    const damaged = one.counters.corrupted + one.counters.dropped;
    expect(damaged).toBeGreaterThan(400);
    expect(damaged).toBeLessThan(600);
  });

  test('a cut link lets nothing through in either direction until it is mended', () => {
    const { clock, link, arrived, packets, transmit } = linkTo('wire');
    link.cut();
    link.fromHost(Uint8Array.of(1));
    transmit(2, 0);
    clock.advanceTo(1000);
    expect([arrived, packets]).toEqual([[], []]);
    link.mend();
    link.fromHost(Uint8Array.of(3));
    expect(arrived).toEqual([[1000, 3]]);
  });

  test('a flood fills the line for its time and then ends', () => {
    const { clock, link, packets } = linkTo('wire');
    link.flood(10_000, 1);
    clock.advanceTo(100_000);
    expect(packets.flatMap(([, bytes]) => bytes)).toHaveLength(500);
  });

  test('a host that writes more than the adapter holds loses it, and it is counted', () => {
    const { clock, link, arrived } = linkTo('uno-16u2');
    link.fromHost(new Uint8Array(5000));
    clock.advanceTo(100_000);
    expect([arrived.length, link.counters.droppedToBoard]).toEqual([4096, 904]);
  });

  test('a board at another baud rate is heard as garbage and counted', () => {
    const { link, packets, board } = linkTo('wire');
    board.onTransmit(0x41, 0, 250_000, eightNoneOne);
    expect(packets).not.toEqual([[0, [0x41]]]);
    expect(link.counters.wrongRate).toBe(1);
  });
});
