import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heaterHex } from '../../src/bench/stage/heater-image.js';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';
import { HEATER_REPORT, heaterPayload } from '../../src/model-board/heater-reference.js';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import { FrameSplitter } from '../../src/protocol/frame-splitter.js';
import type { Message, ResultMessage } from '../../src/protocol/messages.generated.js';
import { resultHash } from '../../src/protocol/result-hash.js';
import { SeededRandom } from '../../src/random/seeded-random.js';
import { UnpacedBoard } from '../../src/third-copy/unpaced-board.js';
import { Conversation } from './bench-conversation.js';
import { CHATTERING, SPINNING } from './third-copy-kit.js';

const QUIET_US = 50_000;
const AMPLE_US = 10_000_000;
/** As an ordinary board is given time: long enough for every answer, too short for a result to be said again. */
const ANSWERED_US = 15_000;

/** The gateway's side of an unpaced board's line. */
class Third {
  readonly board: UnpacedBoard;
  readonly #splitter = new FrameSplitter();

  constructor(hex = heaterHex(), seed = 1) {
    this.board = new UnpacedBoard({ hex, seed, quietUs: QUIET_US });
  }

  /** What it answers by the time it stands still. */
  ask(...messages: Message[]): Message[] {
    for (const message of messages) this.board.give(encodeFrame(message));
    expect(this.board.run(AMPLE_US)).toBe(true);
    return this.#splitter.push(this.board.takeSent()).flatMap((heard) => (heard.ok ? [heard.message] : []));
  }

  open(newSession: number): void {
    const [hello] = this.ask().concat(this.ask({ kind: 'helloRequest', session: 0, seq: 0 }));
    if (hello?.kind !== 'hello') throw new Error('no HELLO');
    const { boot, session: wasSession } = hello;
    this.ask({ kind: 'open', session: 0, seq: 0, newSession, wasSession, boot, resume: false, nextSeq: 1 });
  }
}

const input = (session: number, seq: number, payload: Uint8Array, observed?: number): Message => ({
  ...{ kind: 'input', session, seq, pairTimeMs: seq * 10, position: 0, payload },
  ...{ probe: false, recall: false, observedGiven: observed !== undefined },
  observed: observed === undefined ? [] : [observed],
});

const commit = (results: readonly ResultMessage[]): Message => {
  const [{ session, seq, digest } = { session: 0, seq: 0, digest: 0 }] = results;
  return { kind: 'commit', session, seq, resultHash: resultHash(results, digest) };
};

const resultsOf = (messages: readonly Message[]) => messages.filter((message) => message.kind === 'result');

describe('an unpaced board', () => {
  it('R19: says what an ordinary emulated Uno says, to every kind of input', () => {
    const third = new Third();
    third.open(3);
    const uno = new Conversation(new EmulatedBoard({ hex: heaterHex(), seed: 2 }));
    uno.wait(100_000);
    uno.open(3);
    const random = new SeededRandom(4);
    for (let seq = 1; seq <= 60; seq++) {
      const commanded = heaterPayload(random.nextBelow(2000), random.nextBelow(2000));
      // One of these computes with a reading, and is given the primary's (R21).
      const payload = [commanded, HEATER_REPORT, new Uint8Array(), Uint8Array.of(1)][seq % 4] ?? commanded;
      const message = input(3, seq, payload, random.nextBelow(1024));
      uno.send(message);
      const expected = uno.wait(ANSWERED_US, 'result');
      const results = resultsOf(third.ask(message));
      expect(results.length).toBeGreaterThan(0);
      expect(results.map(({ observed, ...said }) => said)).toEqual(expected.map(({ observed, ...said }) => said));
      uno.send(commit(expected));
      expect(third.ask(commit(results))).toEqual(uno.wait(ANSWERED_US, 'done'));
    }
  });

  it('stands still while it waits: no cycle passes, whatever time it is offered', () => {
    const third = new Third();
    third.open(3);
    const beforeUs = third.board.nowUs;
    for (let offered = 0; offered < 1000; offered++) expect(third.board.run(AMPLE_US)).toBe(true);
    expect(third.board.nowUs).toBe(beforeUs);
    expect(third.board.takeSent()).toHaveLength(0);
  });

  it('R11: neither its silence time nor its watchdog runs out while nobody speaks to it', () => {
    const third = new Third();
    third.open(3);
    for (let seq = 1; seq <= 20; seq++) {
      expect(third.board.run(60_000_000)).toBe(true);
      third.ask(commit(resultsOf(third.ask(input(3, seq, heaterPayload(900, 800))))));
    }
    const [hello] = third.ask({ kind: 'helloRequest', session: 0, seq: 0 });
    expect(hello).toMatchObject({ session: 3, parked: false, failed: false, executionCount: 20 });
    expect(third.board.starts).toBe(1);
  });

  it('takes a window of inputs in one write, and loses no byte of them', () => {
    const third = new Third();
    third.open(3);
    const both = resultsOf(third.ask(input(3, 1, heaterPayload(900, 800)), input(3, 2, heaterPayload(900, 810))));
    expect(both.map(({ seq, executionCount }) => [seq, executionCount])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('loses no byte while its program takes none, as a real wire would', () => {
    const echo = readFileSync(new URL('../bench/fixtures/echo.hex', import.meta.url), 'utf8');
    const heardBy = (more: { readonly byteCycles?: number }) => {
      const uno = new EmulatedBoard({ hex: echo, seed: 1, ...more });
      const heard: number[] = [];
      uno.onTransmit = (byte) => heard.push(byte);
      uno.runUntilUs(70_000);
      uno.pauseForUs(200, { interrupts: 'stop' });
      for (let byte = 1; byte <= 6; byte++) uno.receive(byte, uno.nowUs, 500_000);
      uno.runForUs(1000);
      return heard;
    };
    expect(heardBy({ byteCycles: 100 })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(heardBy({})).toEqual([1, 2, 6]);
  });

  it('hears what it is given before its program has begun', () => {
    const third = new Third();
    const heard = third.ask({ kind: 'helloRequest', session: 0, seq: 0 });
    expect(heard.map(({ kind }) => kind)).toEqual(['hello', 'hello']);
  });

  it('wakes up as another board with another seed, and as the same with the same', () => {
    const boots = [1, 1, 2].map((seed) => {
      const [hello] = new Third(heaterHex(), seed).ask();
      // It is no board of its own that a fault could name.
      expect(hello?.seq).toBe(0);
      return hello?.kind === 'hello' ? hello.boot : null;
    });
    expect(boots[0]).not.toBeNull();
    expect(boots[1]).toBe(boots[0]);
    expect(boots[2]).not.toBe(boots[0]);
  });

  it('restarts when it is told to, and comes to rest as a board that has', () => {
    const third = new Third();
    third.open(3);
    const [hello] = third.ask({ kind: 'reset', session: 3, seq: 0 });
    expect(hello).toMatchObject({ kind: 'hello', session: 0, resetCause: 'commanded' });
    expect(third.board.starts).toBe(2);
  });

  it('takes a program that never sleeps for one that waits, after its quiet time', () => {
    const board = new UnpacedBoard({ hex: SPINNING, seed: 1, quietUs: QUIET_US });
    expect(board.run(AMPLE_US)).toBe(true);
    const firstUs = board.nowUs;
    expect(firstUs).toBeLessThan(AMPLE_US / 10);
    board.give(Uint8Array.of(1));
    expect(board.run(AMPLE_US)).toBe(true);
    expect(board.nowUs - firstUs).toBeGreaterThanOrEqual(QUIET_US);
  });

  it('says that one that never stops talking still works', () => {
    const board = new UnpacedBoard({ hex: CHATTERING, seed: 1, quietUs: QUIET_US });
    expect(board.run(200_000)).toBe(false);
    expect(board.takeSent().length).toBeGreaterThan(1000);
  });
});
