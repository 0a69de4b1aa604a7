import type { NamedField } from '../values/named-field.js';
import { reasonText } from '../values/rejection.js';
import { changedInMemory, statesDiffer } from './changed-state.js';
import { differsText, imagesText, selfTestsText } from './dispute-text.js';
import type { FaultView } from './fault-view.js';
import { bytesOfHex } from './kept-bytes.js';
import { limitText } from './limit-text.js';
import { nameValues } from './named-values.js';
import { evidenceText, fact } from './plain-words.js';
import type { StoredFault } from './stored-fault.js';

/** What made the gateway say so. Two results that differ are told by the names of their values. */
export function evidenceOf({ fault, fields }: FaultView): string {
  if (fault.code === 'switched-over')
    return 'none: a person asked for it (copycat switch), or the relay was tested (copycat relay test, or prove-every)';
  if (fault.evidence['committedResult'] === undefined) return evidenceText(namedDetail(fault, fields));
  const told = (board: string, result: string, digest: string): string =>
    `board ${fact(fault, board) ?? 'unknown'}: ${toldResult(fault, result, fields.result)}, state digest ${fact(fault, digest) ?? 'unknown'}`;
  return [
    `they differ in: ${differsText(fault)}`,
    ...[statesDiffer(fault, fields.state)].filter((text) => text !== null).map((text) => `their states in: ${text}`),
    told('committedBy', 'committedResult', 'committedDigest'),
    told('otherBoard', 'otherResult', 'otherDigest'),
    ...arbiters(fault, fields.result),
    ...[imagesText(fault)].filter((text) => text !== null),
    ...[selfTestsText(fault)].filter((text) => text !== null).map((text) => `self-tests: ${text}`),
    ...(fault.code === 'mismatch' ? [`on-mismatch: ${fact(fault, 'policy') ?? 'alarm'}`] : []),
  ].join('; ');
}

/** R19: what told which of the two is wrong. */
function arbiters(fault: StoredFault, fields: readonly NamedField[]): string[] {
  const third =
    fault.evidence['thirdResult'] === undefined
      ? []
      : [
          `third copy: ${toldResult(fault, 'thirdResult', fields)}, state digest ${fact(fault, 'thirdDigest') ?? 'unknown'}`,
        ];
  return fault.evidence['decidedBy'] === 'plausibility' ? [...third, limitText(fault)] : third;
}

/** What the number beside a board's own reason means depends on that reason. */
function namedDetail(fault: StoredFault, { state }: FaultView['fields']): StoredFault['evidence'] {
  const { detail, stateBytes, ...facts } = fault.evidence;
  if (detail === undefined || detail === 0) return facts;
  if (facts['reason'] !== 'stateCorrupt') return { ...facts, detail };
  if (stateBytes === undefined) return { ...facts, foundDigest: detail };
  return { ...facts, changedState: changedInMemory(fault, state) ?? MANY_CHANGES, digestDifference: detail };
}

const MANY_CHANGES = 'more than one value';

/** What a rejection says has no fields. */
function toldResult(fault: StoredFault, name: string, fields: readonly NamedField[]): string {
  if (fault.evidence[name.replace('Result', 'Rejected')] !== true) return resultText(fault, name, fields);
  return `rejected (${reasonText(String(fault.evidence[name]).split(' ').map(bytesOfHex))})`;
}

/** Results are kept in evidence as hex, one word a part. */
function resultText(fault: StoredFault, name: string, fields: readonly NamedField[]): string {
  const kept = fault.evidence[name];
  if (typeof kept !== 'string' || !/^[0-9a-f ]*$/.test(kept)) return fact(fault, name) ?? 'unknown';
  return kept
    .split(' ')
    .map((part, index) => nameValues(bytesOfHex(part), fields, index))
    .join(' | ');
}
