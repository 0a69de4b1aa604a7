import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { loadConfig } from '../config/load-config.js';
import { nearestWord } from '../config/nearest-word.js';
import { CopycatError } from '../errors/copycat-error.js';
import { recallBench } from './last-bench.js';

/** The options that say whose faults are meant. */
export interface LedgerChoice {
  readonly ledger?: string;
  readonly config?: string;
  readonly scenario?: string;
}

export interface FoundLedger {
  readonly path: string;
  /** What has to follow a command so that it finds the same ledger again: empty, or ` --ledger PATH`. */
  readonly option: string;
  /** It is one that a bench left: its boards are emulated and gone. */
  readonly isBench: boolean;
}

/** The name of a configuration that is found without being named. */
export const DEFAULT_CONFIG = 'copycat.yaml';

/** In this order: --ledger, -c, ./copycat.yaml, the last bench. Throws USAGE when there is none. */
export function findLedger(choice: LedgerChoice): FoundLedger {
  if (choice.ledger !== undefined) {
    return existing(resolve(choice.ledger), ` --ledger ${choice.ledger}`, '--ledger');
  }
  if (choice.scenario !== undefined) return ofScenario(choice.scenario);
  if (choice.config !== undefined)
    return existing(loadConfig(choice.config).ledger.path, ` -c ${choice.config}`, choice.config);
  if (existsSync(DEFAULT_CONFIG)) return existing(loadConfig(DEFAULT_CONFIG).ledger.path, '', DEFAULT_CONFIG);
  const bench = recallBench();
  if (bench !== null) return { ...existing(bench.last, '', 'the last bench'), isBench: true };
  throw new CopycatError('USAGE', 'no ledger was named and none is here', {
    value: `no ${join('.', DEFAULT_CONFIG)}, no bench has run here`,
    expected: '--ledger FILE, or -c FILE with the configuration of the pair',
  });
}

function ofScenario(scenario: string): FoundLedger {
  const ledgers = recallBench()?.ledgers ?? {};
  const path = ledgers[scenario];
  if (path !== undefined) return { ...existing(path, ` --scenario ${scenario}`, 'the last bench'), isBench: true };
  const near = nearestWord(scenario, Object.keys(ledgers));
  throw new CopycatError('USAGE', `the last bench kept no ledger of a scenario ${scenario}`, {
    value: scenario,
    expected: near ?? (Object.keys(ledgers).join(', ') || 'a scenario that has run: npx copycat bench'),
  });
}

function existing(path: string, option: string, from: string): FoundLedger {
  if (existsSync(path)) return { path, option, isBench: false };
  throw new CopycatError('USAGE', `there is no ledger ${relative(process.cwd(), path) || path} (named by ${from})`, {
    value: path,
    expected: 'the SQLite file of a gateway that has run',
  });
}
