// npm run perf [-- --quick] [--json] [--only KEY[,KEY]] [--rounds N] [--inputs N] [--profile FOLDER] [--takeovers N]
// [--own-firmware [--polls N]] [--built]
// What the gateway costs, by the wall clock, beside what people would put in its place. Boards are processes behind pseudo-terminals.
// Contenders take turns, run by run, so that the machine's moods meet them all; what is printed are medians over the rounds and
// ratios within a round (docs/performance.md). --built: dist is the program as it is, and is not built again.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mustHaveCompiler } from './build-firmware.mjs';
import { buildPrograms } from './perf/build.mjs';
import { CONTENDERS } from './perf/contenders.mjs';
import { measureOwnFirmware } from './perf/own-firmware.mjs';
import { runContender } from './perf/run-contender.mjs';
import { performanceTable, ratioTable } from './perf/tables.mjs';
import { measureTakeovers } from './perf/takeovers.mjs';
import { runProgram } from './run-program.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    profile: { type: 'string' },
    takeovers: { type: 'string' },
    'own-firmware': { type: 'boolean', default: false },
    polls: { type: 'string', default: '0' },
    inputs: { type: 'string' },
    built: { type: 'boolean', default: false },
  },
});
const sizes = values.quick ? { rounds: 2, paced: 400, many: 4_000 } : { rounds: 7, paced: 2_000, many: 20_000 };
const inputs = values.inputs === undefined ? undefined : Number(values.inputs);
const size = { ...sizes, ...(inputs === undefined ? {} : { paced: inputs, many: 4 * inputs }) };
const rounds = Number(values.rounds ?? size.rounds);
/** Discarded: what a program does until its code is compiled is no measure of a service that runs for months. */
const WARM_UP = [
  { name: 'warm-up at 16', count: size.many, inFlight: 16, intervalUs: 0 },
  { name: 'warm-up at 1', count: size.many / 2, inFlight: 1, intervalUs: 0 },
];
const LOADS = [
  ...WARM_UP,
  { name: 'paced', count: size.paced, inFlight: 1, intervalUs: 5_000 },
  { name: 'inFlight1', count: size.many / 4, inFlight: 1, intervalUs: 0 },
  { name: 'inFlight4', count: size.many / 2, inFlight: 4, intervalUs: 0 },
  { name: 'inFlight16', count: size.many, inFlight: 16, intervalUs: 0 },
];

const keys = values.only?.split(',') ?? CONTENDERS.map(({ key }) => key);
const contenders = CONTENDERS.filter(({ key }) => keys.includes(key));
if (!values.built) {
  const built = await runProgram(process.execPath, ['tools/build.mjs'], { onLine: () => undefined });
  if (built.code !== 0) throw new Error('the build failed');
}
mustHaveCompiler('gcc', 'sudo apt-get install -y gcc');
const programs = buildPrograms(join(import.meta.dirname, '../.copycat/perf'));
const tell = values.json ? () => undefined : (text) => console.error(text);
if (values['own-firmware']) {
  const { lines, figures } = await measureOwnFirmware(
    programs,
    { rounds, takeovers: Number(values.takeovers ?? 0), polls: Number(values.polls) },
    tell,
  );
  console.log(values.json ? JSON.stringify(figures) : `\n${lines.join('\n')}`);
} else if (values.takeovers !== undefined) {
  const copycat = CONTENDERS.find(({ key }) => key === 'copycat');
  const { lines, figures } = await measureTakeovers(copycat, programs, Number(values.takeovers), tell);
  console.log(values.json ? JSON.stringify(figures) : `\n${lines.join('\n')}`);
} else {
  await compare();
}

async function compare() {
  /** A list of rounds for each contender. */
  const results = new Map(contenders.map(({ key }) => [key, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      const run = await runContender(contender, programs, LOADS, values.profile);
      results.get(contender.key).push(run);
      tell(
        `round ${round}/${rounds}  ${contender.name}: paced p50 ${run.paced.p50Us.toFixed(0)} µs, 16 in flight ${run.inFlight16.perSecond.toFixed(0)}/s`,
      );
    }
  }
  if (values.json) {
    console.log(JSON.stringify({ rounds, loads: LOADS, results: Object.fromEntries(results) }));
  } else {
    const [{ model }] = cpus();
    console.log(`\n${cpus().length} × ${model}, Node ${process.versions.node}, ${rounds} rounds; medians\n`);
    console.log(performanceTable(contenders, results).join('\n'));
    if (contenders.some(({ key }) => key === 'copycat')) console.log(`\n${ratioTable(contenders, results).join('\n')}`);
  }
}
