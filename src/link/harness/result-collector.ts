import type { Result } from '../../pair/result/messages.js';
import { LIMITS, type ResultMessage } from '../../protocol/messages.generated.js';
import { resultHash } from '../../protocol/result-hash.js';

/** A result without what only the link knows. */
export type CollectedResult = Omit<Result, 'inputMatches'> & { readonly inputCrc: number };

/**
 * Puts the parts of a result together. R4: only a result with its explicit end is one; parts that do not follow each
 * other are forgotten and counted, and the board repeats the whole when asked again. Holds at most one result.
 */
export class ResultCollector {
  /** Results that were begun and never ended. */
  halfResults = 0;
  #parts: ResultMessage[] = [];

  add(part: ResultMessage): CollectedResult | null {
    if (!this.#follows(part)) {
      this.abandon();
      if (part.part !== 0) {
        this.halfResults++;
        return null;
      }
    }
    this.#parts.push(part);
    if (!part.last) return null;
    const parts = this.#parts;
    this.#parts = [];
    return {
      kind: 'result',
      seq: part.seq,
      executionCount: part.executionCount,
      parts: parts.map(({ rejected, body }) => ({ rejected, body })),
      digest: part.digest,
      hash: resultHash(parts, part.digest),
      observed: part.observed,
      inputCrc: part.inputCrc,
    };
  }

  /** Forgets what was begun, as at the end of a session. */
  abandon(): void {
    if (this.#parts.length > 0) this.halfResults++;
    this.#parts = [];
  }

  #follows(part: ResultMessage): boolean {
    const first = this.#parts[0];
    if (part.part !== this.#parts.length || part.part >= LIMITS.maxParts) return false;
    if (first === undefined) return true;
    return (
      part.seq === first.seq &&
      part.session === first.session &&
      part.executionCount === first.executionCount &&
      part.digest === first.digest &&
      part.inputCrc === first.inputCrc
    );
  }
}
