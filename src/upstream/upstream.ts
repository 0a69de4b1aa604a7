import type { Observable } from 'rxjs';
import type { RefusalReason } from '../pair/state/effects.js';
import type { ClientCounts } from './client-counts.js';

/** One unit of work that somebody asks for. */
export interface Arrival {
  /** Names it for the answer and for a repeat (R23): the source, a colon, and what the source calls it. */
  readonly ref: string;
  readonly kind: 'input' | 'tick';
  readonly payload: Uint8Array;
}

/** Where inputs come from and answers go. */
export interface Upstream {
  /** The part of a ref before its first colon: `tcp`, `tick`. */
  readonly source: string;
  /** Of several of one source: true when it has given this ref itself, so that nobody else is told of it. */
  isOwn?(ref: string): boolean;
  /** Hot. Nothing before `start`, nothing while intake is paused. */
  readonly arrivals: Observable<Arrival>;
  /** Undefined where nobody can connect. */
  readonly clients?: ClientCounts | undefined;
  /** R1: the ledger has it, so whoever wants to know may be told. */
  accepted(ref: string): void;
  /**
   * Gives the bodies of the committed result to whoever asked last under `ref`; `rejected`: the sketch would not have the
   * input, and they say why, where they say anything. True when the bytes were handed over;
   * false when nobody is there to take them: they ask again.
   */
  answer(ref: string, bodies: readonly Uint8Array[], repeat: boolean, rejected: boolean): boolean;
  refuse(ref: string, reason: RefusalReason): void;
  /** The primary has said something unasked: for every client that is there, where the framing has a word for it. */
  passOn?(body: Uint8Array): void;
  /** Takes no more in, by not reading, until `resumeIntake`. */
  pauseIntake(): void;
  resumeIntake(): void;
  /** Begins to take in; resolves with where, for people. Rejects with UPSTREAM_UNAVAILABLE. */
  start(): Promise<readonly string[]>;
  close(): Promise<void>;
}
