import { describe, expect, it } from 'vitest';
import type { BoardConfig } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { CopycatError } from '../../src/errors/copycat-error.js';
import { type FlashInTurnOptions, flashInTurn } from '../../src/gateway/operator/flash-in-turn.js';

const FACTS = { imageHash: 77, stateLayout: 1, stateBytes: 8 };
const { boards } = parseConfig(
  `boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a }
input: every 1s
deadline: 50ms
`,
  'oven.yaml',
  '/srv/oven',
);

/** Boards without a wire: what was flashed, and what each says that it runs. */
function bench(changes: Partial<FlashInTurnOptions> = {}) {
  const flashed: string[] = [];
  const runs = new Map<string, number | 'not-asked' | null>();
  const options: FlashInTurnOptions = {
    ...{ boards, image: '/new.hex', facts: FACTS, connected: null, force: false, progress: () => undefined },
    flash: async ({ board }: BoardConfig) => {
      flashed.push(board);
    },
    imageOf: async ({ board }) => (runs.has(board) ? (runs.get(board) ?? null) : FACTS.imageHash),
    ...changes,
  };
  return { flashed, runs, flash: () => flashInTurn(options) };
}

describe('flashing boards where no gateway runs', () => {
  it('gives both their image, one after the other, when the pair has never run', async () => {
    const { flash, flashed } = bench();
    expect(await flash()).toEqual({ done: 'both boards run /new.hex' });
    expect(flashed).toEqual(['a', 'b']);
  });

  it('touches none where one of them is connected to the actuator, unless that is wished; then it is the last', async () => {
    const refused = bench({ connected: 'a' });
    expect(await refused.flash()).toEqual({ refused: expect.stringContaining('Board a is connected') });
    expect(refused.flashed).toEqual([]);
    const forced = bench({ connected: 'a', force: true });
    expect(await forced.flash()).toHaveProperty('done');
    expect(forced.flashed).toEqual(['b', 'a']);
  });

  it('flashes the other one at once', async () => {
    const { flash, flashed } = bench({ connected: 'a', boards: boards.slice(1) });
    expect(await flash()).toEqual({ done: 'board b runs /new.hex' });
    expect(flashed).toEqual(['b']);
  });

  it.each([
    [78, 'says that it runs another image'],
    [null, 'says nothing'],
    ['not-asked' as const, 'cannot be asked what it runs, as its protocol has no such question'],
  ])('leaves the second alone when the first, asked what it runs, answers %s', async (runs, words) => {
    const one = bench();
    one.runs.set('a', runs);
    expect(await one.flash()).toEqual({
      failed: `board a was flashed with /new.hex, and ${words}; board b was not touched`,
    });
    expect(one.flashed).toEqual(['a']);
  });

  it('leaves the second alone when the flasher fails, and has its words', async () => {
    const fails = async () => {
      throw new CopycatError('FLASH_FAILED', 'avrdude ended with exit code 1: not in sync');
    };
    expect(await bench({ flash: fails }).flash()).toEqual({
      failed: 'board a was not flashed: avrdude ended with exit code 1: not in sync; board b was not touched',
    });
  });
});
