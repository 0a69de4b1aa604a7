import type { BoardWire } from '../../pair/result/board-wire.js';
import { type TextComparer, textComparer } from '../../protocol/lines/compared-text.js';
import { matches } from '../../protocol/lines/find-pattern.js';
import { mustCompile } from '../../protocol/lines/pattern.js';
import type { Dialect } from '../dialect.js';
import { bytesOf } from './byte-text.js';
import { compareTextAnswers } from './compare-text-answers.js';
import type { LinesOptions } from './lines-options.js';
import { LinesSpeaker } from './lines-speaker.js';
import { resyncOf } from './resync-lines.js';

/** As the harness has them: the core's account knows no others. */
const SESSIONS = 255;
const U32 = 2 ** 32;

/**
 * What boards that answer lines speak. Such a board acts on what it is given and says nothing of its state: of the abilities it has
 * at most that it answers in bounded time.
 * @throws RangeError where a pattern is none
 */
export function linesDialect(options: LinesOptions): Dialect {
  const comparer = textComparer(options.ignore, options.tolerances);
  return {
    wire: linesWire(options, comparer),
    // A prompt has no end of a line: it would never come out of a parser that waits for one.
    cut: options.answerEnds === 'prompt' ? 'bytes' : { delimiter: bytesOf(options.delimiter) },
    maxFrameBytes: options.maxLineBytes + 1,
    speakWith: (listener) => new LinesSpeaker(options, comparer, listener),
  };
}

function linesWire(options: LinesOptions, comparer: TextComparer): BoardWire {
  const { deadlineUs, lineEnd, maxLineBytes, mayRepeat } = options;
  const repeatable = mayRepeat === null ? null : mustCompile(mayRepeat);
  return {
    abilities: {
      ...{ commit: false, digest: false, state: false, identity: false, repeats: false, keeps: false },
      bounded: deadlineUs !== null,
    },
    exchangeBytes: (payloadBytes) => payloadBytes + lineEnd.length,
    sessions: SESSIONS,
    lastSeq: U32 - 1,
    pairTimeSpanMs: U32,
    maxPayloadBytes: maxLineBytes,
    // A probe has no payload: the line that is asked then only asks.
    mayRepeat: (payload) => payload.length === 0 || (repeatable !== null && matches(repeatable, payload)),
    compareAnswers: (_payload, one, other) => compareTextAnswers(one, other, comparer),
    ...resyncOf(options),
  };
}
