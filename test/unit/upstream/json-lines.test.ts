import { type Duplex, duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { IntakeTurns } from '../../../src/upstream/intake-turns.js';
import { createJsonLinesUpstream } from '../../../src/upstream/json-lines/json-lines-upstream.js';
import type { Door } from '../../../src/upstream/transport/transport.js';
import { ManualClock } from '../manual-clock.js';

/** An upstream whose clients are streams in memory. */
async function served() {
  const clock = new ManualClock();
  const doors: Door[] = [];
  const upstream = createJsonLinesUpstream({
    transport: {
      open: async (door) => {
        doors.push(door);
        return 'here';
      },
      close: async () => undefined,
    },
    turns: new IntakeTurns({ places: 8, clock }),
    ...{ maxPayloadBytes: 4, maxLineBytes: 40, clock },
  });
  const refs: string[] = [];
  upstream.arrivals.subscribe(({ ref }) => refs.push(ref));
  await upstream.start();
  const connect = () => {
    const [ours, theirs] = duplexPair() as [Duplex, Duplex];
    const heard: Buffer[] = [];
    theirs.on('data', (chunk: Buffer) => heard.push(chunk));
    doors[0]?.came(ours);
    return {
      theirs,
      said: () =>
        Buffer.concat(heard)
          .toString()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line)),
    };
  };
  return { upstream, refs, connect };
}

const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('lines of JSON', () => {
  it('that are empty are nothing', async () => {
    const { connect, refs, upstream } = await served();
    const { theirs, said } = connect();
    theirs.write('\n \r\n{"id":0,"payload":"01"}\n');
    await turns();
    expect(refs).toEqual(['tcp:0']);
    upstream.refuse('tcp:0', 'full');
    await turns();
    expect(said()).toEqual([{ id: 0, error: expect.objectContaining({ code: 'FULL' }) }]);
  });

  it('R23: that are not UTF-8 are refused', async () => {
    const { connect, refs } = await served();
    const { theirs, said } = connect();
    theirs.write(Buffer.concat([Buffer.from('{"id":"'), Buffer.of(0xff), Buffer.from('","payload":"01"}\n')]));
    await turns();
    expect(refs).toEqual([]);
    expect(said()).toEqual([{ error: expect.objectContaining({ code: 'BAD_ID' }) }]);
  });

  it.each([`${'x'.repeat(41)}\n`, 'x'.repeat(41)])('R6: that are too long end the connection: %j', async (text) => {
    const { connect } = await served();
    const { theirs, said } = connect();
    theirs.write(text);
    await turns();
    expect(said()).toEqual([
      {
        error: {
          ...{ code: 'LINE_TOO_LONG', message: 'a line is too long; the connection ends', value: 41 },
          expected: 'at most 40 bytes',
        },
      },
    ]);
    expect(theirs.readableEnded).toBe(true);
  });
});
