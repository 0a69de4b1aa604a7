import { describe, expect, it } from 'vitest';
import { LineBuffer } from '../../src/upstream/clients/line-buffer.js';
import { IntakeTurns } from '../../src/upstream/intake-turns.js';
import { createJsonLinesUpstream } from '../../src/upstream/json-lines/json-lines-upstream.js';
import { parseRequest } from '../../src/upstream/json-lines/json-request.js';
import { manyUpstreams } from '../../src/upstream/many-upstreams.js';
import { createTickUpstream } from '../../src/upstream/tick-upstream.js';
import { SocketTransport } from '../../src/upstream/transport/socket-transport.js';
import type { Arrival } from '../../src/upstream/upstream.js';
import { ManualClock } from './manual-clock.js';

describe('lines', () => {
  it('are the same wherever the chunks end', () => {
    const stream = Buffer.from('one\n\ntwo words\nthree');
    for (let size = 1; size <= stream.length; size++) {
      const buffer = new LineBuffer();
      const lines: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        buffer.push(stream.subarray(at, at + size));
        for (let line = buffer.next(); line !== null; line = buffer.next()) lines.push(line.toString());
      }
      expect(lines).toEqual(['one', '', 'two words']);
      expect(buffer.heldBytes).toBe(5);
      expect(buffer.rest().toString()).toBe('three');
      expect(buffer.heldBytes).toBe(0);
    }
  });
});

describe('a request', () => {
  const parse = (line: string) => parseRequest(line, 4);

  it('is an id, a payload in hexadecimal and perhaps an ack', () => {
    expect(parse('{"id":1,"payload":"00Ff"}')).toEqual({
      ok: true,
      request: { id: 1, payload: Buffer.from([0, 255]), ack: false },
    });
    expect(parse('{"ack":true,"payload":"","id":"x-1"}')).toEqual({
      ok: true,
      request: { id: 'x-1', payload: Buffer.alloc(0), ack: true },
    });
  });

  it.each([
    ['{"id":1', { code: 'BAD_JSON' }],
    ['[1]', { code: 'BAD_JSON', value: [1] }],
    ['null', { code: 'BAD_JSON' }],
    ['{"payload":"00"}', { code: 'BAD_ID', message: 'there is no id' }],
    ['{"id":1.5,"payload":"00"}', { code: 'BAD_ID', value: 1.5 }],
    ['{"id":"","payload":"00"}', { code: 'BAD_ID' }],
    ['{"id":null,"payload":"00"}', { code: 'BAD_ID' }],
    ['{"id":"\\ud800","payload":"00"}', { code: 'BAD_ID' }],
    ['{"id":"a\\udc00b","payload":"00"}', { code: 'BAD_ID' }],
    ['{"id":"\\u001b[2J","payload":"00"}', { code: 'BAD_ID' }],
    ['{"id":"a\\nb","payload":"00"}', { code: 'BAD_ID' }],
    ['{"id":"\\u009b31m","payload":"00"}', { code: 'BAD_ID' }],
    ['{"id":"\\u202eabc","payload":"00"}', { code: 'BAD_ID' }],
  ])('%s is refused without an id', (line, error) => {
    expect(parse(line)).toEqual({
      ok: false,
      error: expect.objectContaining({ expected: expect.any(String), ...error }),
    });
  });

  it.each([
    ['{"id":7}', { code: 'BAD_PAYLOAD', message: 'there is no payload' }],
    ['{"id":7,"payload":"0"}', { code: 'BAD_PAYLOAD', message: 'the payload is not hexadecimal', value: '0' }],
    ['{"id":7,"payload":"zz"}', { code: 'BAD_PAYLOAD' }],
    ['{"id":7,"payload":5}', { code: 'BAD_PAYLOAD', value: 5 }],
    ['{"id":7,"payload":"0011223344"}', { code: 'BAD_PAYLOAD', message: 'the payload has 5 bytes' }],
    ['{"id":7,"payload":"00","ack":1}', { code: 'BAD_ACK', value: 1 }],
    ['{"id":7,"paylod":"00"}', { code: 'UNKNOWN_KEY', message: 'there is no key "paylod"; did you mean "payload"?' }],
    ['{"id":7,"payload":"00","akc":true}', { code: 'UNKNOWN_KEY', value: 'akc' }],
    ['{"id":7,"payload":"00","temperature":1}', { code: 'UNKNOWN_KEY', message: 'there is no key "temperature"' }],
  ])('%s is refused by its id', (line, error) => {
    expect(parse(line)).toEqual({
      ok: false,
      id: 7,
      error: expect.objectContaining({ expected: expect.any(String), ...error }),
    });
  });

  it('R23: is refused where its bytes are not UTF-8: two such ids would be one', () => {
    const line = Buffer.from([...Buffer.from('{"id":"'), 0xff, ...Buffer.from('","payload":"00"}')]).toString('utf8');
    expect(parseRequest(line, 4, false)).toEqual({ ok: false, error: expect.objectContaining({ code: 'BAD_ID' }) });
    expect(parse('{"id":"Öl 😀","payload":"00"}').ok).toBe(true);
  });

  it('shows what came, but not all of it', () => {
    const parsed = parse(`{"id":1,"payload":"${'z'.repeat(10_000)}"}`);
    expect(parsed.ok || String(parsed.error.value).length).toBe(101);
  });
});

describe('ticks', () => {
  function ticking(everyUs: number) {
    const clock = new ManualClock();
    const upstream = createTickUpstream({ everyUs, clock });
    const atUs: number[] = [];
    const arrivals: Arrival[] = [];
    upstream.arrivals.subscribe((arrival) => {
      atUs.push(clock.nowUs());
      arrivals.push(arrival);
    });
    return { clock, upstream, atUs, arrivals };
  }

  it('come on a grid that does not drift when a ring is late', async () => {
    const { clock, upstream, atUs, arrivals } = ticking(100_000);
    clock.advance(7000);
    await upstream.start();
    clock.advance(100_000);
    clock.stall(130_000); // the second ring comes 30 ms late
    clock.advance(70_000);
    clock.advance(100_000);
    expect(atUs).toEqual([107_000, 237_000, 307_000, 407_000]);
    expect(arrivals[0]).toEqual({ ref: 'tick', kind: 'tick', payload: new Uint8Array() });
    expect(upstream.skipped).toBe(0);
  });

  it('R6: that were missed are counted and never made up for', async () => {
    const { clock, upstream, atUs } = ticking(100_000);
    await upstream.start();
    clock.stall(350_000);
    expect(atUs).toEqual([350_000]);
    expect(upstream.skipped).toBe(2);
    clock.advance(50_000);
    expect(atUs).toEqual([350_000, 400_000]);
  });

  it('R6: that come while intake is paused, or are refused, are skipped and counted', async () => {
    const { clock, upstream, atUs } = ticking(100_000);
    await upstream.start();
    upstream.pauseIntake();
    clock.advance(300_000);
    upstream.resumeIntake();
    clock.advance(100_000);
    upstream.refuse();
    expect(atUs).toEqual([400_000]);
    expect(upstream.skipped).toBe(4);
  });

  it('stop when closed', async () => {
    const { clock, upstream, atUs } = ticking(100_000);
    await upstream.start();
    await upstream.close();
    clock.advance(1_000_000);
    expect(atUs).toEqual([]);
    expect(clock.alarms).toBe(0);
  });
});

describe('several upstreams', () => {
  it('are one: a ref goes back to its source, and nobody has those of a source that is gone', async () => {
    const clock = new ManualClock();
    const ticks = createTickUpstream({ everyUs: 1000, clock });
    const tcp = createJsonLinesUpstream({
      transport: new SocketTransport({ address: { type: 'tcp', host: '127.0.0.1', port: 0 } }),
      maxPayloadBytes: 25,
      clock,
      turns: new IntakeTurns({ places: 8, clock }),
    });
    const all = manyUpstreams([ticks, tcp]);
    const refs: string[] = [];
    all.arrivals.subscribe(({ ref }) => refs.push(ref));
    const addresses = await all.start();
    expect(addresses).toEqual(['a tick every 1 ms', expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/)]);
    clock.advance(1000);
    expect(refs).toEqual(['tick']);
    expect(all.answer('tick', [], false, false)).toBe(true);
    expect(all.answer('tcp:1', [], false, false)).toBe(false);
    expect(all.answer('mqtt:1', [], false, false)).toBe(false);
    all.refuse('tick', 'full');
    expect(ticks.skipped).toBe(1);
    all.pauseIntake();
    clock.advance(1000);
    expect(refs).toEqual(['tick']);
    await all.close();
  });
});
