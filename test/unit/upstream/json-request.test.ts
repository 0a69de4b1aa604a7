import { describe, expect, it } from 'vitest';
import { parseRequest, tokenIn } from '../../../src/upstream/json-lines/json-request.js';

const MAX_PAYLOAD_BYTES = 4;
const refused = (line: string) => {
  const parsed = parseRequest(line, MAX_PAYLOAD_BYTES);
  return parsed.ok ? null : parsed.error;
};

describe('the limits of a request', () => {
  it('an id has 1 to 128 characters', () => {
    const withId = (id: string) => parseRequest(JSON.stringify({ id, payload: '' }), MAX_PAYLOAD_BYTES).ok;
    expect(['', 'a', 'a'.repeat(128), 'a'.repeat(129)].map(withId)).toEqual([false, true, true, false]);
  });

  it('a payload has at most what the boards can take, to the byte', () => {
    const withBytes = (bytes: number) => refused(JSON.stringify({ id: 1, payload: 'ab'.repeat(bytes) }))?.message;
    expect([0, 4, 5].map(withBytes)).toEqual([undefined, undefined, 'the payload has 5 bytes']);
  });

  it('a payload that is a list or a number is none, though it would read as hexadecimal', () => {
    expect(refused('{"id":1,"payload":["ab"]}')).toMatchObject({ code: 'BAD_PAYLOAD', value: ['ab'] });
    expect(refused('{"id":1,"payload":12}')).toMatchObject({ code: 'BAD_PAYLOAD', value: 12 });
  });

  it('a number or a text alone is no request', () => {
    expect(refused('5')).toMatchObject({ code: 'BAD_JSON', message: 'this is no JSON object', value: 5 });
    expect(refused('"id"')).toMatchObject({ code: 'BAD_JSON', message: 'this is no JSON object', value: 'id' });
  });

  it('what is no JSON is shown, with why, and an example of what is', () => {
    expect(refused('GET / HTTP/1.1')).toEqual({
      ...{ code: 'BAD_JSON', message: expect.stringMatching(/^this is not JSON: Unexpected token/) },
      ...{ value: 'GET / HTTP/1.1', expected: expect.stringContaining('{"id": 1, "payload": "0190"}') },
    });
  });

  it('an id that is there and of no use is not called missing', () => {
    expect(refused('{"id":null,"payload":""}')?.message).toBe('this id is of no use');
    expect(refused('{"payload":""}')?.message).toBe('there is no id');
  });

  it('a value is shown whole up to 100 characters of what it looks like in JSON', () => {
    const shown = (payload: unknown) => refused(JSON.stringify({ id: 1, payload }))?.value;
    expect(shown('z'.repeat(100))).toBe('z'.repeat(100));
    expect(shown('z'.repeat(101))).toBe(`${'z'.repeat(100)}…`);
    expect(shown(['z'.repeat(96)])).toEqual(['z'.repeat(96)]);
    expect(shown(['z'.repeat(97)])).toBe(`["${'z'.repeat(97)}"…`);
  });
});

describe('the token of a first line', () => {
  it('is the one text of an object with nothing else in it', () => {
    expect(tokenIn('{"token":"secret"}')).toBe('secret');
    expect(tokenIn('{"token":""}')).toBe('');
  });

  it.each([
    '',
    'secret',
    '"token"',
    'null',
    '5',
    '[]',
    '{}',
    '{"id":1}',
    '{"token":5}',
    '{"token":null}',
    '{"token":{}}',
  ])('%s has none', (line) => {
    expect(tokenIn(line)).toBeNull();
  });

  it('is not taken from a line that says more: it may be an input that was meant for another', () => {
    expect(tokenIn('{"token":"secret","id":1}')).toBeNull();
    expect(tokenIn('["token"]')).toBeNull();
  });
});
