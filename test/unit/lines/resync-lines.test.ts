import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/link/lines/byte-text.js';
import { linesDialect } from '../../../src/link/lines/lines-dialect.js';
import type { LinesOptions } from '../../../src/link/lines/lines-options.js';
import { Conversation, OK, opened, PROMPT } from './lines-kit.js';

const HELLO = { kind: 'helloRequest' } as const;

function freshness(talk: Conversation): (boolean | undefined)[] {
  return talk.messages.flatMap((message) => (message.kind === 'hello' ? [message.isFresh] : []));
}

const resyncOf = (options: Partial<LinesOptions>) => linesDialect({ ...OK, ...options }).wire.resync;
const FROM_HOME = { from: { pattern: '^HOME$' }, pace: 'recorded', preamble: ['$X', 'µ'] } as const;

describe('lines that are given once more', () => {
  it('R25: a board is fresh from its banner on, until it is given a line of somebody else', () => {
    const talk = new Conversation(OK).tell(HELLO).hear('valve 1.0').wait(200_000).tell(HELLO).open();
    expect(freshness(talk).slice(1)).toEqual([true, true]);
    talk.input(1, 'SET 40').hear('ok').tell(HELLO);
    expect(freshness(talk).at(-1)).toBeUndefined();
  });

  it('R25: a question of ours changes nothing of that, and another opening of its port does', () => {
    const asking = { ...OK, probe: 'GET' };
    const talk = new Conversation(asking).tell(HELLO).hear('valve 1.0').wait(200_000).hear('ok').wait(200_000).open();
    talk.input(1, '', { probe: true }).hear('ok').tell(HELLO).hear('ok');
    expect(freshness(talk).at(-1)).toBe(true);
    talk.end().tell(HELLO).hear('ok').wait(200_000);
    expect(freshness(talk).at(-1)).toBeUndefined();
    expect(freshness(opened(OK))).not.toContain(true);
  });

  it('R25: says where to begin, at which pace, and what comes first', () => {
    expect(resyncOf({})).toBeUndefined();
    expect(resyncOf({ resync: { from: 'none', pace: 'full', preamble: [] } })).toBeUndefined();
    expect(resyncOf({ resync: { from: 'start', pace: 'full', preamble: [] } })).toMatchObject({ from: 'start' });
    const resync = resyncOf({ resync: FROM_HOME });
    expect(resync).toMatchObject({ from: 'last-match', beginsWith: '/^HOME$/', pace: 'recorded' });
    expect(resync?.preamble.map((line) => Buffer.from(line).toString())).toEqual(['$X', 'µ']);
    expect([resync?.begins(bytesOf('HOME')), resync?.begins(bytesOf('HOMES'))]).toEqual([true, false]);
  });

  it.each([
    { answer: 'ok\r\n', options: OK, taken: true },
    { answer: 'error: range\n', options: OK, taken: true },
    { answer: 'busy\r\n', options: OK, taken: false },
    { answer: 'busy\r\n> ', options: { ...PROMPT, notTaken: '^busy$' }, taken: false },
    { answer: 'busy\n', options: { ...OK, notTaken: null }, taken: true },
  ])('R25: what was answered by $answer was executed: $taken', ({ answer, options, taken }) => {
    const resync = resyncOf({ ...options, resync: FROM_HOME });
    expect(resync?.wasTaken([{ rejected: false, body: bytesOf(answer) }])).toBe(taken);
  });
});
