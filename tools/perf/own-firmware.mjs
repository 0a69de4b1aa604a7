// What the gateway costs whoever asks boards with firmware of their own, by the wall clock: the same questions to one board itself and to
// the pair, in turns, on wires of the given speed (npm run perf -- --own-firmware; docs/performance.md).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CONDITIONS } from './conditions.mjs';
import { startPair } from './run-contender.mjs';
import { runTakeover } from './run-takeover.mjs';
import { median, table } from './tables.mjs';
import { ms, p99 } from './takeovers.mjs';

/** count: questions of a round; a wire without a length shows the gateway's own time alone. */
const WIRES = [
  { name: '10 registers, 115200 baud', kind: 'modbus', baud: 115_200, count: 1_000 },
  { name: 'a line of 20 bytes, 19200 baud', kind: 'lines', baud: 19_200, count: 300 },
  { name: '10 registers, no wire', kind: 'modbus', baud: 0, count: 5_000 },
  { name: 'a line of 20 bytes, no wire', kind: 'lines', baud: 0, count: 5_000 },
];
const WARM_UP = 2_000;
/** Polls behind each other between two looks at the memory. */
const POLLS_A_LOOK = 50_000;

function pairOn({ kind, baud }) {
  const script = `${import.meta.dirname}/copycat-pair.mjs`;
  return {
    ...{ name: 'Copycat', boards: 'wireBoard', boardWords: [kind, String(baud), '0'] },
    command: (_, a, b, folder) => [process.execPath, [script, a, b, folder, kind, String(baud)]],
    load: { program: 'wireLoad', wordsOf: ({ count }) => [kind, baud, count] },
  };
}

/** @returns lines of the tables, and the figures that they are made of */
export async function measureOwnFirmware(programs, { rounds, takeovers, polls }, tell) {
  const lines = [];
  const figures = {};
  const rows = [];
  for (const wire of WIRES) {
    const runs = [];
    for (let round = 1; round <= rounds; round++) {
      runs.push({ bare: await askBoard(programs, wire), pair: await askPair(programs, wire) });
      const { bare, pair } = runs.at(-1);
      tell(`${wire.name}, round ${round}/${rounds}: ${bare.p50Us} µs bare, ${pair.p50Us} µs through the pair`);
    }
    figures[wire.name] = runs;
    rows.push(costRow(wire, runs));
  }
  lines.push(...table(COST_HEAD, rows));
  if (takeovers > 0) {
    const runs = [];
    while (runs.length < takeovers) {
      runs.push(
        await runTakeover(pairOn(WIRES[0]), programs, 'unplugged', { ...CONDITIONS[0], load: { count: 100_000 } }),
      );
      tell(`unplugged while polled: ${runs.length}/${takeovers}`);
    }
    figures.takeovers = runs;
    lines.push('', ...table(TAKEOVER_HEAD, [takeoverRow(runs)]));
  }
  if (polls > 0) {
    figures.memory = await memoryOver(programs, polls, tell);
    lines.push(
      '',
      ...table(
        ['polls', 'resident MB'],
        figures.memory.map(({ asked, residentKb }) => [asked, (residentKb / 1024).toFixed(1)]),
      ),
    );
  }
  return { lines, figures };
}

const COST_HEAD = [
  'questions',
  'board p50 µs',
  'pair p50 µs',
  'gateway’s own p50 µs',
  'over the rounds',
  'rate, times the board’s',
  'over the rounds',
  'CPU µs a question',
];

function costRow({ name }, runs) {
  const own = runs.map(({ bare, pair }) => pair.p50Us - bare.p50Us);
  const rate = runs.map(({ bare, pair }) => pair.perSecond / bare.perSecond);
  const of = (which, key) => median(runs.map((run) => run[which][key])).toFixed(0);
  const spread = (numbers, digits) =>
    `${Math.min(...numbers).toFixed(digits)} to ${Math.max(...numbers).toFixed(digits)}`;
  return [
    ...[name, of('bare', 'p50Us'), of('pair', 'p50Us'), median(own).toFixed(0), spread(own, 0)],
    ...[median(rate).toFixed(2), spread(rate, 2), of('pair', 'cpuUsPerInput')],
  ];
}

const TAKEOVER_HEAD = [
  'slave',
  'takeovers',
  'evidence to relay command ms p50',
  'p99',
  'fault to contact',
  'p99',
  'max',
];

function takeoverRow(runs) {
  const of = (key) => runs.map((run) => run[key] / 1000);
  const [command, proved] = [of('evidenceToCommandUs'), of('provedUs')];
  const times = [median(command), p99(command), median(proved), p99(proved), Math.max(...proved)];
  return ['unplugged while it is polled', runs.length, ...times.map(ms)];
}

async function askBoard(programs, { kind, baud, count }) {
  const board = spawn(programs.wireBoard, [kind, String(baud), '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [said] = await once(board.stdout.setEncoding('utf8'), 'data');
    const load = spawn(programs.wireLoad, [said.trim().split(' ')[1], '0', kind, String(baud), String(count)]);
    let answer = '';
    for (const stream of [load.stdout, load.stderr]) stream.setEncoding('utf8').on('data', (text) => (answer += text));
    const [code] = await once(load, 'close');
    if (code !== 0) throw new Error(`the board was not asked: ${answer}`);
    return JSON.parse(answer);
  } finally {
    board.kill();
  }
}

async function askPair(programs, wire) {
  const pair = await startPair(pairOn(wire), programs);
  try {
    await untilProtected(pair);
    // What a program does until its code is compiled is no measure of a service that runs for months.
    if (wire.baud === 0) await pair.drive({ count: WARM_UP });
    const run = await pair.drive({ count: wire.count });
    await pair.finish();
    return run;
  } finally {
    await pair.end();
  }
}

/** A slave joins while somebody asks. */
async function untilProtected(pair) {
  let isProtected = false;
  const coming = pair.isProtected().then(() => {
    isProtected = true;
  });
  while (!isProtected) await pair.drive({ count: 20 });
  await coming;
}

async function memoryOver(programs, polls, tell) {
  const pair = await startPair(pairOn({ kind: 'modbus', baud: 0 }), programs);
  try {
    await untilProtected(pair);
    const looks = [];
    for (let asked = POLLS_A_LOOK; asked <= polls; asked += POLLS_A_LOOK) {
      const { residentKb } = await pair.drive({ count: POLLS_A_LOOK });
      looks.push({ asked, residentKb });
      tell(`${asked} of ${polls} polls: ${(residentKb / 1024).toFixed(1)} MB`);
    }
    await pair.finish();
    return looks;
  } finally {
    await pair.end();
  }
}
