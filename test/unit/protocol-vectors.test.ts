import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../src/protocol/frame-codec.js';
import { MESSAGES, type Message } from '../../src/protocol/messages.generated.js';
import { inputCrc, resultHash } from '../../src/protocol/result-hash.js';
import brokenVectors from '../vectors/broken-frames.json' with { type: 'json' };
import exchangeVectors from '../vectors/exchanges.json' with { type: 'json' };
import frameVectors from '../vectors/frames.json' with { type: 'json' };

type RawFields = Readonly<Record<string, number | string | readonly number[] | undefined>>;

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** The vectors speak of raw numbers, which both languages share; TypeScript names flags and enum values. */
function messageOf(vector: { message: string; session: number; seq: number; fields: unknown }): Message {
  const descriptor = MESSAGES.find(({ name }) => name === vector.message);
  if (descriptor === undefined) throw new Error(`no message is called ${vector.message}`);
  const raw = vector.fields as RawFields;
  const message: Record<string, unknown> = { kind: descriptor.kind, session: vector.session, seq: vector.seq };
  for (const { name, as, bits, values } of descriptor.fields) {
    const value = raw[name];
    if (bits !== undefined) for (const [bit, mask] of bits) message[bit] = (Number(value) & mask) !== 0;
    else if (values !== undefined) message[name] = values.find(([, number]) => number === value)?.[0] ?? 'unknown';
    else message[name] = as === 'bytes' ? bytesOf(String(value)) : value;
  }
  return message as unknown as Message;
}

describe('the shared vectors', () => {
  it('have at least one frame of every message', () => {
    const named = new Set(frameVectors.frames.map(({ message }) => message));
    expect(MESSAGES.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });

  it.each(frameVectors.frames)('are written: $name', (vector) => {
    expect(Buffer.from(encodeFrame(messageOf(vector))).toString('hex')).toBe(vector.wire);
  });

  it.each(frameVectors.frames)('are read: $name', (vector) => {
    expect(decodeFrame(bytesOf(vector.wire.slice(2, -2)))).toEqual({ ok: true, message: messageOf(vector) });
  });

  it.each(brokenVectors.frames)('are rejected: $name', ({ bytes, reason }) => {
    expect(decodeFrame(bytesOf(bytes))).toEqual({ ok: false, reason });
  });

  it.each(exchangeVectors.exchanges)('give the hashes: $name', (vector) => {
    const payload = bytesOf(vector.payload);
    expect(inputCrc({ probe: false, pairTimeMs: vector.pairTimeMs, payload })).toBe(vector.inputCrc);
    const parts = vector.parts.map((body, part) => ({
      part,
      last: part === vector.parts.length - 1,
      rejected: false,
      body: bytesOf(body),
    }));
    expect(resultHash(parts, vector.digest)).toBe(vector.resultHash);
  });

  it('R18: a result hash changes with part, end, rejection, body and digest', () => {
    const part = { part: 0, last: true, rejected: false, body: Uint8Array.of(1, 2) };
    const hashes = [
      resultHash([part], 1),
      resultHash([part], 2),
      resultHash([{ ...part, part: 1 }], 1),
      resultHash([{ ...part, last: false }], 1),
      resultHash([{ ...part, rejected: true }], 1),
      resultHash([{ ...part, body: Uint8Array.of(1) }], 1),
      resultHash([{ ...part, body: Uint8Array.of(1, 3) }], 1),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
