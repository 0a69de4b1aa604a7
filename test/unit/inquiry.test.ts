import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load/load-config.js';
import { BoardTalk } from '../../src/gateway/commission/board-talk.js';
import { toMend } from '../../src/gateway/commission/commission-report.js';
import { notTried } from '../../src/gateway/commission/not-tried.js';
import { tryBoard } from '../../src/gateway/commission/try-board.js';
import { BoardIdentifier } from '../../src/gateway/operator/identify.js';
import { identifyPort } from '../../src/gateway/ports/identify-port.js';
import { askWho } from '../../src/link/ask-who.js';
import type { BoardLink } from '../../src/link/board-link.js';
import type { Dialect } from '../../src/link/dialect.js';
import type { FrameSession } from '../../src/link/frame-session.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import type { PairState } from '../../src/pair/state/pair-state.js';
import { decodeFrame, encodeFrame } from '../../src/protocol/frame-codec.js';
import type { HelloMessage } from '../../src/protocol/messages.generated.js';
import { eightBits } from '../../src/values/line-settings.js';
import { ManualClock } from './manual-clock.js';

const HELLO: HelloMessage = {
  ...{ kind: 'hello', session: 3, seq: 5, protocol: 1, boot: 1, imageHash: 77, appId: 1, appVersion: 1 },
  ...{ stateLayout: 1, stateBytes: 8, wireBytes: 64, rxBytes: 255, window: 2, resetCause: 'external', failed: false },
  ...{ parked: false, replays: false, executionCount: 0, digest: 0, actedBits: 0, kept: [] },
};

/** Boards that answer what they are given and nothing else, as a Modbus slave does. */
const ONLY_ANSWERS: Dialect = {
  wire: { ...HARNESS.wire, sessions: 3, abilities: { ...HARNESS.wire.abilities, identity: false, commit: false } },
  cut: 'bytes',
  maxFrameBytes: 256,
  speakWith: () => ({
    encode: (_session, message) => {
      throw new RangeError(`this protocol has no ${message.kind}`);
    },
    push: () => [],
    ended: () => undefined,
  }),
};

/** A board on a line of its own that answers as it is told; null: not yet. */
function board(answer: (asked: number) => readonly Uint8Array[] = () => []) {
  const frames = new Subject<Uint8Array>();
  const written: Uint8Array[] = [];
  const session: FrameSession = {
    ...{ frames, closed: new Promise<string>(() => undefined), close: () => undefined },
    counters: { overlongBytes: 0 },
    write: (bytes) => {
      written.push(bytes);
      for (const frame of answer(written.length)) frames.next(frame);
      return true;
    },
  };
  return { session, written };
}

const framed = (message: HelloMessage): Uint8Array => encodeFrame(message).subarray(1, -1);

describe('asking a board who it is, in its own protocol', () => {
  it('asks until it answers, whatever a bootloader says before', async () => {
    const { session, written } = board((asked) => (asked < 2 ? [Uint8Array.of(1, 2, 3)] : [framed(HELLO)]));
    const said = { outcome: 'described', board: { unit: 5, imageHash: 77, session: 3 } };
    expect(await askWho(session, HARNESS, 5_000)).toMatchObject(said);
    const asked = written.map((bytes) => decodeFrame(bytes.subarray(1, -1)));
    expect(asked).toMatchObject([1, 2].map(() => ({ ok: true, message: { kind: 'helloRequest' } })));
  });

  it('tells silence, another program and another version apart', async () => {
    expect(await askWho(board().session, HARNESS, 20)).toEqual({ outcome: 'silent' });
    const other = board(() => [Uint8Array.of(1, 2, 3)]);
    expect(await askWho(other.session, HARNESS, 20)).toEqual({ outcome: 'other-program' });
    const newer = board(() => [framed({ ...HELLO, protocol: 3 })]);
    expect(await askWho(newer.session, HARNESS, 5_000)).toEqual({ outcome: 'other-version', spoken: 3, expected: 2 });
  });

  it('sends nothing to a board whose protocol has no such question, and says so', async () => {
    const { session, written } = board();
    expect(await askWho(session, ONLY_ANSWERS, 5_000)).toEqual({ outcome: 'not-asked' });
    expect(written).toEqual([]);
  });
});

describe('a board whose protocol cannot say who it is', () => {
  it('is not made to blink: its port is not even opened', async () => {
    const wish = { port: '/dev/null', match: null };
    expect(await identifyPort({ wish, line: eightBits(500_000), dialect: ONLY_ANSWERS })).toMatchObject({
      introduction: { outcome: 'not-asked' },
    });
  });

  it('is not made to blink through a gateway either', async () => {
    const known = { id: 'a', link: { isUp: true } };
    const state = { config: { thirdCopy: null, wire: ONLY_ANSWERS.wire }, boards: new Map([['a', known]]) };
    const identifier = new BoardIdentifier({
      state: state as unknown as PairState,
      links: new Map([['a', {} as BoardLink]]),
      ...{ clock: new ManualClock(), portOf: () => null },
    });
    expect(await identifier.identify('a')).toEqual({
      refused: expect.stringContaining('cannot be asked who they are'),
    });
  });

  it('is commissioned as far as that goes, and the report says what is left', async () => {
    const { session, written } = board();
    const clock = new ManualClock();
    const talk = new BoardTalk('a', ONLY_ANSWERS, () => Promise.resolve(session), clock);
    const found = await tryBoard(talk, { clock }, 10);
    talk.close();
    expect(found).toEqual({ board: 'a', answers: 'not-asked', hello: null, roundTrips: null, trouble: null });
    expect(written).toEqual([]);
    const config = parseConfig(
      `boards: { a: { kind: uno, port: usb-1.2, reset: GPIO23 }, b: { kind: uno, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a }
input: every 1s
deadline: 50ms
`,
      'oven.yaml',
      '/srv/oven',
    );
    const left = notTried(ONLY_ANSWERS.wire.abilities, config);
    expect(left).toHaveLength(3);
    expect(notTried(HARNESS.wire.abilities, config)).toEqual([]);
    const deadline = { configuredMs: 50, proposedMs: 50, floorMs: 22 };
    const report = { at: '', boards: [found], relay: [], resets: [], notTried: left, swap: null, deadline };
    expect(toMend(report)).toEqual([]);
  });
});
