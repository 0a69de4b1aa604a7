import { describe, expect, it } from 'vitest';
import { nearestWord } from '../../src/words/nearest-word.js';

describe('the word that a mistyped one most likely means', () => {
  const KEYS = ['id', 'payload', 'ack'];

  it.each([
    ['payload', 'payload'],
    ['paylod', 'payload'],
    ['payloadd', 'payload'],
    ['pyaload', 'payload'],
    ['PAYLOAD', 'payload'],
    ['ayload', 'payload'],
    ['aylod', 'payload'],
    ['xpayloadx', 'payload'],
    ['paxloax', 'payload'],
    ['akc', 'ack'],
    ['ac', 'ack'],
    ['ackno', 'ack'],
    ['idd', 'id'],
    ['if', 'id'],
  ])('%s: %s', (typed, meant) => {
    expect(nearestWord(typed, KEYS)).toBe(meant);
  });

  it.each(['ayloxx', 'xaylox', 'temperature', 'acknow', 'xy', 'zzz', '', 'p'])(
    '%s: none, more than a third of its letters differ, or all of a short one',
    (typed) => {
      expect(nearestWord(typed, KEYS)).toBeUndefined();
    },
  );

  it('is the one with the fewest differences, wherever it stands', () => {
    expect(nearestWord('listen', ['lister', 'listens', 'listen'])).toBe('listen');
    expect(nearestWord('listen', ['listen', 'lister'])).toBe('listen');
    expect(nearestWord('kitten', ['sitting', 'mittens', 'mitten'])).toBe('mitten');
    expect(nearestWord('anything', [])).toBeUndefined();
  });
});
