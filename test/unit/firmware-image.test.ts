import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { HEATER_START, heaterPayload, heaterStateBytes, heaterStep } from '../../src/bench/heater-reference.js';
import { EmulatedUno } from '../../src/bench/uno/emulated-uno.js';
import { crc32 } from '../../src/protocol/crc32.js';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import { FrameSplitter } from '../../src/protocol/frame-splitter.js';
import type { Message } from '../../src/protocol/messages.generated.js';
import { inputCrc, resultHash } from '../../src/protocol/result-hash.js';

const BAUD_RATE = 500_000;
const BYTE_US = 20;
const COMPARE_LOW_BYTE = 0x88; // OCR1AL (datasheet 30, register summary)
const DIRECTION_B = 0x24;

interface Symbols {
  readonly symbols: Readonly<Record<string, { readonly address: number; readonly bytes: number }>>;
}

const images = join(import.meta.dirname, '../../firmware-harness/images');
const hex = readFileSync(join(images, 'heater.atmega328p.hex'), 'utf8');
const { symbols } = JSON.parse(readFileSync(join(images, 'heater.atmega328p.symbols.json'), 'utf8')) as Symbols;

function addressOf(name: string): number {
  const symbol = symbols[name];
  if (symbol === undefined) throw new Error(`the image has no symbol ${name}`);
  return symbol.address;
}

/** The committed image on an emulated Uno, with a gateway's side of the line in the test's hands. */
class Bench {
  readonly uno = new EmulatedUno({ hex, seed: 7 });
  readonly #splitter = new FrameSplitter();
  #heard: Message[] = [];
  #session = 0;

  constructor() {
    this.uno.onTransmit = (byte) => {
      for (const received of this.#splitter.push(Uint8Array.of(byte)))
        if (received.ok) this.#heard.push(received.message);
    };
    this.uno.runForUs(250_000);
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

  input(seq: number, payload: Uint8Array): Message[] {
    const rest = { probe: false, recall: false, observedGiven: false, pairTimeMs: seq * 100, observed: [] };
    return this.say({ kind: 'input', session: this.#session, seq, payload, ...rest });
  }

  commit(seq: number, hash: number): Message[] {
    return this.say({ kind: 'commit', session: this.#session, seq, resultHash: hash });
  }
}

describe('the committed heater image on an emulated Uno', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
    bench.open(1);
  });

  it('computes what the reference computes, acts on commit, and reports the digest of its state', () => {
    let state = HEATER_START;
    for (let seq = 1; seq <= 150; seq++) {
      const adc = 150 + ((seq * 37) % 400);
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

  it('R29: a bit flipped in the integrator between inputs is FAILED before an output moves', () => {
    bench.input(1, heaterPayload(960, 900));
    bench.uno.pokeRam(addressOf('integrator') + 1, 0x10);
    const answers = bench.input(2, heaterPayload(960, 900));
    expect(answers.map(({ kind }) => kind)).toEqual(['failed']);
    expect(answers[0]).toMatchObject({ reason: 'stateCorrupt' });
    expect([bench.uno.duty(9), bench.uno.duty(8)]).toEqual([0, 255]);
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

  it('R7: 140 degC on its own A0 takes the safe levels without anybody’s leave', () => {
    bench.input(1, heaterPayload(960, 900));
    bench.uno.setVolts(0, 2.9);
    const answers = bench.listen(20_000).filter(({ kind }) => kind === 'failed');
    expect(answers[0]).toMatchObject({ reason: 'localTrip' });
    expect([bench.uno.duty(9), bench.uno.duty(8)]).toEqual([0, 255]);
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

  it('R19: its self-test covers the whole image by slices and finds nothing', () => {
    const crcs: number[] = [];
    for (let slice = 0, last = false; !last; slice++) {
      const [report] = bench.say({ kind: 'selfTest', session: 1, seq: 0, slice }, 12_000);
      if (report?.kind !== 'selfTestReport') throw new Error(`slice ${slice} has no report`);
      expect(report).toMatchObject({ slice, ramFault: false, cpuFault: false });
      crcs.push(report.flashCrc);
      last = report.last;
    }
    expect(crcs.length).toBeGreaterThan(32);
    expect(bench.hello()).toMatchObject({ failed: false, session: 1 });
  });

  it('R25: hands its state to another board, which goes on from it', () => {
    const [result] = bench.input(1, heaterPayload(960, 900));
    if (result?.kind !== 'result') throw new Error('no result');
    bench.commit(1, resultHash([result], result.digest));
    const [state] = bench.say({ kind: 'stateGet', session: 1, seq: 0, offset: 0 });
    if (state?.kind !== 'state') throw new Error('no state');
    expect(crc32(state.data)).toBe(state.digest);
    const other = new Bench();
    other.open(4);
    const { executionCount, outputs, data } = state;
    const put = { kind: 'statePut', session: 4, seq: 0, offset: 0, last: true } as const;
    const [taken] = other.say({ ...put, executionCount, outputs, data });
    expect(taken).toMatchObject({ kind: 'state', accepted: true, executionCount: 1, digest: state.digest });
    expect(other.uno.duty(9)).toBe(bench.uno.duty(9));
    const second = heaterPayload(970, 905);
    expect(other.input(2, second)[0]).toEqual({ ...bench.input(2, second)[0], session: 4 });
  });
});
