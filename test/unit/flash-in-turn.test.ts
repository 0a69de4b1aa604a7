import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { BoardConfig } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { CopycatError } from '../../src/errors/copycat-error.js';
import { type FlashInTurnOptions, flashInTurn } from '../../src/gateway/operator/flash-in-turn.js';
import { askWho } from '../../src/gateway/ports/ask-who.js';
import { decodeFrame, encodeFrame } from '../../src/protocol/frame-codec.js';

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
  const runs = new Map<string, number | null>();
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

describe('asking a board who it is', () => {
  it('asks until it answers, and says so when it never does', async () => {
    const frames = new Subject<Uint8Array>();
    const asked: unknown[] = [];
    let answersAt = 2;
    const session = {
      ...{ frames, closed: new Promise<string>(() => undefined), close: () => undefined },
      counters: { overlongBytes: 0 },
      write: (bytes: Uint8Array) => {
        const decoded = decodeFrame(bytes.subarray(1, -1));
        asked.push(decoded.ok && decoded.message.kind);
        if (asked.length !== answersAt) return true;
        const said = {
          kind: 'hello',
          session: 0,
          seq: 5,
          protocol: 1,
          boot: 1,
          imageHash: 77,
          appId: 1,
          appVersion: 1,
        };
        const more = { stateLayout: 1, stateBytes: 8, wireBytes: 64, rxBytes: 255, window: 2, resetCause: 'external' };
        const state = { failed: false, parked: false, executionCount: 0, digest: 0, actedBits: 0, kept: [] };
        frames.next(Uint8Array.of(1, 2, 3)); // what a bootloader says is no frame
        frames.next(encodeFrame({ ...said, ...more, ...state } as never).subarray(1, -1));
        return true;
      },
    };
    expect(await askWho(session, 5_000)).toMatchObject({ seq: 5, imageHash: 77 });
    expect(asked).toEqual(['helloRequest', 'helloRequest']);
    answersAt = 0;
    expect(await askWho(session, 20)).toBeNull();
  });
});
