import { beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS, EIGHT_E_ONE, framed, ModbusMaster, request } from './modbus-master.js';

const HOLDING_ANSWER_MS = 8;
const read = request.readHolding(0, 1);
const frame = framed([ADDRESS, ...read]);
const LONGEST_ANSWER_US = 30_000;

describe('frames of the modbus image', () => {
  let master: ModbusMaster;
  beforeEach(() => {
    master = new ModbusMaster();
  });

  /** Gives bytes in pieces, a pause before each; how long after the last byte the first one of an answer began, or null. */
  function answeredAfterUs(...pieces: readonly { readonly bytes: readonly number[]; readonly pauseUs?: number }[]) {
    for (const { bytes, pauseUs = 0 } of pieces) master.give(bytes, pauseUs);
    const [first] = master.listenTimed(master.givenUs - master.uno.nowUs + LONGEST_ANSWER_US);
    return first === undefined ? null : first.atUs - master.byteUs - master.givenUs;
  }

  it.each([2, 30])('are answered after %i ms, where a register says so', (answerMs) => {
    master.ask(request.writeRegister(HOLDING_ANSWER_MS, answerMs));
    const afterUs = answeredAfterUs({ bytes: frame });
    expect(afterUs).toBeGreaterThan(answerMs * 1000 - 1000);
    expect(afterUs).toBeLessThan(answerMs * 1000 + 1500);
  });

  it('are answered after 300 ms, where a register says so, and what is asked meanwhile is not', () => {
    master.ask(request.writeRegister(HOLDING_ANSWER_MS, 300), { waitUs: 320_000 });
    master.give(frame);
    expect(master.listen(250_000)).toEqual([]);
    master.give(framed([ADDRESS, ...request.readHolding(1, 1)]));
    expect(master.listen(400_000)).toEqual(framed([ADDRESS, 3, 2, 0, 0]));
  });

  it('that pause for 0.5 ms have no answer; without the pause they have', () => {
    const [front, back] = [frame.slice(0, 4), frame.slice(4)];
    expect(answeredAfterUs({ bytes: front }, { bytes: back, pauseUs: 500 })).toBeNull();
    expect(answeredAfterUs({ bytes: front }, { bytes: back, pauseUs: 100 })).not.toBeNull();
  });

  it('two without 3.5 characters of silence between them have no answer, with it the first has', () => {
    expect(answeredAfterUs({ bytes: frame }, { bytes: frame })).toBeNull();
    expect(answeredAfterUs({ bytes: frame }, { bytes: frame, pauseUs: 1000 })).toBeNull();
    master.give(frame);
    master.give(frame, 20_000);
    expect(master.listen(80_000)).toHaveLength(2 * 7);
  });

  it('that are damaged, for another slave, or too short have no answer, and the next one has', () => {
    const damaged = frame.with(3, 1);
    for (const bytes of [damaged, framed([6, ...read]), framed([5]), [5]]) {
      expect(answeredAfterUs({ bytes })).toBeNull();
      expect(answeredAfterUs({ bytes: frame })).not.toBeNull();
    }
  });

  it('of 300 bytes have no answer, and the next one has', () => {
    expect(answeredAfterUs({ bytes: framed(new Array<number>(298).fill(5)) })).toBeNull();
    expect(answeredAfterUs({ bytes: frame })).not.toBeNull();
  });

  it.each([
    ['8N1', { dataBits: 8, parity: 'none', stopBits: 1 }],
    ['8O1', { dataBits: 8, parity: 'odd', stopBits: 1 }],
  ] as const)('in %s have no answer', (_name, format) => {
    master = new ModbusMaster({ format });
    expect(answeredAfterUs({ bytes: frame })).toBeNull();
    expect(master.uno.machine?.usart.counters.parityErrors).toBeGreaterThan(0);
  });

  it('in 8E2 have one: a receiver looks at one stop bit', () => {
    master = new ModbusMaster({ format: { ...EIGHT_E_ONE, stopBits: 2 } });
    expect(answeredAfterUs({ bytes: frame })).not.toBeNull();
  });

  it('go out in 8E1, with the driver of an RS-485 line on from before the first bit to after the last', () => {
    const sent: { readonly atUs: number; readonly parity: string }[] = [];
    const driver: { readonly atUs: number; readonly duty: number }[] = [];
    master.uno.onTransmit = (_byte, atUs, _rate, { parity }) => sent.push({ atUs, parity });
    master.uno.onOutput = (atUs, pin, duty) => {
      if (pin === 4) driver.push({ atUs, duty });
    };
    answeredAfterUs({ bytes: frame });
    expect(new Set(sent.map(({ parity }) => parity))).toEqual(new Set(['even']));
    expect(driver.map(({ duty }) => duty)).toEqual([255, 0]);
    expect(driver[0]?.atUs).toBeLessThan((sent[0]?.atUs ?? 0) - master.byteUs);
    expect(driver[1]?.atUs).toBeGreaterThanOrEqual(sent.at(-1)?.atUs ?? 0);
  });
});
