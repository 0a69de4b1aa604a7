// Writes docs/faults.md: every fault of the catalogue in src/faults (as built), with its cause and what is to be done.
//   node tools/generate-faults.mjs [--check]
// --check writes nothing and says whether the page is stale. Either way exit code 1 when a fault lacks its guide.
import { readFileSync } from 'node:fs';
import { FAULT_KINDS } from '#built/faults/catalogue/catalogue.js';
import { FAULT_GUIDES } from '#built/faults/catalogue/guides.js';
import { viewFault } from '#built/faults/fault-view.js';
import { remediesFor } from '#built/faults/remedy.js';
import { writeOrCheck } from './generated-files.mjs';
import { ROOT } from './run-program.mjs';

const FILE = 'docs/faults.md';
const NAMES = { copycat: 'copycat', ledgerOption: '', gatewayOption: '', service: 'copycat@NAME' };
/** What the page says once, at its beginning. */
const EVERY_TIME = ['copycat status', 'copycat faults list', 'copycat faults close 7'];
/** Faults of no single board. */
const OF_THE_PAIR = [
  'pair-stopped',
  'relay-stuck',
  'input-quarantined',
  'gateway-restarted',
  'host-restarted',
  'pair-restarted',
  'own-mistake',
  'sensor-drift',
  'not-recorded',
  'switchover-failed',
  'switched-over',
];
const WEIGHTS = {
  stops: 'The pair stops, or nobody can take over: a person is needed at once',
  replaces: 'A board leaves the pair, and the other one goes on: NOT PROTECTED until it has joined again',
  'stays-out': 'A board does not come into the pair: NOT PROTECTED until it has',
  restarts: 'The gateway, the host or the boards began anew',
  tells: 'It is told, and the pair goes on as it was',
  planned: 'Events: somebody wanted it so',
};

const wrong = [
  ...Object.keys(FAULT_KINDS)
    .filter((code) => FAULT_GUIDES[code] === undefined)
    .map((code) => `the fault ${code} has no entry in src/faults/catalogue/guides.ts`),
  ...Object.keys(FAULT_GUIDES)
    .filter((code) => FAULT_KINDS[code] === undefined)
    .map((code) => `src/faults/catalogue/guides.ts tells of ${code}, which the catalogue does not have`),
];
const rules = JSON.parse(readFileSync(`${ROOT}tools/rules.json`, 'utf8')).flatMap((group) => group.rules);
const codes = Object.keys(WEIGHTS).flatMap((weight) =>
  Object.keys(FAULT_GUIDES).filter((code) => FAULT_GUIDES[code].weight === weight && FAULT_KINDS[code] !== undefined),
);
writeOrCheck({ [FILE]: page() }, 'node tools/generate-faults.mjs (after a build)');
for (const line of wrong) console.log(line);
if (wrong.length > 0) process.exitCode = 1;

function page() {
  return `# Faults

<!-- Written by tools/generate-faults.mjs from src/faults (catalogue.ts, guides.ts, remedy.ts). -->

What can go wrong, what Copycat does about it by itself, and what a person should do; gravest first.

Whatever it is, begin with these, and close the fault when it has been dealt with:

\`\`\`sh
copycat status           # where the pair stands now, and what to do next
copycat faults list      # what happened, newest first: what came before it?
copycat faults show N    # its story: evidence, times, what was done, the commands for it
copycat faults close N   # it is dealt with; of several: close 2 3, or close all
\`\`\`

Beside the faults the ledger keeps **events**, with numbers of the same row: what somebody wanted so (a switchover, each test of the relay,
a firmware update, an orderly restart of the gateway). An event is told like a fault, is closed by itself, and is counted as one nowhere;
\`copycat faults list --events\` lists both, the events dimmed.

In the commands below \`b\` is the board concerned, \`SEQ\` the number of an input, \`NAME\` the name of the pair, and \`copycat\`
stands for however it is called where you are.

| code | what it says | rules |
| --- | --- | --- |
${Object.entries(WEIGHTS).flatMap(tableOf).join('\n')}

## Who comes back by itself

How often a board has left the pair by its own fault decides how it comes back (\`flapping\` in [config.md](config.md); the reasons
are in [decisions.md](decisions.md)):

| its faults are | when | it comes back |
| --- | --- | --- |
| transient | now and then | by itself, as soon as it answers: it is given the state of the primary and compared with it |
| intermittent | more than \`flapping.limit\` of late, where each counts half after \`flapping.within\` | by itself after a rest, the longer the more there were; or with \`copycat rejoin b\` |
| permanent | more than \`flapping.permanent\`, counted over six times as long; or a failed self-test | with \`copycat rejoin b\` only, when it is mended |

The count is kept in the ledger, so a restart of the gateway forgets nothing. \`copycat rejoin b\` does: it says that the board is sound.

${Object.entries(WEIGHTS)
  .map(([weight, heading]) => `## ${heading}\n\n${codesOf(weight).map(section).join('\n\n')}`)
  .join('\n\n')}
`;
}

function codesOf(weight) {
  return codes.filter((code) => FAULT_GUIDES[code].weight === weight);
}

function tableOf([weight, heading]) {
  return [
    `| **${heading}** | | |`,
    ...codesOf(weight).map(
      (code) => `| [\`${code}\`](#${code}) | ${FAULT_GUIDES[code].means} | ${FAULT_GUIDES[code].rules.join(', ')} |`,
    ),
  ];
}

function section(code) {
  const { means, does, rules: kept } = FAULT_GUIDES[code];
  const { cause } = FAULT_KINDS[code];
  return [
    `### ${code}`,
    means,
    ...(cause === '' ? [] : [`**Usual causes.** ${cause}`]),
    `**What Copycat does.** ${does}`,
    ...toDo(remedies(code)),
    `Rules: ${kept.map(linkTo).join('; ')}`,
  ].join('\n\n');
}

function toDo(steps) {
  if (steps.length === 0) return [];
  const told = steps.map(({ text: said, commands }, index) => `${index + 1}. ${said}${commandLines(commands)}`);
  return [`**What to do.**\n\n${told.join('\n')}`];
}

function commandLines(commands) {
  return commands.length === 0 ? '' : `\n   \`\`\`sh\n${commands.map((one) => `   ${one}\n`).join('')}   \`\`\``;
}

/** What a person would be told of such a fault, if it had come to what it usually comes to. */
function remedies(code) {
  return remediesFor(viewFault(sample(code), { input: [], result: [] }), NAMES)
    .filter(({ commands }) => !EVERY_TIME.includes(commands.join()))
    .map(({ text: said, commands }) => ({
      text: said,
      commands: commands.map((command) => command.replace(/(show|retry|drop) 7/, '$1 SEQ')),
    }));
}

function sample(code) {
  const step = (name, detail = {}) => ({ step: name, atUs: 0, detail });
  const board = OF_THE_PAIR.includes(code) ? null : 'b';
  const ends = {
    'took-over': [step('declared-failed'), step('fenced'), step('took-over', { primary: 'a' })],
    'set-aside': [step('set-aside', { primary: 'a' })],
    'kept-out': [step('kept-out', { primary: 'a' })],
    stopped: [step('stopped')],
    switched: [step('declared-failed', { planned: true }), step('fenced'), step('took-over', { primary: 'b' })],
  };
  const { ends: end } = FAULT_GUIDES[code];
  return {
    ...{ id: 7, code, board, seq: code === 'input-quarantined' ? 7 : null, atUs: 0, bootId: '', repeats: 0 },
    ...{ wallTime: '', wallTimeTrusted: true, evidence: {}, input: null, closedAt: null },
    timeline: [step('evidence'), ...(ends[end] ?? [])],
  };
}

function linkTo(name) {
  const rule = rules.find((known) => known.rule === name);
  if (rule === undefined) {
    wrong.push(`src/faults/catalogue/guides.ts names ${name}, which tools/rules.json does not have`);
    return name;
  }
  return `[${name} ${rule.title}](rules.md#${anchor(name, rule.title)})`;
}

function anchor(rule, title) {
  return `${rule} ${title}`
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
