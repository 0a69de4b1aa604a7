import { expect, it } from 'vitest';
import { KeptBanner } from '../../src/gateway/inputs/kept-banner.js';
import type { LedgerRequest } from '../../src/pair/state/effects.js';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

it('R27: what boards say when they start is kept once, and is known to the next gateway', () => {
  const kept: LedgerRequest[] = [];
  const first = new KeptBanner({}, (request) => kept.push(request));
  expect(first.bytes).toBeNull();
  for (const text of ['valve 1.0\r\n\0\xff', 'valve 1.0\r\n\0\xff']) first.heard(bytes(text));
  expect(first.bytes).toEqual(bytes('valve 1.0\r\n\0\xff'));
  expect(kept).toHaveLength(1);
  const facts = Object.fromEntries(kept.flatMap((one) => (one.type === 'keepFact' ? [[one.name, one.value]] : [])));
  const next = new KeptBanner(facts, () => undefined);
  expect(next.bytes).toEqual(first.bytes);
});
