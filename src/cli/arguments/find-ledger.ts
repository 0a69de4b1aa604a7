import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { nearestWord } from '../../words/nearest-word.js';
import { commandName } from '../terminal/command-name.js';
import { shortPath } from '../terminal/short-path.js';
import { type LastBench, recallBench } from './last-bench.js';

/** The options that say whose faults are meant. */
export interface LedgerChoice {
  readonly ledger?: string;
  readonly config?: string;
  readonly scenario?: string;
}

/** A ledger of a pair, or all those that a bench left. */
export interface FoundLedgers {
  /** In the order in which their faults are numbered. */
  readonly ledgers: readonly { readonly path: string; readonly scenario: string | null }[];
  /** Only the ledgers of this scenario are meant; null: all. */
  readonly scenario: string | null;
  /** What has to follow a command so that it finds the same again: empty, or ` --ledger PATH`. */
  readonly option: string;
  /** The configuration they were found by, as it was named; null where it was none. */
  readonly config: string | null;
  /** The name of the pair in it. */
  readonly pair: string | null;
  /** A bench left them: their boards are emulated and gone, and their faults have one running number. */
  readonly isBench: boolean;
}

/** The name of a configuration that is found without being named. */
export const DEFAULT_CONFIG = 'copycat.yaml';

/** In this order: --ledger, --scenario, -c, ./copycat.yaml, the last bench. Throws USAGE when there is none. */
export function findLedger(choice: LedgerChoice): FoundLedgers {
  if (choice.ledger !== undefined) {
    const ledgers = [{ path: mustExist(resolve(choice.ledger), '--ledger'), scenario: null }];
    const option = ` --ledger ${choice.ledger}`;
    return { ledgers, scenario: null, option, config: null, pair: null, isBench: false };
  }
  if (choice.scenario !== undefined) return ofScenario(choice.scenario);
  if (choice.config !== undefined) return ofConfiguration(choice.config, ` -c ${choice.config}`);
  if (existsSync(DEFAULT_CONFIG)) return ofConfiguration(DEFAULT_CONFIG, '');
  const bench = recallBench();
  if (bench !== null) return ofBench(bench, null, '');
  throw new CopycatError(
    'USAGE',
    `there is no ledger here: no ${join('.', DEFAULT_CONFIG)}, and no bench has run in this folder; ` +
      `name one with --ledger FILE or -c FILE, or run ${commandName()} bench`,
  );
}

function ofScenario(scenario: string): FoundLedgers {
  const bench = recallBench();
  const known = [...new Set((bench?.runs ?? []).map((run) => run.scenario))];
  if (bench !== null && known.includes(scenario)) return ofBench(bench, scenario, ` --scenario ${scenario}`);
  const near = nearestWord(scenario, known);
  throw new CopycatError('USAGE', `the last bench kept no ledger of a scenario ${scenario}`, {
    value: scenario,
    expected: near ?? (known.join(', ') || `a scenario that has run: ${commandName()} bench`),
  });
}

function ofBench({ runs }: LastBench, scenario: string | null, option: string): FoundLedgers {
  const ledgers = runs.map((run) => ({ path: mustExist(run.ledger, 'the last bench'), scenario: run.scenario }));
  return { ledgers, scenario, option, config: null, pair: null, isBench: true };
}

function ofConfiguration(config: string, option: string): FoundLedgers {
  const { name, ledger } = loadConfig(config);
  const ledgers = [{ path: mustExist(ledger.path, config), scenario: null }];
  return { ledgers, scenario: null, option, config, pair: name, isBench: false };
}

function mustExist(path: string, from: string): string {
  if (existsSync(path)) return path;
  throw new CopycatError('USAGE', `there is no ledger ${shortPath(path)} (named by ${from})`, {
    expected:
      from === 'the last bench'
        ? `a bench whose files are still there: ${commandName()} bench`
        : 'the SQLite file of a gateway that has run',
  });
}
