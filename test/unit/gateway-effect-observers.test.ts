import { describe, expect, it } from 'vitest';
import { EffectObservers } from '../../src/gateway/effects/effect-observers.js';
import type { PairEffect } from '../../src/pair/state/effects.js';

const ANSWERED: PairEffect = { type: 'recordEmitted', seq: 1 };

describe('who only watches', () => {
  it('R32: throws, and is left out and told once; the others see everything, in order', () => {
    const seen: string[] = [];
    const told: string[] = [];
    const observers = new EffectObservers(
      [
        { name: 'first', see: ({ type }) => seen.push(`first ${type}`) },
        {
          name: 'broken',
          see: () => {
            throw new Error('a mistake');
          },
        },
        { name: 'last', see: ({ type }) => seen.push(`last ${type}`) },
      ],
      (name, error) => told.push(`${name}: ${String(error)}`),
    );
    observers.see(ANSWERED);
    observers.see({ type: 'moveRelay', to: 'b' });
    expect(seen).toEqual(['first recordEmitted', 'last recordEmitted', 'first moveRelay', 'last moveRelay']);
    expect(told).toEqual(['broken: Error: a mistake']);
  });
});
