import { describe, expect, it } from 'vitest';
import { nearestKey } from '../../../src/upstream/tcp/nearest-key.js';

describe('the key that a mistyped one most likely means', () => {
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
    ['a', 'ack'],
    ['ac', 'ack'],
    ['ackno', 'ack'],
    ['idd', 'id'],
    ['if', 'id'],
  ])('%s: %s', (typed, meant) => {
    expect(nearestKey(typed, KEYS)).toBe(meant);
  });

  it.each(['ayloxx', 'xaylox', 'temperature', 'acknow', 'xy', 'payloadxyz', 'zzz', '', 'p'])(
    '%s: none, more than two letters differ, or all of a short one',
    (typed) => {
      expect(nearestKey(typed, KEYS)).toBeNull();
    },
  );

  it('is the one with the fewest differences, wherever it stands', () => {
    expect(nearestKey('listen', ['lister', 'listens', 'listen'])).toBe('listen');
    expect(nearestKey('listen', ['listen', 'lister'])).toBe('listen');
    expect(nearestKey('kitten', ['sitting', 'mittens', 'mitten'])).toBe('mitten');
    expect(nearestKey('anything', [])).toBeNull();
  });
});
