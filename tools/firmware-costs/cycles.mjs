// How long the heater's library holds the processor, in cycles of the emulated ATmega328P (16 to a microsecond).
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmulatedBoard } from '../../build/emulator/emulated-board.js';
import { encodeFrame } from '../../build/protocol/frame-codec.js';
import { FrameSplitter } from '../../build/protocol/frame-splitter.js';
import { resultHash } from '../../build/protocol/result-hash.js';
import { HEATER, linkedSymbols, linkImage } from '../build-firmware.mjs';
import { CallTimes } from './call-times.mjs';

const BAUD_RATE = 500_000;
const BYTE_US = 20;
/** For the longest of them, a slice of the self-test, several times over. */
const SETTLE_US = 20_000;
/** The interrupts of the bare port, by the linker's names (ATmega328P datasheet, table 12-6). */
const INTERRUPTS = {
  'timer 0, a millisecond': '__vector_14',
  'USART, a byte has come': '__vector_18',
  'USART, room for a byte': '__vector_19',
};
const SESSION = 7;
const LARGEST_STATE_PUT = { executionCount: 0, offset: 0, last: true, outputs: [0, 0] };

/** `polls`: the longest cc_poll while a frame was dealt with, by frame; `interrupts`: the longest run of each. */
export function measureCycles(folder) {
  mkdirSync(folder, { recursive: true });
  const elf = join(folder, 'heater.elf');
  linkImage({ ...HEATER, defines: [] }, elf);
  const symbols = linkedSymbols(elf);
  const hex = join(folder, 'heater.hex');
  execFileSync('avr-objcopy', ['-O', 'ihex', '-R', '.eeprom', elf, hex]);
  const line = new Line(readFileSync(hex, 'utf8'), symbols);
  const polls = line.play();
  return { polls, interrupts: line.interrupts() };
}

/** A gateway's side of the line of one emulated Uno. */
class Line {
  #uno;
  #times;
  #splitter = new FrameSplitter();
  #heard = [];

  constructor(hex, symbols) {
    this.#uno = new EmulatedBoard({ hex, seed: 7 });
    this.#uno.onTransmit = (byte) => {
      const received = this.#splitter.pushByte(byte);
      if (received?.ok) this.#heard.push(received.message);
    };
    const addressOf = (name) => symbols.get(name).address;
    const interrupts = Object.entries(INTERRUPTS).map(([what, name]) => [what, addressOf(name)]);
    this.#times = new CallTimes(this.#uno, addressOf('cc_poll'), new Map(interrupts));
    this.#uno.runForUs(250_000);
  }

  play() {
    const longest = {};
    const say = (what, message) => {
      longest[what] = this.#say(message);
      return this.#heard.splice(0);
    };
    const [{ boot }] = say('HELLO_REQ, and its HELLO', { kind: 'helloRequest', session: 0, seq: 0 });
    const open = { newSession: SESSION, wasSession: 0, boot, resume: false, nextSeq: 1 };
    say('OPEN, and its HELLO', { kind: 'open', session: 0, seq: 0, ...open });
    const inSession = (kind, seq, fields) => ({ kind, session: SESSION, seq, ...fields });
    const state = say('STATE_GET, and its STATE', inSession('stateGet', 0, { offset: 0 })).at(-1);
    const put = { ...LARGEST_STATE_PUT, data: state.data };
    say('STATE_PUT of all of it, and its STATE', inSession('statePut', 0, put));
    for (const [seq, what, payload] of [
      [1, 'INPUT with a reading of its own, and its RESULT', new Uint8Array(0)],
      [2, 'INPUT of 4 bytes, and its RESULT', Uint8Array.of(0, 11, 0, 10)],
    ]) {
      const rest = { probe: false, recall: false, observedGiven: false, pairTimeMs: 100, position: 0, observed: [] };
      const parts = say(what, inSession('input', seq, { ...rest, payload })).filter(({ kind }) => kind === 'result');
      say(
        'COMMIT of two outputs, and its DONE',
        inSession('commit', seq, { resultHash: resultHash(parts, parts[0].digest) }),
      );
    }
    say('SELFTEST, a slice, and its report', inSession('selfTest', 0, { slice: 0 }));
    say('WAIT', inSession('wait', 0, {}));
    return longest;
  }

  interrupts() {
    return this.#times.longestInterrupts();
  }

  #say(message) {
    this.#times.longestPoll = 0;
    let atUs = this.#uno.nowUs;
    for (const byte of encodeFrame(message)) {
      this.#uno.receive(byte, atUs, BAUD_RATE);
      atUs += BYTE_US;
    }
    this.#uno.runForUs(SETTLE_US);
    return this.#times.longestPoll;
  }
}
