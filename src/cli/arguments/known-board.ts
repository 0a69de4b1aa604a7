import type { Config } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { nearestWord } from '../../words/nearest-word.js';

/** Throws USAGE, with the name that was most likely meant, when this pair has no such board and no such third copy. */
export function checkKnownBoard(board: string, { boards, thirdCopy }: Config): void {
  const known = [...boards, ...(thirdCopy === null ? [] : [thirdCopy])].map((one) => one.board);
  if (known.includes(board)) return;
  const near = nearestWord(board, known);
  throw new CopycatError(
    'USAGE',
    `this pair has no board ${board}${near === undefined ? '' : `; did you mean ${near}?`}`,
    { expected: known.join(' or ') },
  );
}
