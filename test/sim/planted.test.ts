import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED_BUGS } from './planted/planted-bugs.js';
import { PlantedCopy } from './planted/planted-copy.js';

describe('a weaker wording of a rule, planted into the compiled program', () => {
  let copy: PlantedCopy;
  beforeAll(() => {
    copy = new PlantedCopy();
  });
  afterAll(() => copy.remove());

  it.for(PLANTED_BUGS.map((bug) => [bug.knob, bug] as const))('%s is found', async ([_knob, bug]) => {
    const found = await copy.find(bug);
    expect(found, `${bug.rule}: ${bug.wording}; not found within ${bug.seeds} seeds`).not.toBeNull();
  });
});
