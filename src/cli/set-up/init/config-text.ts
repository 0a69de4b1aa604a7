import type { Answers, BoardAnswer, RelayAnswer } from './interview.js';

/** The configuration file as a person would write it, with a word beside each key. */
export function configText(answers: Answers): string {
  const { relay } = answers;
  const lines = [
    '# One pair of boards. Every key: docs/config.md. What is wrong with it: copycat check. How it is wired: copycat wiring.',
    `name: ${answers.name}`,
    '',
    'boards:                                  # both run the same program',
    boardLine('a', answers.a),
    boardLine('b', answers.b),
    '',
    ...relayPart(relay),
    ...(answers.switchesSomething
      ? []
      : [withComment('outputs: none', 'the boards only measure: nothing is switched')]),
    '',
    withComment(`input: ${answers.input}`, 'where work comes from'),
    withComment(`deadline: ${answers.deadlineMs}ms`, 'copycat commission proposes one from what it measures'),
    '# on-mismatch: alarm                     # what to do when two results differ and nothing tells who is wrong',
    '',
    'ledger:',
    withComment('  path: copycat.sqlite', 'lease, faults and inputs; beside this file'),
  ];
  return `${lines.join('\n')}\n`;
}

function relayPart(relay: RelayAnswer): readonly string[] {
  switch (relay.kind) {
    case 'emulated':
      return [withComment('relay: emulated', 'exists only in the gateway: nothing is switched')];
    case 'none':
      return [withComment('relay: none', 'a board that is out of the pair is held in RESET, or nothing is switched')];
    default:
      return [
        'relay:',
        withComment(`  kind: ${relay.kind}`, KIND_WORDS[relay.kind]),
        ...relayLines(relay.lines),
        withComment(
          `  at-rest: ${relay.atRest}`,
          relay.atRest === 'none' ? 'without power: neither board' : 'what it connects without power',
        ),
        ...(relay.feedback === null
          ? [
              '  # feedback: GPIO27                   # a second contact that proves where it stands: strongly recommended',
            ]
          : [withComment(`  feedback: ${relay.feedback}`, 'high while the relay stands at the other board')]),
        ...(relay.activeLow ? [withComment('  active-low: true', 'the coil is on while the line is low')] : []),
        withComment('  operate: 10ms', 'from the data sheet: how long the contact takes to move'),
        withComment('  settle: 30ms', 'and until it has surely stopped bouncing'),
        '  # prove-every: 24h                     # swap duty now and then, to prove that a takeover would work',
      ];
  }
}

const KIND_WORDS = {
  changeover: 'one relay; falls back without power',
  'two-relays': 'one for each board, never both closed',
  latching: 'stays where it was pulsed to',
  mux: 'a logic multiplexer',
} as const;

function boardLine(name: string, { kind, port, line, reset, seen }: BoardAnswer): string {
  const more = `${line === null ? '' : `, line: ${line}`}${reset === null ? '' : `, reset: ${reset}`}`;
  return withComment(
    `  ${name}: { kind: ${kind}, port: ${port}${more} }`,
    seen ?? (port === 'emulated' ? '' : 'copycat ports'),
  );
}

function relayLines([first = 'GPIO17', second]: readonly string[]): string[] {
  if (second === undefined) return [withComment(`  pin: ${first}`, 'the line of the coil')];
  return [withComment(`  pins: { a: ${first}, b: ${second} }`, 'the line that connects each board')];
}

const COLUMN = 41;

function withComment(text: string, comment: string): string {
  return comment === '' ? text : `${text.padEnd(COLUMN - 1)} # ${comment}`;
}
