import { exceptionIn } from '../../protocol/modbus/answer.js';
import { isBits, type RegisterRange } from '../../protocol/modbus/function-codes.js';
import type { CodeTable } from '../../protocol/modbus/pdu-length.js';
import { within } from '../../protocol/modbus/register-set.js';
import { parseRequest } from '../../protocol/modbus/request.js';
import { resultHash } from '../../protocol/result-hash.js';

/** Function code and number of bytes. */
const HEAD_BYTES = 2;
/** Slaves tell no digest of their state. */
const NO_DIGEST = 0;

/** What of an answer two boards must have in common: all of it, but for the registers that are not compared, which are taken out, and coils, which are put to 0. */
export function comparedOf(
  request: Uint8Array,
  answer: Uint8Array,
  ignore: readonly RegisterRange[],
  codes: CodeTable,
): Uint8Array {
  if (ignore.length === 0 || exceptionIn(answer) !== null) return answer;
  const said = parseRequest(request, codes);
  if ('exception' in said || said.reads === null) return answer;
  const { reads } = said;
  const left = [...answer];
  // From the end, so that what is taken out moves nothing that is yet to be.
  for (const address of [...within(reads, ignore)].reverse()) {
    const at = address - reads.first;
    if (isBits(reads.space)) {
      const place = HEAD_BYTES + (at >> 3);
      left[place] = (left[place] ?? 0) & ~(1 << (at & 7));
    } else {
      left.splice(HEAD_BYTES + 2 * at, 2);
    }
  }
  return Uint8Array.from(left);
}

/** What two boards must agree on, of the answers to an input's requests. */
export function answersHash(compared: readonly { readonly rejected: boolean; readonly body: Uint8Array }[]): number {
  const parts = compared.map(({ rejected, body }, part) => ({
    part,
    last: part === compared.length - 1,
    rejected,
    body,
  }));
  return resultHash(parts, NO_DIGEST);
}
