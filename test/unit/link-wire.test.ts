import { describe, expect, it } from 'vitest';
import { FlashSum } from '../../src/link/harness/flash-sum.js';
import { FrameReader } from '../../src/link/harness/frame-reader.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import { InputMemory } from '../../src/link/harness/input-memory.js';
import { ResultCollector } from '../../src/link/harness/result-collector.js';
import { helloFromWire, MAX_INPUT_PAYLOAD_BYTES, toWire } from '../../src/link/harness/wire-message.js';
import { noCounts } from '../../src/link/link-counters.js';
import type { LinkNote } from '../../src/link/link-notes.js';
import { decodeFrame, encodeFrame } from '../../src/protocol/frame-codec.js';
import {
  type HelloMessage,
  LIMITS,
  type Message,
  type ResultMessage,
  type SelfTestReportMessage,
  VERSIONS,
} from '../../src/protocol/messages.generated.js';

const HELLO: HelloMessage = {
  kind: 'hello',
  session: 0,
  seq: 5,
  protocol: 1,
  boot: 77,
  imageHash: 1,
  appId: 2,
  appVersion: 3,
  stateLayout: 4,
  stateBytes: 8,
  wireBytes: 64,
  rxBytes: 128,
  window: 2,
  resetCause: 'external',
  failed: false,
  parked: true,
  replays: false,
  executionCount: 6,
  digest: 7,
  actedBits: 1,
  kept: [9],
};

/** What a reader makes of a frame, and what it notes. */
function read(message: Message): { readonly heard: unknown; readonly notes: LinkNote[] } {
  const notes: LinkNote[] = [];
  const reader = new FrameReader('a', new InputMemory(), noCounts(), (note) => notes.push(note));
  return { heard: reader.read(encodeFrame(message).subarray(1, -1)), notes };
}

describe('HELLO, as the core hears it', () => {
  it('R25: says what the board is; a harness board gives and takes its state unless it says that it replays', () => {
    const { kind, boot, imageHash, stateLayout, stateBytes, rxBytes, window, resetCause, failed, parked } = HELLO;
    const { executionCount, digest, kept, actedBits } = HELLO;
    expect(helloFromWire(HELLO)).toEqual({
      ...{ kind, boot, imageHash, stateLayout, stateBytes, rxBytes, window, resetCause, failed, parked },
      ...{ executionCount, digest, kept, actedBits, unit: 5, transfersState: true, mostOutputs: 4 },
    });
    expect(helloFromWire({ ...HELLO, replays: true }).transfersState).toBe(false);
    expect(helloFromWire({ ...HELLO, protocol: 2 }).mostOutputs).toBe(8);
  });

  it.each(VERSIONS)('R3, R27: of version $protocol has no larger window than results it can list', (version) => {
    const { protocol, wireBytes } = version;
    const hello = { ...HELLO, protocol, wireBytes };
    const fits = (count: number): boolean => {
      if (count > LIMITS.maxWindow) return false;
      const kept = Array.from({ length: count }, (_, index) => index);
      return encodeFrame({ ...hello, kept }).length <= wireBytes;
    };
    let most = 1;
    while (fits(most + 1)) most++;
    expect(most).toBeGreaterThanOrEqual(4);
    expect(helloFromWire({ ...hello, window: most }).window).toBe(most);
    expect(helloFromWire({ ...hello, window: most + 1 }).window).toBe(most);
    expect(helloFromWire({ ...hello, window: 1 }).window).toBe(1);
  });
});

describe('what is no frame', () => {
  const notesOf = (...pieces: string[]): LinkNote[] => {
    const notes: LinkNote[] = [];
    const counts = noCounts();
    const reader = new FrameReader('a', new InputMemory(), counts, (note) => notes.push(note));
    for (const piece of pieces) expect(reader.read(new TextEncoder().encode(piece))).toBeNull();
    expect(counts.badCobs + counts.tooShort + counts.overlong + counts.badCrc).toBe(pieces.length);
    return notes;
  };

  it('is told once where it is text that a sketch prints on its serial port', () => {
    const printed = { board: 'a', kind: 'printed', text: 'level 81 of 100' };
    expect(notesOf('level 81 of 100\r\n', 'level 82 of 100\r\n')).toEqual([printed]);
  });

  it('is only counted where it is noise, or too short to say', () => {
    expect(notesOf('le\u0001vel', 'abc', '\u0080\u00ffxxxx')).toEqual([]);
  });
});

describe('state on the wire', () => {
  it('R25: is asked for and given piece by piece, in the session', () => {
    const data = Uint8Array.of(1, 2);
    const put = { kind: 'statePut', executionCount: 3, offset: 32, last: true, outputs: [4], data } as const;
    expect(toWire(6, { kind: 'stateGet', offset: 32 })).toEqual({ kind: 'stateGet', session: 6, seq: 0, offset: 32 });
    expect(toWire(6, put)).toEqual({ ...put, session: 6, seq: 0 });
  });

  it('R25: a piece that a board gives comes to the core as it is', () => {
    const state = {
      kind: 'state',
      ...{ executionCount: 3, last: true, busy: false, accepted: true, offset: 32, digest: 9 },
      ...{ outputs: [4], data: Uint8Array.of(1, 2) },
    } as const;
    expect(read({ ...state, session: 6, seq: 0 }).heard).toEqual({ session: 6, message: state });
  });
});

describe('an input on the wire', () => {
  const input = { kind: 'input', seq: 7, probe: false, recall: false, position: 0, pairTimeMs: 1 } as const;

  it('R21: without observed values says so: the board is to read its own', () => {
    const payload = Uint8Array.of(1);
    expect(toWire(2, { ...input, payload, observed: null })).toMatchObject({ observedGiven: false, observed: [] });
    expect(toWire(2, { ...input, payload, observed: [] })).toMatchObject({ observedGiven: true, observed: [] });
  });

  it('R21: gives a board no more values than a program of its version reads, whatever the other one has read', () => {
    const observed = [1, 2, 3, 4, 5, 6];
    const message = { ...input, payload: new Uint8Array(MAX_INPUT_PAYLOAD_BYTES), observed };
    for (const version of VERSIONS) {
      const given = toWire(2, message, version);
      expect(given).toMatchObject({ observed: observed.slice(0, version.lines) });
      expect(encodeFrame(given).length).toBeLessThanOrEqual(version.wireBytes);
    }
  });

  it('R21: goes by the version that the board itself has said, each time anew', () => {
    const speaker = HARNESS.speakWith({ board: 'a', counts: noCounts(), note: () => undefined });
    const message = { ...input, payload: Uint8Array.of(1), observed: [1, 2, 3, 4, 5, 6, 7, 8] };
    const given = (): number => {
      const decoded = decodeFrame(speaker.encode(1, message, 0).subarray(1, -1));
      return decoded.ok && decoded.message.kind === 'input' ? decoded.message.observed.length : -1;
    };
    const counts = VERSIONS.toReversed().map((version) => {
      speaker.push(encodeFrame({ ...HELLO, ...version }).subarray(1, -1), 0);
      return given();
    });
    expect(counts).toEqual([8, 4]);
  });

  it('R1: an offer as long as the longest input is taken, and one byte more is not', () => {
    const offer = (bytes: number): Message => ({ kind: 'offer', session: 1, seq: 0, payload: new Uint8Array(bytes) });
    expect(read(offer(MAX_INPUT_PAYLOAD_BYTES))).toMatchObject({ heard: { message: { kind: 'offer' } }, notes: [] });
    expect(read(offer(MAX_INPUT_PAYLOAD_BYTES + 1))).toMatchObject({ heard: null, notes: [{ kind: 'offerTooLong' }] });
  });
});

describe('parts of a result', () => {
  const part = (index: number, last: boolean): ResultMessage => ({
    ...{ kind: 'result', session: 1, seq: 7, executionCount: 1, part: index, last, rejected: false, inputCrc: 1 },
    ...{ digest: 1, observed: [], body: Uint8Array.of(index) },
  });
  const collect = (count: number, collector = new ResultCollector()): number | undefined => {
    let parts: number | undefined;
    for (let index = 0; index < count; index++) parts = collector.add(part(index, index === count - 1))?.parts.length;
    return parts;
  };

  it('R4, R6: are as many as a result may have, and no more', () => {
    expect(collect(LIMITS.maxParts)).toBe(LIMITS.maxParts);
    expect(collect(LIMITS.maxParts + 1)).toBeUndefined();
  });

  it('R4: whole results one behind the other are no half ones', () => {
    const collector = new ResultCollector();
    expect([collect(2, collector), collect(1, collector), collect(3, collector)]).toEqual([2, 1, 3]);
    collector.abandon();
    expect(collector.halfResults).toBe(0);
  });
});

it('R19: a piece of flash that has another length when it is read again makes the image a bad one', () => {
  const sum = new FlashSum();
  sum.heard(HELLO);
  const report = (flashBytes: number): SelfTestReportMessage => ({
    ...{ kind: 'selfTestReport', session: 1, seq: 0, slice: 0, last: false, flashBytes, flashCrc: 3 },
    ...{ ramFault: false, cpuFault: false, ramTested: true, ramFaultAt: 0 },
  });
  expect([report(8), report(8), report(9)].map((one) => sum.add(one))).toEqual(['not-tested', 'not-tested', 'bad']);
});
