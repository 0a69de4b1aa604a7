import { crc32 } from '../../protocol/crc32.js';
import { FRAME, type HelloMessage, PROTOCOL_VERSION } from '../../protocol/messages.generated.js';
import type { BoardCore, BoardCoreOptions } from './board-core.js';

/** HELLO has room for this many kept seqs beside its fixed fields. */
const mostKeptInHello = 3;
const text = new TextEncoder();

/** What a board says of itself now. */
export function boardHello(core: BoardCore, options: BoardCoreOptions): HelloMessage {
  const { application, boot, resetCause, rxBytes, window } = options;
  const { memory, isParked, failed } = core;
  const kept = core.exchange.executed().slice(-mostKeptInHello);
  const { length } = memory.bytes;
  return {
    kind: 'hello',
    session: 0,
    seq: 0,
    protocol: PROTOCOL_VERSION,
    boot,
    imageHash: crc32(text.encode(`scripted ${application.name} ${application.version}`)),
    appId: crc32(text.encode(application.name)),
    appVersion: application.version,
    stateLayout: crc32(Uint8Array.of(length, length >> 8), crc32(text.encode(application.layout))),
    stateBytes: length,
    wireBytes: FRAME.wireBytes,
    rxBytes,
    window,
    resetCause,
    failed: failed !== 'none',
    parked: isParked,
    executionCount: memory.executionCount,
    digest: memory.digest,
    actedBits: kept.reduce((bits, { phase }, index) => (phase === 'acted' ? bits | (1 << index) : bits), 0),
    kept: kept.map(({ seq }) => seq),
  };
}
