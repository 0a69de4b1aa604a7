import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { BoardIdentifier } from '../../src/gateway/operator/identify.js';
import type { BoardLink, LinkEvent } from '../../src/link/board-link.js';
import { noCounts } from '../../src/link/link-counters.js';
import type { LinkNote } from '../../src/link/link-notes.js';
import type { PairState } from '../../src/pair/state/pair-state.js';
import { boardOf } from '../../src/pair/state/roles.js';
import { restoredPair } from './gateway-kit.js';
import { ManualClock } from './manual-clock.js';

interface Asked {
  readonly atUs: number;
  readonly kind: string;
}

function identifier(): { clock: ManualClock; state: PairState; asked: Asked[]; identify: BoardIdentifier } {
  const clock = new ManualClock();
  const state = restoredPair(0, { session: 3, boot: 7 });
  boardOf(state, 'a').link.isUp = true;
  const asked: Asked[] = [];
  const linkTo = (board: string): BoardLink => ({
    board,
    events: new Subject<LinkEvent>(),
    others: new Subject<LinkNote>(),
    counters: noCounts(),
    send: (_session, { kind }) => asked.push({ atUs: clock.nowUs(), kind }),
    flush: () => undefined,
    reopen: () => undefined,
    start: () => undefined,
    release: () => undefined,
    close: () => undefined,
  });
  const links = new Map(['a', 'b'].map((board) => [board, linkTo(board)]));
  const trouble = { name: 'not-there', text: 'nothing is plugged in at usb-1.3', remedy: '' };
  const portOf = (board: string) => ({
    ...{ device: board === 'a' ? '/dev/ttyACM0' : null, place: null, latency: [] },
    trouble: board === 'a' ? null : trouble,
  });
  return { clock, state, asked, identify: new BoardIdentifier({ state, links, clock, portOf }) };
}

describe('a board that is to blink', () => {
  it('is asked who it is for half a second, then left alone for half a second, and then told of', async () => {
    const { clock, state, asked, identify } = identifier();
    boardOf(state, 'a').session.hello = {
      ...{ kind: 'hello', unit: 0x4f1c22aa, boot: 7, imageHash: 0x9a3e0177, stateLayout: 1, stateBytes: 8 },
      ...{
        transfersState: true,
        mostOutputs: 4,
        rxBytes: 64,
        window: 2,
        resetCause: 'powerOn',
        failed: false,
        parked: false,
      },
      ...{ executionCount: 5, digest: 1, kept: [], actedBits: 0 },
    };
    const outcome = identify.identify('a');
    clock.advance(8_000_000);
    expect(await outcome).toEqual({
      done: 'board a (/dev/ttyACM0), primary: unit 4f1c22aa, image 9a3e0177, in session 3, last reset: powerOn',
    });
    expect(new Set(asked.map(({ kind }) => kind))).toEqual(new Set(['helloRequest']));
    const lit = asked.map(({ atUs }) => Math.floor(atUs / 500_000));
    expect([...new Set(lit)]).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect(lit.filter((half) => half === 0)).toHaveLength(20);
    const before = asked.length;
    clock.advance(8_000_000);
    expect(asked).toHaveLength(before);
    expect(clock.alarms).toBe(0);
  });

  it('R5: is not asked while it has work: no input waits for a light', () => {
    const { clock, state, asked, identify } = identifier();
    boardOf(state, 'a').work.exchanges.set(1, { seq: 1 } as never);
    void identify.identify('a');
    clock.advance(400_000);
    expect(asked).toHaveLength(0);
    boardOf(state, 'a').work.exchanges.clear();
    clock.advance(50_000);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('says so when it had no time to blink', async () => {
    const { clock, state, asked, identify } = identifier();
    boardOf(state, 'a').work.exchanges.set(1, { seq: 1 } as never);
    const outcome = identify.identify('a');
    clock.advance(8_000_000);
    expect(await outcome).toEqual({ refused: 'board a had work all the time: try again' });
    expect(asked).toEqual([]);
  });

  it('is refused with the reason when it is unknown, not connected, lost, or another one blinks', async () => {
    const { clock, state, identify } = identifier();
    expect(await identify.identify('x')).toEqual({ refused: 'this pair has no board x, but a or b' });
    expect(await identify.identify('b')).toEqual({
      refused: 'board b is not connected: nothing is plugged in at usb-1.3',
    });
    const first = identify.identify('a');
    expect(await identify.identify('a')).toMatchObject({ refused: expect.stringContaining('wait for its end') });
    boardOf(state, 'a').link.isUp = false;
    clock.advance(25_000);
    expect(await first).toEqual({ refused: 'the link to board a was lost meanwhile' });
    boardOf(state, 'a').link.isUp = true;
    const last = identify.identify('a');
    identify.close();
    expect(await last).toMatchObject({ underWay: expect.any(String) });
    clock.advance(1_000_000);
    expect(clock.alarms).toBe(0);
  });
});
