import type { StoredFault } from './stored-fault.js';

type Fact = string | number | boolean | null;

/** What the names of facts mean to a person; any other name is told as its own words. */
const FACT_NAMES: Readonly<Record<string, string>> = {
  waitedFor: 'waited for',
  waitedForMs: 'waited',
  deadlineMs: 'deadline',
  repeats: 'asked again',
  link: 'the link said',
  resetCause: 'cause of the reset',
  boot: 'start number',
  bootBefore: 'start number before',
  done: 'said it acted on input',
  result: 'gave a result for input',
  inputMatches: 'the result belongs to the input it was given',
  highestGiven: 'highest input it was given',
  detail: 'code',
  foundDigest: 'state digest that it found',
  digestDifference: 'state digest that it found, xor the one it left',
  changedState: 'what changed in its state',
  stateBytes: 'bytes of its state',
  primary: 'primary',
  planned: 'ended in good order',
  policy: 'on-mismatch',
  takingOver: 'in a takeover',
  differs: 'they differ in',
  differences: 'values that differ',
  source: 'sensor',
  readings: 'own readings',
  inARow: 'readings in a row',
  committedBy: 'result kept from board',
  committedResult: 'its bytes',
  otherBoard: 'other result from board',
  otherResult: 'the other bytes',
  committedImage: 'its image',
  otherImage: 'the other image',
  selfTests: 'self-tests',
  committedDigest: 'its state digest',
  otherDigest: 'the other state digest',
  thirdCopy: 'third copy',
  behind: 'inputs behind',
  allowed: 'allowed',
  leftTimes: 'left the pair or failed to join',
  withinMinutes: 'within minutes',
  restMs: 'stays out',
  step: 'in the step',
  in: 'in the step',
  primaryImage: 'image of the primary',
  boardImage: 'image of the board',
  primaryBytes: 'bytes of state of the primary',
  boardBytes: 'bytes of state of the board',
  primaryOutputs: 'outputs of the primary',
  boardOutputs: 'outputs of the board',
  compared: 'results that agreed',
  from: 'from board',
  ledger: 'the ledger answered',
  unfinished: 'unfinished inputs',
  pending: 'unfinished inputs',
  why: 'because',
  diedOnIt: 'boards that failed on it',
  repeated: 'had to be sent again',
  backup: 'backup',
  found: 'found',
  to: 'commanded to board',
  mayHaveCarriedOut: 'may have carried out, and the other board is given too, input',
  inDoubt: 'inputs in doubt',
  saysSo: 'the board says so itself',
  tries: 'tries',
  sign: 'its sign of a restart reads',
  register: 'its register',
  isCopy: 'given as copies',
  asked: 'asked whether it is there',
  stale: 'older than what the board keeps',
};

/** What boards, links and the core call things, in a person's words. */
const FACT_VALUES: Readonly<Record<string, string>> = {
  parts: 'the number of parts of the result',
  body: 'the result',
  state: 'the state, what a board remembers for the inputs to come',
  'says so in HELLO': 'it has said so since it started',
  'mismatch at takeover': 'the board that took over came to another result than the one that was already given out',
  RESULT: 'its result',
  LIFE: 'a sign of life',
  DONE: 'word that it acted (DONE)',
  INPUT: 'an input',
  COMMIT: 'leave to act (COMMIT)',
  stateCorrupt: 'its memory is not as it left it (state check)',
  outputCorrupt: 'its outputs are not as it set them',
  application: 'its program said so',
  localTrip: 'its own limit switch or sensor tripped',
  selfTest: 'its self-test failed',
  internal: 'an error inside its firmware',
  'memory-parity': 'it found an error in its memory (Modbus exception 8)',
  'answer-for-nothing': 'it answered what nobody had asked',
  'answer-too-long': 'its answer was longer than protocol.max-answer',
  'written-value-lost': 'a register no longer reads back what was written to it',
  violation: 'it was told to shut down',
  powerOn: 'power came on',
  external: 'the reset pin',
  watchdog: 'its watchdog',
  brownOut: 'its supply voltage dropped',
  commanded: 'it was told to restart',
  unknown: 'not known',
  firmware: 'the firmware',
  'layout of the state': 'the layout of the state',
  'number of outputs': 'the number of outputs',
  silent: 'it did not answer',
  unplugged: 'its link was lost',
  restarted: 'it restarted',
  failed: 'it declared itself failed',
  mismatch: 'its result differed from the primary’s',
  'no answer': 'it did not answer',
  'backup-behind': 'it fell too far behind',
  resetting: 'being told to restart',
  opening: 'opening its session',
  waiting: 'waiting for a pause of the primary',
  reading: 'reading the state of the primary',
  writing: 'giving it the state',
  replaying: 'giving it what the primary had executed',
  comparing: 'comparing',
};

function factName(name: string): string {
  return (
    FACT_NAMES[name] ??
    name
      .replace(/Ms$/, '')
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
  );
}

function factValue(name: string, value: Fact): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === null) return 'not known';
  if (typeof value === 'string') return FACT_VALUES[value] ?? value;
  if (name.endsWith('Ms')) return `${value} ms`;
  if (/digest|image$/i.test(name) || name === 'digestDifference') return `0x${value.toString(16).padStart(8, '0')}`;
  return name === 'repeats' ? `${value} time${value === 1 ? '' : 's'}` : String(value);
}

/** A fact of the evidence as text, or undefined when it is not there. */
export function fact(fault: StoredFault, name: string): string | undefined {
  const value = fault.evidence[name];
  return value === undefined ? undefined : factValue(name, value);
}

/** `1 input`, `2 inputs`. */
export function count(value: Fact | undefined, noun: string): string {
  return `${value ?? 'no'} ${noun}${value === 1 ? '' : 's'}`;
}

/** `waited for: its result; waited: 51 ms; deadline: 50 ms`. */
export function evidenceText(facts: StoredFault['evidence']): string {
  const told = Object.entries(facts).map(([name, value]) => `${factName(name)}: ${factValue(name, value)}`);
  return told.length === 0 ? 'nothing more than the moment itself' : told.join('; ');
}

/** 12.3 → `12.3 ms`, 61200 → `61.2 s`. */
export function milliseconds(ms: number): string {
  return Math.abs(ms) < 10_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** 350000 → `6 min`: how long something goes on, for people who wait. */
export function roughly(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** With a capital, as a sentence begins. */
export function cap(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
