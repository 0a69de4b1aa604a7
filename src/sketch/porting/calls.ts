import type { DeclaredLines } from './declared-lines.js';
import type { PortingKind } from './porting-note.js';
import type { Context } from './scanned-sketch.js';

/** What a sketch calls that is beside what the library gives it. */
export interface ForeignCall {
  readonly kind: PortingKind;
  /** The name, as a regular expression; it is followed by a parenthesis. */
  readonly name: string;
  /** What to do about it; null: nothing, where it stands. */
  advice(call: { readonly given: readonly string[]; readonly name: string } & Place): string | null;
}

interface Place {
  readonly contexts: ReadonlySet<Context>;
  readonly lines: DeclaredLines;
}

const OWN_SOURCE = 'cc_own_source(N, fn): a source of your own, read when an input asks for it';
const OWN_OUTPUT =
  'cc_own_output(N, write, read_back, safe): an output of your own, which moves when a result is committed';

/** `cc_write(0, HIGH)`, and what has to be declared for it. */
function written(kind: string) {
  return ({ given: [pin = '?', level = '…'], contexts, lines }: { readonly given: readonly string[] } & Place) => {
    const { id, isNew } = lines.output(pin);
    const declaration = `cc_output(${id}, ${pin}, ${kind}, ${kind === 'CC_PWM' ? '0' : 'LOW'})`;
    if (onlyIn(contexts, 'setup')) return `${isNew ? declaration : `cc_output(${id}, …)`} gives the pin its safe level`;
    return `cc_write(${id}, ${level})${isNew ? `, with ${declaration} in setup()` : ''}`;
  };
}

function read(kind: string) {
  return ({ given: [pin = '?'], contexts, lines }: { readonly given: readonly string[] } & Place) => {
    const { id, isNew } = lines.source(pin);
    if (onlyIn(contexts, 'setup'))
      return 'each board reads its own: read it by cc_read() at the first input, if at all';
    return `cc_read(${id})${isNew ? `, with cc_source(${id}, ${pin}, ${kind}) in setup()` : ''}`;
  };
}

const ours =
  (advice: string, inSetup = advice) =>
  ({ contexts }: Place): string => {
    return onlyIn(contexts, 'setup') ? inSetup : advice;
  };

export const FOREIGN_CALLS: readonly ForeignCall[] = [
  { kind: 'pin', name: 'digitalWrite', advice: written('CC_DIGITAL') },
  { kind: 'pin', name: 'analogWrite', advice: written('CC_PWM') },
  { kind: 'pin', name: 'digitalRead', advice: read('CC_DIGITAL') },
  { kind: 'pin', name: 'analogRead', advice: read('CC_ADC') },
  {
    kind: 'pin',
    name: 'pinMode',
    advice: ({ given: [pin = '?', mode = ''], contexts, lines }) => {
      if (mode === 'OUTPUT' || mode === '1') {
        if (onlyIn(contexts, 'setup') && lines.mayBeOwnOutput(pin)) return null;
        const { id, isNew } = lines.output(pin);
        return isNew
          ? `leave it out: cc_output(${id}, ${pin}, …) makes it one`
          : 'leave it out: cc_output() makes it one';
      }
      if (onlyIn(contexts, 'setup')) return null;
      return 'only in setup(): a backup that takes over later has never come by here';
    },
  },
  { kind: 'pin', name: 'tone|noTone', advice: ours(OWN_OUTPUT) },
  {
    kind: 'pin',
    name: 'shiftOut',
    advice: ours(
      `with what moves its pins here, one function ${OWN_OUTPUT.replace(/^cc_own_output/, 'for cc_own_output')}; pinMode() of its pins stays`,
    ),
  },
  { kind: 'pin', name: 'pulseIn|pulseInLong|shiftIn', advice: ours(OWN_SOURCE) },
  {
    kind: 'clock',
    name: 'millis',
    advice: ours(
      'input->pair_time_ms: the same on both boards, and it goes on after a takeover',
      'each board has its own: begin with input->pair_time_ms of the first input',
    ),
  },
  {
    kind: 'clock',
    name: 'micros',
    advice: ours(
      `input->pair_time_ms for what happens in time; for a time that is measured here, ${OWN_SOURCE}`,
      'each board has its own: begin with input->pair_time_ms of the first input',
    ),
  },
  {
    kind: 'wait',
    name: 'delay',
    advice: ours(
      'return, and act on a later input: cc_every(&timer, ms), or keep in the state when it is due, by input->pair_time_ms',
      'nothing slow before cc_begin(): a board that restarts has to say HELLO within milliseconds',
    ),
  },
  {
    kind: 'wait',
    name: 'delayMicroseconds',
    advice: ({ given: [us = ''], contexts }) =>
      onlyIn(contexts, 'setup') || Number(us) <= SHORT_US
        ? null
        : 'the answer waits as long: the deadline has to bear it, or let a later input do it',
  },
  {
    kind: 'chance',
    name: 'random|rand',
    advice: ours('each board has its own: keep a seed in the state: s.seed = s.seed * 1664525UL + 1013904223UL'),
  },
  {
    kind: 'chance',
    name: 'randomSeed|srand',
    advice: ours('leave it out: a seed in the state is the same on both boards'),
  },
  {
    kind: 'device',
    name: 'EEPROM\\s*\\.\\s*\\w+',
    advice: ours('each board has its own: what outlives an input goes into the state, which is copied'),
  },
  {
    kind: 'device',
    name: '(?:Wire|SPI)\\s*\\.\\s*\\w+',
    advice: ({ contexts }) => (onlyIn(contexts, 'setup') ? null : `to read: ${OWN_SOURCE}; to write: ${OWN_OUTPUT}`),
  },
];

/** Short enough to be no matter. */
const SHORT_US = 100;

/** What is said over the gateway's line. */
export function serialAdvice(method: string): string {
  if (method === 'begin') return 'leave it out: cc_begin() begins it for the gateway, at 500000 baud';
  if (/^(?:print|println|write|printf)$/.test(method)) {
    return 'cc_log("…") for people, cc_reply(&value, sizeof value) for the answer: the line is the gateway’s';
  }
  if (/^(?:read|available|peek|parse|find|readBytes|setTimeout)/.test(method)) {
    return 'input->payload and input->length: what is said to the pair comes as an input';
  }
  return 'leave it out: the line is the gateway’s';
}

export function onlyIn(contexts: ReadonlySet<Context>, context: Context): boolean {
  return contexts.size === 1 && contexts.has(context);
}
