import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CopiesInTurn } from './planted/copies-in-turn.js';
import { PinnedSeeds } from './planted/pinned-seeds.js';
import { CORE_LOOKS_AWAY, FOUND_BY_THE_CORE, PLANTED_BUGS, type PlantedBug } from './planted/planted-bugs.js';
import type { Found } from './planted/planted-copy.js';

describe.concurrent('a weaker wording of a rule, planted into the compiled program', () => {
  let copies: CopiesInTurn;
  let pinned: PinnedSeeds;
  beforeAll(() => {
    copies = new CopiesInTurn(availableParallelism());
    pinned = new PinnedSeeds();
  });
  afterAll(() => {
    pinned.close();
    copies.remove();
  });

  async function find(name: string, bug: PlantedBug): Promise<Found | null> {
    const found = await copies.lend((copy) => copy.find(bug, pinned.of(name)));
    pinned.note(name, found);
    return found;
  }

  it.for(PLANTED_BUGS.map((bug) => [bug.knob, bug] as const))('%s is found', async ([knob, bug]) => {
    const found = await find(knob, { ...bug, edits: [...bug.edits, CORE_LOOKS_AWAY] });
    expect(found, `${bug.rule}: ${bug.wording}; not found within ${bug.seeds} seeds`).not.toBeNull();
  });

  it.for(PLANTED_BUGS.filter(({ knob }) => knob in FOUND_BY_THE_CORE).map((bug) => [bug.knob, bug] as const))(
    'R30: %s is found by the core itself, before it does any harm',
    async ([knob, bug]) => {
      const found = await find(`${knob} by the core`, { ...bug, seeds: FOUND_BY_THE_CORE[knob] ?? 0 });
      expect(found, `${bug.rule}: ${bug.wording}`).toMatchObject({ name: 'coreInvariantsHold' });
    },
  );
});
