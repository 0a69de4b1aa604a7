import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textComparer } from '../../../src/protocol/lines/compared-text.js';
import { Conversation, OK, opened, PROMPT, QUERY } from './lines-kit.js';

/** What happens to a speaker, in any order. */
type Happening =
  | { readonly is: 'hello' }
  | { readonly is: 'open' }
  | { readonly is: 'end' }
  | { readonly is: 'input'; readonly line: string; readonly probe: boolean }
  | { readonly is: 'heard'; readonly bytes: string }
  | { readonly is: 'time'; readonly us: number };

const boardLine = fc.oneof(
  fc.constantFrom('ok', 'error: 7', 'busy', '40', '!pin', 'valve 1', '.', '', '> ', '\r\n> ', 'ok\r', 'half'),
  fc.string({ unit: fc.constantFrom('o', 'k', '\r', '\n', '>', ' ', '\xff', '\0'), maxLength: 60 }),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom<Happening>({ is: 'hello' }, { is: 'open' }, { is: 'end' }),
  fc.record({
    is: fc.constant('input' as const),
    line: fc.constantFrom('GET', 'SET 1', '$$', 'a\nb', ''),
    probe: fc.boolean(),
  }),
  fc.record({ is: fc.constant('heard' as const), bytes: boardLine }),
  fc.record({ is: fc.constant('time' as const), us: fc.integer({ min: 0, max: 1_500_000 }) }),
);

function happen(talk: Conversation, what: Happening, seq: number): void {
  if (what.is === 'hello') talk.tell({ kind: 'helloRequest' });
  else if (what.is === 'open') talk.open(1);
  else if (what.is === 'end') talk.end();
  else if (what.is === 'input') talk.input(seq, what.line, { probe: what.probe });
  else if (what.is === 'heard') talk.hear(what.bytes);
  else talk.wait(what.us);
}

describe('whatever a board says, whenever', () => {
  it.each([
    ['ok', { ...OK, identity: ['ID', '$$'], probe: 'GET' }],
    ['query', { ...QUERY, window: { of: 'lines' as const, most: 3 } }],
    ['prompt', PROMPT],
  ])('%s: no input has more than one answer, and nothing throws', (_name, options) => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const talk = new Conversation(options);
        for (const [seq, what] of happenings.entries()) happen(talk, what, seq + 1);
        const answered = talk.messages.flatMap((one) => (one.kind === 'result' ? [one.seq] : []));
        expect(new Set(answered).size).toBe(answered.length);
      }),
      { numRuns: 120 },
    );
  });

  it('a board that answers in order gives each input its own answer, whatever it says between and however late it is', () => {
    const answer = fc.record({
      lines: fc.array(fc.constantFrom('x=1', 'y=2'), { maxLength: 3 }),
      end: fc.constantFrom('ok', 'error: 1'),
      pushed: fc.boolean(),
      waitUs: fc.integer({ min: 0, max: 300_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        (answers, most) => {
          const talk = opened({ ...OK, window: { of: 'lines', most } });
          for (const seq of answers.keys()) if (seq < most) talk.input(seq + 1, `GET ${seq}`);
          for (const [seq, { lines, end, pushed, waitUs }] of answers.entries()) {
            talk.wait(waitUs);
            if (pushed) talk.hear('!pin');
            talk.hear(...lines, end);
            if (seq + most < answers.length) talk.input(seq + most + 1, `GET ${seq + most}`);
          }
          const expected = answers.map(({ lines, end }, seq) => {
            const body = [...lines, end].map((line) => `${line}\n`).join('');
            return `#${seq + 1} ${JSON.stringify(body)}${end === 'ok' ? '' : ' rejected'}`;
          });
          expect(talk.heard().filter((said) => said.startsWith('#'))).toEqual(expected);
          expect(talk.wrote()).toEqual(answers.map((_, seq) => `GET ${seq}\n`));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('answers that are compared', () => {
  const bytes = (said: string) => Buffer.from(said, 'latin1');
  const COMPARER = textComparer(
    ['sn=(\\d+)', '#.*$'],
    [{ name: 'flow', unit: 'l/h', pattern: 'f=(-?[0-9.]+)', tolerance: 0.5 }],
  );
  const compared = (one: string, other: string) => COMPARER.compare(bytes(one), bytes(other));

  it.each([
    ['sn=12 f=1\r\nok\r\n', 'sn=9 f=1\r\nok\r\n', { verdict: 'same' }],
    ['a # one\nok\n', 'a # other\nok\n', { verdict: 'same' }],
    ['f=10.0\nok\n', 'f=10.4\nok\n', { verdict: 'within-tolerance' }],
    [
      'f=10.0\nok\n',
      'f=10.6\nok\n',
      { verdict: 'different', numbers: [{ name: 'flow', unit: 'l/h', one: 10, other: 10.6 }], where: null },
    ],
    [
      'f=1 on\n',
      'f=1 off\n',
      { verdict: 'different', numbers: [], where: { line: 0, one: 'f=1 on', other: 'f=1 off' } },
    ],
    ['a\nok\n', 'ok\n', { verdict: 'different', numbers: [], where: { line: 0, one: 'a', other: 'ok' } }],
    ['ok\n', 'ok\nok\n', { verdict: 'different', numbers: [], where: { line: 1, one: null, other: 'ok' } }],
    ['ok\n', 'ok\r\n', { verdict: 'different', numbers: [], where: { line: 0, one: 'ok', other: 'ok' } }],
    [
      'f=1\n',
      'f=\n',
      {
        verdict: 'different',
        numbers: [{ name: 'flow', unit: 'l/h', one: 1, other: null }],
        where: { line: 0, one: 'f=1', other: 'f=' },
      },
    ],
  ])('%j against %j', (one, other, expected) => {
    expect(compared(one, other)).toEqual(expected);
  });

  it('a line with an ignored part is not a line without it', () => {
    expect(compared('x sn=12\n', 'x sn=\n')).toMatchObject({ verdict: 'different' });
  });

  it('are the same exactly when their hashes are of the same bytes', () => {
    const said = fc.string({
      unit: fc.constantFrom('f', '=', '1', '2', '.', 's', 'n', '#', '\n', '\r'),
      maxLength: 16,
    });
    fc.assert(
      fc.property(said, said, (one, other) => {
        const hashed = [one, other].map((answer) => Buffer.from(COMPARER.comparable(bytes(answer))).toString('hex'));
        expect(compared(one, other).verdict === 'same').toBe(hashed[0] === hashed[1]);
        expect(compared(one, one)).toEqual({ verdict: 'same' });
      }),
      { numRuns: 300 },
    );
  });
});
