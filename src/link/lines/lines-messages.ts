import type { Hello, Result, ResultEnding, Setting } from '../../pair/result/messages.js';
import { crc32 } from '../../protocol/crc32.js';
import type { TextComparer } from '../../protocol/lines/compared-text.js';
import { settingsHash } from '../settings-hash.js';
import { type LinesOptions, mostInputs } from './lines-options.js';

/** The core's account of a window in lines takes no room in it. */
const ROOMY_BYTES = 65_535;

/** What is known of such a board: what it has answered to the lines of `identity:`, and nothing else. */
export function helloOf(
  options: LinesOptions,
  settings: readonly Setting[],
  executionCount: number,
  isFresh: boolean,
): Hello {
  return {
    ...{ kind: 'hello', unit: 0, boot: null, imageHash: settingsHash(settings), stateLayout: null, stateBytes: 0 },
    ...{ transfersState: false, mostOutputs: 0, resetCause: 'unknown', failed: false, parked: false },
    rxBytes: options.window.of === 'bytes' ? options.window.most : ROOMY_BYTES,
    window: mostInputs(options),
    ...{ executionCount, digest: null, kept: [], actedBits: 0 },
    ...(isFresh ? { isFresh } : {}),
    ...(settings.length === 0 ? {} : { settings }),
  };
}

/** What came of a line. */
export interface LineEnd {
  readonly seq: number;
  /** Answers before it in this opening, and it. */
  readonly executionCount: number;
  readonly body: Uint8Array;
  readonly rejected?: boolean;
  readonly ending?: ResultEnding;
}

/** Its hash is of what is compared: equal for two answers that differ in nothing but what is ignored. */
export function resultOf(
  { seq, executionCount, body, rejected = false, ending }: LineEnd,
  comparer: TextComparer,
): Result {
  return {
    ...{
      kind: 'result',
      seq,
      executionCount,
      parts: [{ rejected, body }],
      digest: null,
      observed: [],
      inputMatches: true,
    },
    hash: crc32(comparer.comparable(body), crc32(Uint8Array.of(rejected ? 1 : 0))),
    ...(ending === undefined ? {} : { ending }),
  };
}
