import type { BoardWire } from '../../pair/result/board-wire.js';
import type { ResultPart } from '../../pair/result/messages.js';
import { matches } from '../../protocol/lines/find-pattern.js';
import { trimmed } from '../../protocol/lines/line-kind.js';
import { mustCompile } from '../../protocol/lines/pattern.js';
import { bytesOf, textBytes, textOf } from './byte-text.js';
import type { LinesOptions } from './lines-options.js';

/**
 * Which lines a board that joins is given once more; nothing where the options ask for none.
 * @throws RangeError where a pattern is none
 */
export function resyncOf({ resync, notTaken, delimiter }: LinesOptions): Pick<BoardWire, 'resync'> {
  if (resync === null || resync.from === 'none') return {};
  const { from, pace, preamble } = resync;
  const begin = from === 'start' ? null : mustCompile(from.pattern);
  const refusal = notTaken === null ? null : mustCompile(notTaken);
  return {
    resync: {
      from: from === 'start' ? 'start' : 'last-match',
      begins: (payload) => begin !== null && matches(begin, payload),
      beginsWith: from === 'start' ? '' : `/${from.pattern}/`,
      pace,
      preamble: preamble.map(textBytes),
      wasTaken: (answer) => refusal === null || !linesOf(answer, delimiter).some((line) => matches(refusal, line)),
    },
  };
}

function linesOf([part]: readonly ResultPart[], delimiter: string): readonly Uint8Array[] {
  const lines = part === undefined ? [] : textOf(part.body).split(delimiter);
  return lines.map((line) => trimmed(bytesOf(line)));
}
