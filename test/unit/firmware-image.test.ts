import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { heaterHex, heaterSymbols } from '../../src/bench/stage/heater-image.js';
import { EmulatedBoard, type EmulatedBoardOptions } from '../../src/emulator/emulated-board.js';
import { loadHex } from '../../src/emulator/hex.js';
import { FlashSum } from '../../src/link/harness/flash-sum.js';
import {
  HEATER_REPORT,
  HEATER_START,
  heaterPayload,
  heaterStateBytes,
  heaterStep,
} from '../../src/model-board/heater-reference.js';
import { crc32 } from '../../src/protocol/crc32.js';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import { FrameSplitter } from '../../src/protocol/frame-splitter.js';
import type { HelloMessage, Message, SelfTestReportMessage } from '../../src/protocol/messages.generated.js';
import { inputCrc, resultHash } from '../../src/protocol/result-hash.js';
import { eepromWithUnit } from '../../src/third-copy/eeprom-with-unit.js';

const BAUD_RATE = 500_000;
const BYTE_US = 20;
const COMPARE_LOW_BYTE = 0x88; // OCR1AL (datasheet 30, register summary)
const DIRECTION_B = 0x24;
const CYCLES_PER_US = 16;
const FLASH_BYTES = 32_768;
const FLASH_SLICE_BYTES = 192;
const RAM_START = 0x100;
const RAM_BYTES = 2048;
const RAM_LINES = 11;
/** 128 of the 11 * 1024 pairs of cells in each. */
const RAM_SLICES = 88;
/** From the last bit of SELFTEST to the last bit of its report. */
const SLICE_US = 4_000;
const STATUS_REGISTER = 0x5f;
const RESET_VECTOR = 0;
const UNTOUCHED = 0xa5;
/** A tenth of the 50 ms a gateway waits: the rest is for the line and its repeats. */
const HELLO_AFTER_START_US = 5_000;

interface Symbols {
  readonly symbols: Readonly<Record<string, { readonly address: number; readonly bytes: number }>>;
}

const images = join(import.meta.dirname, '../../firmware-harness/images');
const hex = readFileSync(join(images, 'heater.atmega328p.hex'), 'utf8');
/** The bytes of flash that the image writes. */
const program = loadHex(hex, FLASH_BYTES).subarray(0, bytesOf(hex));
const { symbols } = JSON.parse(readFileSync(join(images, 'heater.atmega328p.symbols.json'), 'utf8')) as Symbols;

/** How many bytes the data records of an image hold; it has no gaps. */
function bytesOf(image: string): number {
  const lengths = image.match(/(?<=^:)[0-9A-F]{2}(?=[0-9A-F]{4}00)/gm) ?? [];
  return lengths.reduce((sum, length) => sum + Number.parseInt(length, 16), 0);
}

/** An image of `bytes`, as Intel HEX with one byte a record. */
function hexOf(bytes: Uint8Array): string {
  const records = [...bytes].map((byte, address) => {
    const record = [1, address >> 8, address & 0xff, 0, byte];
    const sum = record.reduce((total, value) => total + value, 0);
    return `:${[...record, -sum & 0xff].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  });
  return [...records, ':00000001FF', ''].join('\n');
}

function addressOf(name: string): number {
  const symbol = symbols[name];
  if (symbol === undefined) throw new Error(`the image has no symbol ${name}`);
  return symbol.address;
}

/** The committed image on an emulated Uno, with a gateway's side of the line in the test's hands. */
class Bench {
  readonly uno: EmulatedBoard;
  readonly #splitter = new FrameSplitter();
  #heard: Message[] = [];
  #session = 0;

  /** When the last byte of the last message left the board. */
  heardUs = 0;

  constructor(image = hex, runUs = 250_000, uno: Partial<EmulatedBoardOptions> = {}) {
    this.uno = new EmulatedBoard({ hex: image, seed: 7, ...uno });
    this.uno.onTransmit = (byte, atUs) => {
      const received = this.#splitter.pushByte(byte);
      if (received?.ok !== true) return;
      this.#heard.push(received.message);
      this.heardUs = atUs;
    };
    this.uno.runForUs(runUs);
  }

  /** How long after the first instruction of its next start the board's first message is out, which must be HELLO. */
  helloAfterStartUs(waitUs: number): number {
    this.listen(0);
    let startUs = Number.NaN;
    this.uno.breakpointOnce(RESET_VECTOR, () => {
      startUs = (this.uno.machine?.cpu.cycles ?? Number.NaN) / CYCLES_PER_US;
    });
    expect(this.listen(waitUs).map(({ kind }) => kind)).toEqual(['hello']);
    return this.heardUs - startUs;
  }

  give(bytes: Uint8Array): void {
    let startUs = this.uno.nowUs;
    for (const byte of bytes) {
      this.uno.receive(byte, startUs, BAUD_RATE);
      startUs += BYTE_US;
    }
  }

  /** Sends, lets `waitUs` pass, and returns what the board said since the last call. */
  say(message: Message, waitUs = 6_000): Message[] {
    this.give(encodeFrame(message));
    return this.listen(waitUs);
  }

  listen(waitUs: number): Message[] {
    this.uno.runForUs(waitUs);
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }

  hello(): Extract<Message, { kind: 'hello' }> {
    this.listen(0);
    const hello = this.say({ kind: 'helloRequest', session: 0, seq: 0 }).find(({ kind }) => kind === 'hello');
    if (hello?.kind !== 'hello') throw new Error('no HELLO');
    return hello;
  }

  open(session: number, resume = false): void {
    const { boot, session: wasSession } = this.hello();
    this.say({ kind: 'open', session: 0, seq: 0, newSession: session, wasSession, boot, resume, nextSeq: 1 });
    this.#session = session;
  }

  input(seq: number, payload: Uint8Array, waitUs?: number): Message[] {
    const rest = {
      probe: false,
      recall: false,
      observedGiven: false,
      pairTimeMs: seq * 100,
      position: 0,
      observed: [],
    };
    return this.say({ kind: 'input', session: this.#session, seq, payload, ...rest }, waitUs);
  }

  commit(seq: number, hash: number): Message[] {
    return this.say({ kind: 'commit', session: this.#session, seq, resultHash: hash });
  }
}

/** What is free above the program's variables must bear the stack, an interrupt on top, and something to spare. */
const SPARE_STACK_BYTES = 128;

describe.each(['heater', 'heater-window-4'] as const)('the image %s', (image) => {
  it('leaves room for the deepest stack', () => {
    const bench = new Bench(heaterHex(image));
    const { stackBottom } = heaterSymbols(image);
    const isFree = (address: number) => bench.uno.readRam(address, 1)[0] === UNTOUCHED;
    for (let address = stackBottom; address < stackBottom + SPARE_STACK_BYTES; address++) {
      bench.uno.pokeRam(address, (bench.uno.readRam(address, 1)[0] ?? 0) ^ UNTOUCHED);
    }
    bench.open(1);
    for (let seq = 1; seq <= 12; seq++) {
      const payload = [heaterPayload(960, 900), new Uint8Array(0), HEATER_REPORT, new Uint8Array(41)][seq % 4];
      const parts = bench.input(seq, payload ?? new Uint8Array(0)).filter((one) => one.kind === 'result');
      const [first] = parts;
      if (first === undefined) throw new Error(`input ${seq} has no result`);
      bench.commit(seq, resultHash(parts, first.digest));
      bench.say({ kind: 'selfTest', session: 1, seq: 0, slice: seq }, 12_000);
    }
    bench.say({ kind: 'stateGet', session: 1, seq: 0, offset: 0 });
    bench.say({ kind: 'commit', session: 1, seq: 99, resultHash: 0 });
    const outputs = [1, 0];
    const put = { kind: 'statePut', session: 1, seq: 0, offset: 0, last: true, executionCount: 3, outputs } as const;
    bench.say({ ...put, data: new Uint8Array(8) });
    bench.hello();
    for (let address = stackBottom; address < stackBottom + SPARE_STACK_BYTES; address++) {
      expect(isFree(address), `${address - stackBottom} bytes above the variables`).toBe(true);
    }
  });
});

describe('the committed heater image on an emulated Uno', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
    bench.open(1);
  });

  it('computes what the reference computes, acts on commit, and reports the digest of its state', () => {
    let state = HEATER_START;
    for (let seq = 1; seq <= 150; seq++) {
      const adc = 150 + ((seq * 37) % 340); // below 120 degC, where it would offer inputs of its own
      bench.uno.setVolts(0, (adc * 5) / 1024 + 0.001);
      const payload = seq % 3 === 0 ? new Uint8Array(0) : heaterPayload(960 + seq, 900 + ((seq * 13) % 200));
      const [result] = bench.input(seq, payload);
      if (result?.kind !== 'result') throw new Error(`input ${seq} has no result`);
      const step = heaterStep(state, { payload, adc: result.observed[0] });
      const rest = { probe: false, pairTimeMs: seq * 100, payload };
      expect(result).toMatchObject({ seq, executionCount: seq, part: 0, last: true, rejected: false });
      expect(result.body).toEqual(step.body);
      expect(result.digest).toBe(crc32(heaterStateBytes(step.state)));
      expect(result.inputCrc).toBe(inputCrc(rest));
      expect(bench.uno.duty(9)).toBe(state.duty); // R7: not before the commit
      const answers = bench.commit(seq, resultHash([result], result.digest));
      expect(answers).toEqual([
        { kind: 'done', session: 1, seq, stale: false, readBack: [step.state.duty, step.state.trip] },
      ]);
      expect(bench.uno.duty(9)).toBe(step.state.duty);
      expect(bench.uno.duty(8)).toBe(step.state.trip * 255);
      state = step.state;
    }
  });

  it('R29: a changed compare register, or a pin that is no output any more, is FAILED', () => {
    for (const register of [COMPARE_LOW_BYTE, DIRECTION_B]) {
      bench = new Bench();
      bench.open(1);
      bench.input(1, heaterPayload(960, 900));
      bench.uno.pokeRam(register, 0x02);
      expect(bench.input(2, heaterPayload(960, 900))[0]).toMatchObject({ kind: 'failed', reason: 'outputCorrupt' });
    }
  });

  it('R18: a bit flipped during an input shows in the digest of its result', () => {
    const [clean] = bench.input(1, heaterPayload(960, 900));
    bench.uno.breakpointOnce(addressOf('inputReturned'), () => bench.uno.pokeRam(addressOf('integrator') + 1, 0x10));
    const [flipped] = bench.input(2, heaterPayload(960, 900));
    const state = heaterStep(HEATER_START, { payload: heaterPayload(960, 900), adc: undefined }).state;
    const next = heaterStep(state, { payload: heaterPayload(960, 900), adc: undefined }).state;
    expect(clean).toMatchObject({ digest: crc32(heaterStateBytes(state)) });
    if (flipped?.kind !== 'result') throw new Error('no result');
    expect(flipped.digest).not.toBe(crc32(heaterStateBytes(next)));
  });

  it('R15: a board whose program hangs is restarted by its watchdog, and says so', () => {
    const { boot } = bench.hello();
    bench.uno.pauseForUs(3_000_000, { interrupts: 'stop', watchdogWorks: true });
    bench.listen(3_500_000);
    expect(bench.hello()).toMatchObject({ session: 0, boot: boot + 1, resetCause: 'watchdog', kept: [] });
  });

  it('tells the causes of its starts apart, and never starts twice as the same', () => {
    const boots = [bench.hello().boot];
    bench.say({ kind: 'reset', session: 1, seq: 0 }, 400_000);
    expect(bench.hello()).toMatchObject({ resetCause: 'commanded' });
    boots.push(bench.hello().boot);
    bench.uno.resetExternal();
    bench.listen(400_000);
    expect(bench.hello()).toMatchObject({ resetCause: 'external' });
    boots.push(bench.hello().boot);
    bench.uno.powerCycle(10_000);
    bench.listen(400_000);
    expect(bench.hello()).toMatchObject({ resetCause: 'powerOn' });
    boots.push(bench.hello().boot);
    expect(new Set(boots).size).toBe(boots.length);
  });

  it('R15: says HELLO within milliseconds of an external reset', () => {
    bench.uno.resetExternal();
    expect(bench.helloAfterStartUs(20_000)).toBeLessThan(HELLO_AFTER_START_US);
    expect(bench.hello()).toMatchObject({ resetCause: 'external', session: 0 });
  });

  it('R15: says HELLO within milliseconds of a watchdog reset', () => {
    bench.uno.pauseForUs(3_000_000, { interrupts: 'stop', watchdogWorks: true });
    expect(bench.helloAfterStartUs(1_500_000)).toBeLessThan(HELLO_AFTER_START_US);
    expect(bench.hello()).toMatchObject({ resetCause: 'watchdog', session: 0 });
  });

  it('R15: says HELLO within milliseconds of a commanded reset', () => {
    bench.give(encodeFrame({ kind: 'reset', session: 1, seq: 0 }));
    expect(bench.helloAfterStartUs(50_000)).toBeLessThan(HELLO_AFTER_START_US);
    expect(bench.hello()).toMatchObject({ resetCause: 'commanded', session: 0 });
  });

  it('says HELLO within milliseconds of its first instruction when the supply comes on', () => {
    bench.uno.powerCycle(10_000);
    expect(bench.helloAfterStartUs(100_000)).toBeLessThan(HELLO_AFTER_START_US);
    expect(bench.hello()).toMatchObject({ resetCause: 'powerOn', session: 0 });
  });

  it('R15: after a restart the first frame of the old session is answered at once, also when the first HELLO was lost', () => {
    bench.uno.resetExternal();
    expect(bench.listen(HELLO_AFTER_START_US).map(({ kind }) => kind)).toEqual(['hello']);
    const sentUs = bench.uno.nowUs;
    expect(bench.input(1, heaterPayload(960, 900)).map(({ kind }) => kind)).toEqual(['hello']);
    expect(bench.heardUs - sentUs).toBeLessThan(HELLO_AFTER_START_US);
  });

  it('HELLO names the image by the crc32 of its bytes, with zeros where the hash itself is', () => {
    const unhashed = program.slice().fill(0, addressOf('imageHash'), addressOf('imageHash') + 4);
    expect(bench.hello().imageHash).toBe(crc32(unhashed));
    const slow = new Bench(hexOf(unhashed), 500_000); // built without the tool: the board sums up its flash by itself
    expect(slow.hello().imageHash).toBe(crc32(unhashed));
  });

  describe('which board it is', () => {
    const unitOf = (board: Bench) => board.hello().seq;

    it('is a number of its own, kept over every restart, loss of power and new program', () => {
      const unit = unitOf(bench);
      expect(unit).not.toBe(0);
      expect(unitOf(new Bench(hex, 250_000, { seed: 8 }))).not.toBe(unit);
      bench.uno.resetExternal();
      bench.listen(100_000);
      expect(unitOf(bench)).toBe(unit);
      bench.uno.powerCycle(10_000); // RAM wakes up with something else
      bench.listen(200_000);
      expect(unitOf(bench)).toBe(unit);
      bench.uno.flash(heaterHex('heater-window-4'));
      bench.uno.powerCycle(10_000);
      bench.listen(200_000);
      expect(bench.hello()).toMatchObject({ seq: unit, window: 4 });
    });

    it('R15: is made and told within milliseconds of the very first start', () => {
      const fresh = new Bench(hex, 0);
      expect(fresh.helloAfterStartUs(100_000)).toBeLessThan(HELLO_AFTER_START_US);
    });

    it('is the same after a reset that comes before EEPROM has it', () => {
      const fresh = new Bench(hex, 0);
      fresh.listen(65_000 + HELLO_AFTER_START_US);
      const unit = unitOf(fresh);
      fresh.uno.resetExternal();
      fresh.listen(200_000);
      expect(unitOf(fresh)).toBe(unit);
      fresh.uno.powerCycle(10_000);
      fresh.listen(200_000);
      expect(unitOf(fresh)).toBe(unit);
    });

    it('is what EEPROM says, and is made anew where that was not written to its end', () => {
      const eeprom = eepromWithUnit(0xc0ffee);
      const withEeprom = (content: Uint8Array) => unitOf(new Bench(hex, 250_000, { eeprom: content }));
      expect(withEeprom(eeprom)).toBe(0xc0ffee);
      eeprom[1023] = 0xff;
      const made = withEeprom(eeprom);
      expect(made).not.toBe(0xc0ffee);
      expect(made).toBe(unitOf(bench)); // of the same RAM
    });
  });

  it('keeps serving through garbage at full line speed', () => {
    let state = 1;
    const garbage = Uint8Array.from({ length: 20_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    bench.give(garbage);
    bench.listen(500_000);
    bench.give(Uint8Array.of(0));
    expect(bench.input(1, heaterPayload(960, 900))[0]).toMatchObject({ kind: 'result', seq: 1 });
    expect(bench.uno.starts.watchdog).toBe(0);
  });

  it('takes as many bytes back to back as HELLO says its receive buffer holds', () => {
    const { rxBytes } = bench.hello();
    const frame = encodeFrame({ kind: 'helloRequest', session: 0, seq: 0 });
    const wait = encodeFrame({ kind: 'wait', session: 1, seq: 1 });
    const burst = Array.from({ length: Math.floor((rxBytes - frame.length) / wait.length) }, () => [...wait]).flat();
    bench.uno.pauseForUs(rxBytes * BYTE_US, { interrupts: 'run' });
    bench.give(Uint8Array.from([...burst, ...frame]));
    expect(bench.listen(20_000).map(({ kind }) => kind)).toEqual(['hello']);
  });

  describe('self-test', () => {
    /** One slice; its report. */
    function slice(number: number): SelfTestReportMessage {
      const [report] = bench.say({ kind: 'selfTest', session: 1, seq: 0, slice: number }, 12_000);
      if (report?.kind !== 'selfTestReport') throw new Error(`slice ${number} has no report`);
      return report;
    }

    /** All slices, from 0 to the one that is the last. */
    function slices(): SelfTestReportMessage[] {
      const reports = [slice(0)];
      while (reports.at(-1)?.last === false) reports.push(slice(reports.length));
      return reports;
    }

    /** What a gateway makes of them. */
    function flashVerdict(hello: HelloMessage): string | undefined {
      const sum = new FlashSum();
      sum.heard(hello);
      return slices()
        .map((report) => sum.add(report))
        .at(-1);
    }

    it('R19: reads the whole image from flash by slices, and finds nothing', () => {
      const before = bench.uno.readRam(RAM_START, RAM_BYTES);
      const reports = slices();
      const unhashed = program.slice().fill(0, addressOf('imageHash'), addressOf('imageHash') + 4);
      const pieces = Math.ceil(program.length / FLASH_SLICE_BYTES);
      expect(reports).toHaveLength(Math.max(pieces, RAM_SLICES));
      for (const [number, report] of reports.entries()) {
        const piece = unhashed.subarray(number * FLASH_SLICE_BYTES, (number + 1) * FLASH_SLICE_BYTES);
        expect(report).toMatchObject({ slice: number, ramFault: false, cpuFault: false, ramFaultAt: 0 });
        expect(report).toMatchObject({
          flashBytes: piece.length,
          flashCrc: crc32(piece),
          ramTested: number < RAM_SLICES,
        });
      }
      // Nothing that does not change anyway (rings, stack, clock) is another one: the state is where it was.
      const { stateAddress, stateBytes } = heaterSymbols();
      const from = stateAddress - RAM_START;
      expect(bench.uno.readRam(stateAddress, stateBytes)).toEqual(before.subarray(from, from + stateBytes));
      expect(bench.hello()).toMatchObject({ failed: false, session: 1 });
    });

    it('R19: the pieces make up the image hash of HELLO, and do not when a bit of flash has changed', () => {
      const hello = bench.hello();
      expect(flashVerdict(hello)).toBe('ok');
      // The end of the program is the start values of variables, which were copied before.
      bench.uno.flipFlash(program.length - 1, 0x20);
      expect(flashVerdict(hello)).toBe('bad');
      expect(bench.input(1, heaterPayload(960, 900))[0]).toMatchObject({ kind: 'result', seq: 1 });
    });

    it('R19: a slice is answered within 4 ms, and interrupts are never off for as long as a byte takes', () => {
      const longest = { sliceUs: 0, offCycles: 0 };
      for (let number = 0; number < 90; number += 1) {
        bench.give(encodeFrame({ kind: 'selfTest', session: 1, seq: 0, slice: number }));
        const arrivedUs =
          bench.uno.nowUs + encodeFrame({ kind: 'selfTest', session: 1, seq: 0, slice: number }).length * BYTE_US;
        let offSinceCycle: number | null = null;
        const untilUs = arrivedUs + 6_000;
        while (bench.uno.nowUs < untilUs) {
          const cpu = bench.uno.machine?.cpu;
          if (cpu === undefined) throw new Error('it is in reset');
          const areOn = ((cpu.data[STATUS_REGISTER] ?? 0) & 0x80) !== 0;
          offSinceCycle = areOn ? null : (offSinceCycle ?? cpu.cycles);
          longest.offCycles = Math.max(longest.offCycles, cpu.cycles - (offSinceCycle ?? cpu.cycles));
          bench.uno.runUntilCycle(cpu.cycles + 1);
        }
        expect(bench.listen(0).map(({ kind }) => kind)).toEqual(['selfTestReport']);
        longest.sliceUs = Math.max(longest.sliceUs, bench.heardUs - arrivedUs);
      }
      expect(longest.sliceUs).toBeLessThan(SLICE_US);
      expect(longest.offCycles).toBeLessThan(BYTE_US * CYCLES_PER_US);
    });

    it('R19: an input that comes in the middle of a slice is whole, and waits for no more than that slice', () => {
      const ALONE_US = 2_500; // of an input, from the first bit of one to the last bit of the other
      for (let number = 0; number < 12; number += 1) {
        const seq = number + 1;
        bench.give(encodeFrame({ kind: 'selfTest', session: 1, seq: 0, slice: number }));
        bench.listen(300 + number * 300); // right behind it, up to after the slice
        const said = bench.input(seq, heaterPayload(960, 900), SLICE_US + ALONE_US);
        const results = said.filter((one) => one.kind === 'result');
        expect(results).toMatchObject([{ seq, executionCount: seq }]);
        bench.commit(seq, resultHash(results, results[0]?.digest ?? 0));
      }
      expect(bench.uno.machine?.usart.counters).toMatchObject({ overruns: 0, frameErrors: 0 });
    });

    it('loses no byte of a full receive buffer that comes at full speed during slices', () => {
      const wait = encodeFrame({ kind: 'wait', session: 1, seq: 1 });
      for (let number = 0; number < 88; number += 4) {
        const test = encodeFrame({ kind: 'selfTest', session: 1, seq: 0, slice: number });
        const { rxBytes } = bench.hello();
        const waits = Math.floor((rxBytes - test.length) / wait.length);
        bench.give(Uint8Array.from([...test, ...Array.from({ length: waits }, () => [...wait]).flat()]));
        expect(bench.listen(20_000).map(({ kind }) => kind)).toEqual(['selfTestReport']);
      }
      expect(bench.uno.machine?.usart.counters).toMatchObject({ overruns: 0 });
      expect(bench.uno.machine?.usart.counters.received).toBeGreaterThan(22 * 200);
    });

    it.each([0, 1] as const)('R19: a bit of RAM that is stuck at %i is found, and the board goes on', (value) => {
      const at = heaterSymbols().stackBottom - RAM_START + 40; // free: the stack never comes so far down
      bench.uno.stickBit(RAM_START + at, 6, value);
      const bad = slices().filter(({ ramFault }) => ramFault);
      expect(bad).toHaveLength(RAM_LINES); // once with each of its neighbours
      expect(bad.every(({ ramFaultAt }) => ramFaultAt === at)).toBe(true);
      expect(bench.hello()).toMatchObject({ failed: false });
      expect(bench.input(1, heaterPayload(960, 900))[0]).toMatchObject({ kind: 'result', seq: 1 });
    });

    it('R19: a stuck bit of a register is found', () => {
      const reported = new Map<number, boolean>();
      for (let register = 0; register < 32; register += 1) {
        bench = new Bench();
        bench.open(1);
        bench.uno.breakpointOnce(addressOf('registersDiffer'), () => bench.uno.stickBit(register, register & 7, 1));
        const [report] = bench.say({ kind: 'selfTest', session: 1, seq: 0, slice: 0 }, 12_000);
        if (report?.kind === 'selfTestReport') reported.set(register, report.cpuFault);
      }
      // Of the others the program itself needs every bit: it does not get so far as to say anything.
      expect(reported.size).toBeGreaterThan(4);
      expect([...reported.values()]).not.toContain(false);
    });
  });
});
