import { relative } from 'node:path';
import { compareImages } from '../../bench/compare/compare-images.js';
import { loadComparison } from '../../bench/compare/load-comparison.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { findLedger } from '../arguments/find-ledger.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { startSignOfLife } from '../terminal/sign-of-life.js';
import { print, printJson } from '../terminal/terminal.js';
import { comparisonJson, comparisonLines } from './against-text.js';
import type { BenchArguments } from './bench-arguments.js';
import { boardKindOf } from './bench-sketch.js';

/** Inputs from one sign of life to the next: some tenths of a second. */
const SHOWN_EVERY = 100;
/** The word that means the ledger of the pair, or of the last bench. */
const LEDGER = 'ledger';
const EXPECTED_INPUTS =
  '--inputs ledger (of -c FILE, ./copycat.yaml or the last bench), a ledger, a CSV file, or what inputs list --all --json printed';

/**
 * copycat bench --firmware NEW --against OLD --inputs ledger|FILE: recorded inputs on two programs. 0 where they came to
 * the same, 1 where they did not.
 */
export function benchAgainst(scenarios: readonly string[], options: BenchArguments, oldFile: string): ExitCode {
  refuseBeside(scenarios, options);
  const { firmware: newFile, config } = options;
  if (newFile === undefined) {
    throw new CopycatError('USAGE', '--against has nothing to compare with', { expected: '--firmware NEW.hex' });
  }
  const [inputsFile, inputsShown] = inputsOf(options);
  const configFile = config ?? null;
  const compared = loadComparison({
    ...{ newFile, oldFile, inputsFile, inputsShown, configFile },
    kind: boardKindOf(options),
  });
  const comparison = play(compared, options.seed);
  if (options.json === true) printJson(comparisonJson(compared, comparison));
  else print(comparisonLines(compared, comparison).join('\n'));
  return comparison.differing.length === 0 ? 0 : 1;
}

function play(compared: ReturnType<typeof loadComparison>, seed: number): ReturnType<typeof compareImages> {
  const count = compared.recording.inputs.length;
  const sign = startSignOfLife('starting two boards');
  try {
    return compareImages({
      ...{ ...compared, seed },
      onPlayed: (played) => {
        if (played % SHOWN_EVERY === 1) sign.sayNow(`input ${played} of ${count}, on both programs`);
      },
    });
  } finally {
    sign.stop();
  }
}

/** Nothing is lost here, and nobody drives: what says how it is lost would be ignored without a word. */
function refuseBeside([scenario]: readonly string[], options: BenchArguments): void {
  const { world, needsBoth, realTime, keep, plot } = options;
  const odd =
    scenario ??
    Object.entries({
      '--world': world,
      '--needs-both': needsBoth,
      '--real-time': realTime,
      '--keep': keep,
      '--plot': plot,
    })
      .filter(([, said]) => said !== undefined)
      .map(([name]) => name)[0];
  if (odd === undefined) return;
  throw new CopycatError('USAGE', `--against plays recorded inputs and no scenario: ${odd} has no meaning beside it`, {
    value: odd,
    expected: '--firmware, --against and --inputs, with -c, --board, --seed or --json',
  });
}

/** Path and what it is called. */
function inputsOf({ recorded, config }: BenchArguments): readonly [string, string] {
  if (recorded === undefined) {
    throw new CopycatError('USAGE', '--against needs recorded inputs', { expected: EXPECTED_INPUTS });
  }
  if (recorded !== LEDGER) return [recorded, recorded];
  const { ledgers } = findLedger(config === undefined ? {} : { config });
  const [ledger, another] = ledgers.map(({ path }) => path);
  if (ledger !== undefined && another === undefined) return [ledger, relative(process.cwd(), ledger)];
  const named = ledgers.slice(0, 3).map(({ path }) => `--inputs ${relative(process.cwd(), path)}`);
  throw new CopycatError('USAGE', 'the last bench left a ledger for each of its scenarios', {
    expected: `one of them, such as ${named.join(', ')}`,
  });
}
