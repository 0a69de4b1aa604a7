import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORE_LOOKS_AWAY, FOUND_BY_THE_CORE, PLANTED_BUGS } from './planted/planted-bugs.js';
import { PlantedCopy } from './planted/planted-copy.js';

describe('a weaker wording of a rule, planted into the compiled program', () => {
  let copy: PlantedCopy;
  beforeAll(() => {
    copy = new PlantedCopy();
  });
  afterAll(() => copy.remove());

  it.for(PLANTED_BUGS.map((bug) => [bug.knob, bug] as const))('%s is found', async ([_knob, bug]) => {
    const found = await copy.find({ ...bug, edits: [...bug.edits, CORE_LOOKS_AWAY] });
    expect(found, `${bug.rule}: ${bug.wording}; not found within ${bug.seeds} seeds`).not.toBeNull();
  });

  it.for(PLANTED_BUGS.filter(({ knob }) => knob in FOUND_BY_THE_CORE).map((bug) => [bug.knob, bug] as const))(
    'R30: %s is found by the core itself, before it does any harm',
    async ([knob, bug]) => {
      const found = await copy.find({ ...bug, seeds: FOUND_BY_THE_CORE[knob] ?? 0 });
      expect(found, `${bug.rule}: ${bug.wording}`).toMatchObject({ name: 'coreInvariantsHold' });
    },
  );
});
