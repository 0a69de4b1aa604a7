import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/config/schema/duration.js';
import { configJsonSchema, schemaAt } from '../../src/config/schema/json-schema.js';
import { editDistance, nearestWord } from '../../src/words/nearest-word.js';

describe('durations', () => {
  it.each([
    ['100us', 100],
    ['50ms', 50_000],
    ['1.5ms', 1500],
    ['1s', 1_000_000],
    ['5min', 300_000_000],
    ['0ms', 0],
  ])('%s is %i microseconds', (text, us) => {
    expect(parseDuration(text)).toBe(us);
  });

  it.each(['50', '50 ms', '-1s', 'ms', '1h', '1e3ms', '.5s', ''])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [999, '999 µs'],
    [1500, '1.5 ms'],
    [23_900, '23.9 ms'],
    [1_000_000, '1 s'],
    [1_500_000, '1.5 s'],
  ])('%i microseconds are told as %s', (us, text) => {
    expect(formatDuration(us)).toBe(text);
  });
});

describe('the nearest known word', () => {
  it.each([
    ['dedline', 'deadline'],
    ['max_pending', 'max-pending'],
    ['Relay', 'relay'],
    ['on-missmatch', 'on-mismatch'],
  ])('for %s is %s', (typed, meant) => {
    expect(nearestWord(typed, ['deadline', 'max-pending', 'max-lag', 'relay', 'on-mismatch'])).toBe(meant);
  });

  it('is none when nothing is near', () => {
    expect(nearestWord('colour', ['deadline', 'relay'])).toBeUndefined();
    expect(nearestWord('c', ['a', 'b'])).toBeUndefined();
  });

  it('counts inserted, removed and replaced letters', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });
});

describe('the JSON Schema', () => {
  const schema = configJsonSchema();

  it('asks for what the smallest file has, and for nothing else', () => {
    expect(schema.required).toEqual(['boards', 'relay', 'input']);
    expect(schemaAt(schema, ['boards', 'a'])?.required).toEqual(['kind']);
    expect(schemaAt(schema, ['relay'])?.anyOf?.map(({ required }) => required)).toEqual([undefined, ['at-rest']]);
  });

  it('shows defaults as a person writes them', () => {
    expect(schemaAt(schema, ['relay', 'settle'])?.default).toBe('30ms');
    expect(schemaAt(schema, ['probe'])?.default).toBe('1s');
  });

  it('explains every key', () => {
    const keys = Object.entries(schema.properties ?? {});
    expect(keys.length).toBeGreaterThan(12);
    for (const [key, value] of keys) expect(value.description, key).toMatch(/\w{3,}/);
  });
});
