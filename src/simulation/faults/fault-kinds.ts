/** Everything that can be made to go wrong, and `switch`, which a person asks for. */
export const FAULT_KINDS = [
  'board-halted',
  'board-restarted',
  'board-slow',
  'board-gives-up',
  'state-corrupted',
  'output-corrupted',
  'wrong-result',
  'wrong-state',
  'wrong-from-now-on',
  'sensor-drifts',
  'third-copy-wrong',
  'third-copy-ends',
  'third-copy-slow',
  'result-of-nothing',
  'done-of-nothing',
  'board-babbles',
  'poison-input',
  'frames-lost',
  'frames-doubled',
  'frames-late',
  'link-cut',
  'link-flaps',
  'cables-swapped',
  'board-replaced',
  'relay-stuck',
  'relay-slow',
  'relay-disturbs',
  'ledger-slow',
  'ledger-stalled',
  'ledger-full',
  'ledger-failing',
  'ledger-read-only',
  'journal-damaged',
  'disk-damaged',
  'memory-lost',
  'gateway-killed',
  'gateway-killed-at-effect',
  'gateway-stalled',
  'host-power-cut',
  'client-gone',
  'switch-asked',
] as const;
/** What befalls boards with firmware of their own alone: what they answer, or say, by a whim. */
const WHIM_KINDS = ['answers-not-taken', 'answers-in-doubt', 'board-says'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number] | (typeof WHIM_KINDS)[number];

/** Everything that can befall a pair of boards with firmware of their own. */
export const UNMODIFIED_KINDS: readonly FaultKind[] = [
  ...(['board-halted', 'board-restarted', 'board-slow', 'state-corrupted', 'wrong-result', ...WHIM_KINDS] as const),
  ...(['frames-lost', 'frames-late', 'link-cut', 'link-flaps', 'relay-stuck', 'relay-slow', 'relay-disturbs'] as const),
  ...(['ledger-slow', 'ledger-stalled', 'ledger-full', 'ledger-failing', 'ledger-read-only'] as const),
  ...(['gateway-killed', 'gateway-killed-at-effect', 'gateway-stalled', 'host-power-cut', 'client-gone'] as const),
  'switch-asked',
];

/** Where there is no third copy, nothing can befall it. */
export const THIRD_COPY_KINDS: readonly FaultKind[] = ['third-copy-wrong', 'third-copy-ends', 'third-copy-slow'];
/** What is written after it is lost when the gateway dies: in the file that decides, in the disk's, or in both. */
export const TAIL_KINDS: readonly FaultKind[] = ['journal-damaged', 'disk-damaged', 'memory-lost'];
/** What makes a copy compute something wrong. */
export const WRONG_KINDS: readonly FaultKind[] = [
  'wrong-result',
  'wrong-state',
  'wrong-from-now-on',
  'third-copy-wrong',
];

/** One fault of a plan. Numbers are thrown beforehand, so that a fault can be left out and the others stay the same. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** It waits for this phase; where that does not come in its round, it strikes at the end of it. */
  readonly phase: string;
  /** The primary or the backup of that moment. */
  readonly whom: 'primary' | 'other';
  readonly direction: 'to' | 'from';
  readonly count: number;
  readonly forUs: number;
  /** So long after the phase was reached. */
  readonly delayUs: number;
  /** Not before so many inputs of the round were sent. */
  readonly afterInputs: number;
}
