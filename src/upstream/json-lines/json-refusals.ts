import type { RefusalReason } from '../../pair/state/effects.js';
import type { RequestError } from './json-request.js';

/** R6: what a client is told when an input is not taken, and what it can do. */
export const REFUSALS: Readonly<Record<RefusalReason, RequestError>> = {
  full: { code: 'FULL', message: 'too many inputs are in work', expected: 'the same input again, a little later' },
  stopped: {
    code: 'STOPPED',
    message: 'the pair is stopped until a person has decided',
    expected: 'the same input again, after copycat status says that it serves',
  },
  quarantined: {
    code: 'QUARANTINED',
    message: 'boards failed on this input; it is kept for a person to decide',
    expected: 'another input',
  },
  'ref-used': {
    code: 'ID_USED',
    message: 'this id was used before, with another payload; nothing was done',
    expected: 'an id of its own for each input, also over a restart of the client',
  },
  'result-lost': {
    code: 'RESULT_LOST',
    message:
      'the input is over, and what came of it was lost: the host lost power, or a file of the ledger was damaged',
    expected: 'the same input again only where doing it twice does no harm',
  },
  'in-doubt': {
    code: 'IN_DOUBT',
    message: 'a board had the input, and its answer was lost: it may have carried it out, and cannot be asked',
    expected: 'the same input again only where doing it twice does no harm',
  },
  cancelled: {
    code: 'CANCELLED',
    message: 'the input was cancelled on the board: no answer will come',
    expected: 'another input',
  },
};
