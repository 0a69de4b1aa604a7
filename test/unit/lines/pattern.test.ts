import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPattern, matches } from '../../../src/protocol/lines/find-pattern.js';
import { compilePattern, mustCompile } from '../../../src/protocol/lines/pattern.js';
import { commonLine, matchesEmpty, matchesNoLine } from '../../../src/protocol/lines/pattern-checks.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const found = (source: string, text: string) => findPattern(mustCompile(source), bytes(text))?.whole ?? null;

/** Patterns of a few characters, so that lines of the same few meet them. Without groups in repetitions, which languages differ about. */
const atom = fc.constantFrom('a', 'b', 'k', '.', '[ab]', '[^a]', '\\d', '1', '\\w');
const repeated = fc
  .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '{2}', '{1,3}', '{2,}'))
  .map(([item, times]) => item + times);
const sequence = fc.array(repeated, { maxLength: 4 }).map((items) => items.join(''));
const choice = fc.tuple(sequence, sequence).map(([one, other]) => `(${one}|${other})`);
const pattern = fc
  .tuple(
    fc.constantFrom('', '^'),
    fc.array(fc.oneof(repeated, choice), { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '$'),
  )
  .map(([begin, items, end]) => begin + items.join('') + end);
const line = fc.string({ unit: fc.constantFrom('a', 'b', 'k', '1', '2', ' '), maxLength: 12 });

describe('a pattern of lines', () => {
  it('finds what a regular expression of the language finds, and the same groups', () => {
    fc.assert(
      fc.property(pattern, line, (source, text) => {
        const expected = new RegExp(source, 'd').exec(text);
        const match = findPattern(mustCompile(source), bytes(text));
        expect(match?.whole ?? null).toEqual(
          expected === null ? null : [expected.index, expected.index + expected[0].length],
        );
        expect(match?.groups ?? []).toEqual((expected?.indices?.slice(1) ?? []).map((span) => span ?? null));
      }),
      { numRuns: 800 },
    );
  });

  it('takes time in proportion to the line where going back would take for ever', () => {
    const text = 'a'.repeat(3000);
    expect(found('^(?:a|a)*b', text)).toBeNull();
    expect(found('(?:a|ab|b)*k', text)).toBeNull();
    expect(found('.*.*.*.*k', 'a'.repeat(1000))).toBeNull();
  });

  it('is of bytes: what is no text is no obstacle', () => {
    expect(found('\\xff.\\x00$', 'ok\xff\x80\x00')).toEqual([2, 5]);
    expect(matches(mustCompile('^25 °C$'), Buffer.from('25 °C'))).toBe(true);
  });

  it.each([
    ['(a+)+', 'no repetition within a repetition'],
    ['(?:\\d+,)*', 'no repetition within a repetition'],
    ['a**', 'one repetition of one thing'],
    ['(ok', 'a ) for every ('],
    ['ok)', 'a ( for every )'],
    ['[ok', 'a ] for every ['],
    ['[9-0]', 'a range of two characters, the smaller first, such as [0-9]'],
    ['+ok', 'something before + that it repeats (\\+ means the character)'],
    ['(?=ok)', 'no group that begins with (? other than (?:'],
    ['(a)\\1', 'none but \\d \\s \\w \\n \\r \\t \\xNN and signs behind a backslash, not \\1'],
    ['ok\\', 'none but \\d \\s \\w \\n \\r \\t \\xNN and signs behind a backslash, not \\'],
    ['^*', 'nothing repeated that is a place (^, $)'],
    ['a{3,2}', 'a repetition of 1 to 255 times, the smaller number first'],
    ['(?:abcdefgh){255}', 'a pattern that repeats less'],
    ['', 'a pattern that is not empty'],
  ])('%s is refused', (source, problem) => {
    expect(compilePattern(source)).toEqual({ problem });
  });

  it('is compiled or refused, whatever it is; and what is compiled finds or does not, and never throws', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'ab1()[]{}|*+?^$.\\-,xdn:'), maxLength: 16 });
    fc.assert(
      fc.property(anything, fc.uint8Array({ maxLength: 40 }), (source, some) => {
        const compiled = compilePattern(source);
        if ('problem' in compiled) expect(compiled.problem).not.toBe('');
        else findPattern(compiled, some);
      }),
      { numRuns: 800 },
    );
  });
});

describe('what patterns say of lines', () => {
  it.each([
    ['x*', true],
    ['^$', true],
    ['ok|', true],
    ['^ok$', false],
    ['a^', false],
  ])('%s matches the empty line: %s', (source, expected) => {
    expect(matchesEmpty(mustCompile(source))).toBe(expected);
  });

  it.each(['a^', '$a', 'o\\nk', '^a$b', '\\r'])('%s matches no line at all', (source) => {
    expect(matchesNoLine(mustCompile(source))).toBe(true);
  });

  it.each([
    ['^ok$', '^o', 'ok'],
    ['^ok', 'busy$', 'okbusy'],
    ['^error', 'error', 'error'],
    ['[0-9]', '^[a-z]+$', null],
    ['^ok$', '^error', null],
    ['^[A-Z]{3}$', '^.{4}$', null],
  ])('%s and %s have the line %s in common', (one, other, expected) => {
    expect(commonLine([mustCompile(one), mustCompile(other)])).toBe(expected);
  });

  it('a line in common matches both, and where there is none no line does', () => {
    fc.assert(
      fc.property(pattern, pattern, fc.array(line, { maxLength: 30 }), (one, other, lines) => {
        const common = commonLine([mustCompile(one), mustCompile(other)]);
        const isBoth = (text: string) => new RegExp(one).test(text) && new RegExp(other).test(text);
        if (common === null) expect(lines.filter(isBoth)).toEqual([]);
        else expect([common].filter(isBoth)).toEqual([common]);
      }),
      { numRuns: 120 },
    );
  });
});
