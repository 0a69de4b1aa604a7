import { afterAll, expect, test } from 'vitest';
import { type LinkModelName, linkParameters } from '#built/bench/link-models/link-parameters.js';
import { cleanUp, codes, NOTHING_WRONG, playBroken, wrongs } from './break-kit.js';

/** Two emulated Unos behind every kind of link there is. */

afterAll(cleanUp);

test.each(Object.keys(linkParameters) as LinkModelName[])(
  'R25: over %s a pair comes to be protected, and answers',
  async (link) => {
    const run = await playBroken({ inputs: 10, link, plan: () => undefined });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a']);
    // 16 ms to an answer are about a third of the bench's deadline, after which messages are repeated.
    expect(codes(run).filter((code) => code !== 'link-degraded')).toEqual([]);
  },
);
