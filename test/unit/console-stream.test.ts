import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Pair } from '../../src/console/pairs/pair.js';
import { unknownStatus } from '../../src/console/pairs/unknown-status.js';
import { PairStream } from '../../src/console/stream/pair-stream.js';
import type { Face } from '../../src/control/contract/face.js';
import type { FaultView } from '../../src/control/contract/fault.js';

const FACE: Face = {
  ...unknownStatus('oven', '/x/copycat.sqlite', 'both boards agree'),
  ...{ coreAgeMs: 0, isStale: false, staleWhy: null },
};
const PAGE = 50;
const LONG = 'x'.repeat(4000);

/** Takes what is written, and keeps it until it is read. */
class SlowReader {
  waiting = '';
  read = '';
  isDestroyed = false;

  get writableLength(): number {
    return this.waiting.length;
  }

  write(text: string): void {
    this.waiting += text;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  takeAll(): void {
    this.read += this.waiting;
    this.waiting = '';
  }

  get ids(): readonly number[] {
    return [...this.read.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }
}

let newest: number;
let reads: number;
let reader: SlowReader;

beforeEach(() => {
  newest = 0;
  reads = 0;
  reader = new SlowReader();
});

const fault = (id: number): FaultView => ({ id, code: 'silent', event: id % 3 === 0, title: LONG }) as FaultView;

function streamFrom(after: number | null): PairStream {
  const news = {
    get newest() {
      return newest;
    },
    after: (number: number) => {
      reads += 1;
      return Array.from({ length: Math.min(PAGE, newest - number) }, (_, index) => fault(number + 1 + index));
    },
  };
  const pair = { face: FACE, found: { news }, watch: () => () => undefined };
  const stream = new PairStream(pair as unknown as Pair, reader as unknown as ServerResponse, after);
  stream.begin();
  return stream;
}

describe('a stream of a pair', () => {
  it('R32: holds no more for a client than is bounded, however much there is, and tells all of it when there is room', () => {
    newest = 1000;
    const stream = streamFrom(0);
    let most = 0;
    for (let looks = 0; looks < 100 && reader.ids.at(-1) !== newest; looks++) {
      stream.hear(FACE, newest, []);
      most = Math.max(most, reader.writableLength);
      reader.takeAll();
    }
    expect(reader.ids).toEqual(Array.from({ length: newest }, (_, index) => index + 1));
    // Not all at once: a page beyond the bound at most.
    expect(most).toBeLessThan(0x40000 + (PAGE + 1) * (LONG.length + 500));
    expect(reads).toBe(newest / PAGE);
  });

  it('R32: leaves statuses out for a client that does not read, and cuts it off after a while', () => {
    newest = 1000;
    const stream = streamFrom(0);
    stream.hear(FACE, newest, []);
    const held = reader.writableLength;
    for (let looks = 0; looks < 118; looks++) stream.hear(FACE, newest, []);
    expect(reader.writableLength).toBe(held);
    expect(reader.isDestroyed).toBe(false);
    stream.hear(FACE, newest, []);
    stream.hear(FACE, newest, []);
    expect(reader.isDestroyed).toBe(true);
  });

  it('says what is not recorded to disk, once, and that it is over', () => {
    const stream = streamFrom(null);
    const inMemory = { ...FACE, ledger: { ...FACE.ledger, recordedToDisk: false, why: 'the disk is full' } };
    for (const face of [FACE, inMemory, inMemory, FACE, FACE]) stream.hear(face, 0, []);
    reader.takeAll();
    expect(
      [...reader.read.matchAll(/event: recording\ndata: (.*)/g)].map(([, data]) => JSON.parse(data ?? '')),
    ).toEqual([
      { recordedToDisk: false, why: 'the disk is full' },
      { recordedToDisk: true, why: null },
    ]);
  });

  it('begins a new client with what comes from now on, and another ledger from its first number', () => {
    newest = 7;
    const stream = streamFrom(null);
    stream.hear(FACE, newest, [fault(3)]);
    newest = 8;
    stream.hear(FACE, newest, []);
    newest = 2;
    stream.hear(FACE, newest, []);
    reader.takeAll();
    expect(reader.ids).toEqual([7, 8, 1, 2]);
    expect(reader.read).toContain('event: restarted\ndata: {"newest":2,"was":8}');
    // One that has changed is told without a number.
    expect(reader.read).toMatch(/\n\nevent: event\ndata: \{"id":3,/);
  });
});
