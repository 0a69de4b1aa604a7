import { crc32 } from '../protocol/crc32.js';
import { type FailedReason, type HelloMessage, VERSIONS } from '../protocol/messages.generated.js';
import type { BoardCoreOptions } from './board-core-options.js';
import type { BoardExchange } from './board-exchange.js';
import type { BoardMemory } from './board-memory.js';

/** What HELLO tells of a running board. */
export interface BoardCondition {
  readonly memory: BoardMemory;
  readonly exchange: BoardExchange;
  readonly isParked: boolean;
  readonly failed: FailedReason;
}

/** HELLO has room for this many kept seqs beside its fixed fields. */
const mostKeptInHello = 4;
const text = new TextEncoder();

/** What stands for the program in flash: its crc32 is the image's hash. */
export function boardProgram({ name, version }: { readonly name: string; readonly version: number }): Uint8Array {
  return text.encode(`scripted ${name} ${version}`);
}

/** What a board says of itself now. */
export function boardHello(core: BoardCondition, options: BoardCoreOptions): HelloMessage {
  const { application, unit, boot, resetCause, rxBytes, window, replays = false } = options;
  const { memory, isParked, failed } = core;
  const kept = core.exchange.executed().slice(-mostKeptInHello);
  const { length } = memory.bytes;
  return {
    kind: 'hello',
    session: 0,
    seq: unit,
    protocol: VERSIONS[0].protocol,
    boot,
    imageHash: crc32(boardProgram(application)),
    appId: crc32(text.encode(application.name)) & 0xffff,
    appVersion: application.version,
    stateLayout: crc32(Uint8Array.of(length, length >> 8), crc32(text.encode(application.layout))),
    stateBytes: length,
    wireBytes: VERSIONS[0].wireBytes,
    rxBytes,
    window,
    resetCause,
    failed: failed !== 'none',
    parked: isParked,
    replays,
    executionCount: memory.executionCount,
    digest: memory.digest,
    actedBits: kept.reduce((bits, { phase }, index) => (phase === 'acted' ? bits | (1 << index) : bits), 0),
    kept: kept.map(({ seq }) => seq),
  };
}
