import { describe, expect, it } from 'vitest';
import type { Hello } from '../../../src/pair/result/messages.js';
import { answerOf, hex, toHex, WiredSlave } from './wired-slave.js';

const text = (words: string): number[] => [...Buffer.from(words, 'latin1')];
const object = (id: number, words: string): number[] => [id, words.length, ...text(words)];
/** An answer of function 43/14; `next`: from there on more follows. */
const identification = (objects: readonly number[][], next: number | null = null): Uint8Array =>
  Uint8Array.of(0x2b, 14, 1, 1, next === null ? 0 : 0xff, next ?? 0, objects.length, ...objects.flat());

const PUMP = [object(0, 'Maker'), object(1, 'pump'), object(2, '1.0')];
const SETTINGS = [
  { asked: 'vendor', answer: 'Maker' },
  { asked: 'product code', answer: 'pump' },
  { asked: 'revision', answer: '1.0' },
];

/** One that answers what it is, and all else as ever. */
function asked(identity: 'device' | 'server-id', says: (pdu: Uint8Array) => Uint8Array | null): WiredSlave {
  const slave = new WiredSlave({ identity });
  slave.answer = (pdu) => {
    const pduOf = pdu[0] === 0x2b || pdu[0] === 0x11 ? says(pdu) : answerOf(pdu);
    return { pdu: pduOf, afterUs: 2_000 };
  };
  return slave;
}

const hellos = ({ said }: WiredSlave): Hello[] =>
  said.flatMap(({ message }) => (message.kind === 'hello' ? [message] : []));
const questions = (slave: WiredSlave): string[] =>
  slave.writes.map(({ bytes }) => toHex(bytes.subarray(1, -2))).filter((pdu) => /^(2b|11)/.test(pdu));

function greet(slave: WiredSlave, forUs = 2_000_000): void {
  slave.tell({ kind: 'helloRequest' });
  slave.clock.advance(forUs);
}

function open(slave: WiredSlave, newSession: number, resume = false): void {
  slave.tell({ kind: 'open', newSession, wasSession: 0, boot: null, resume, nextSeq: 1 });
}

describe('R25: who a slave is', () => {
  it('is asked by 43/14 before it says hello, object by object as they come', () => {
    const slave = asked('device', (pdu) =>
      pdu[3] === 0 ? identification(PUMP.slice(0, 2), 2) : identification(PUMP.slice(2)),
    );
    greet(slave);
    expect(questions(slave)).toEqual(['2b0e0100', '2b0e0102']);
    expect(hellos(slave)).toMatchObject([{ settings: SETTINGS }]);
    expect(hellos(slave)[0]?.imageHash).toEqual(expect.any(Number));
  });

  it('is asked by 17, of which all bytes count', () => {
    const slave = asked('server-id', () => hex('11 03 2a ff 50'));
    greet(slave);
    expect(questions(slave)).toEqual(['11']);
    expect(hellos(slave)).toMatchObject([{ settings: [{ asked: 'server id', answer: '2a ff 50' }] }]);
  });

  it('is not asked where nobody said so', () => {
    const slave = new WiredSlave();
    greet(slave);
    expect([questions(slave), hellos(slave)[0]?.settings]).toEqual([[], undefined]);
  });

  it.each([
    { says: 'exception 1', answer: () => hex('ab 01'), times: 1 },
    { says: 'exception 3', answer: () => hex('ab 03'), times: 1 },
    { says: 'busy, for good', answer: () => hex('ab 06'), times: 3 },
    { says: 'nothing', answer: () => null, times: 3 },
    { says: 'what nobody can read', answer: () => hex('2b 0d 00'), times: 3 },
  ])('is nothing where it says $says, and it says hello all the same', ({ answer, times }) => {
    const slave = asked('device', answer);
    greet(slave, 8_000_000);
    expect(questions(slave)).toHaveLength(times);
    expect(hellos(slave)).toMatchObject([{ imageHash: null }]);
    expect(hellos(slave)[0]).not.toHaveProperty('settings');
  });

  it('is asked anew at a join, and in every opening; not for a session that goes on, nor whether it is there', () => {
    let product = 'pump';
    const slave = asked('device', () => identification([object(1, product)]));
    greet(slave);
    open(slave, 1);
    expect(hellos(slave)).toHaveLength(2);
    open(slave, 2, true);
    greet(slave);
    expect([hellos(slave).length, questions(slave).length]).toEqual([4, 1]);

    product = 'valve';
    slave.said.length = 0;
    open(slave, 3);
    expect(hellos(slave)).toEqual([]);
    // The core asks for the session again until it is confirmed.
    open(slave, 3);
    slave.clock.advance(200_000);
    expect(questions(slave)).toHaveLength(2);
    expect(slave.said).toMatchObject([
      { session: 3, message: { settings: [{ asked: 'product code', answer: 'valve' }] } },
    ]);

    slave.speaker.ended();
    greet(slave);
    expect(questions(slave)).toHaveLength(3);
  });

  it('asks on for who it is where its line was dead meanwhile', () => {
    let isDead = true;
    const slave = asked('device', () => identification(PUMP));
    const { answer } = slave;
    slave.answer = (pdu, unit) => (isDead ? null : answer(pdu, unit));
    greet(slave, 10_000_000);
    expect(hellos(slave)).toEqual([]);
    isDead = false;
    greet(slave);
    expect(hellos(slave)).toMatchObject([{ settings: SETTINGS }]);
  });

  it('is told in letters, and what is none by its number', () => {
    const slave = asked('device', () => identification([object(0, 'M\xfc\0'), object(128, 'x')]));
    greet(slave);
    expect(hellos(slave)[0]?.settings).toEqual([
      { asked: 'vendor', answer: 'M\\xfc\\x00' },
      { asked: 'object 128', answer: 'x' },
    ]);
  });
});
