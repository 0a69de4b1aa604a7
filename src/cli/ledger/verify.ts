import { CopycatError } from '../../errors/copycat-error.js';
import { findingLine } from '../../ledger/verify/finding.js';
import { type Verification, verifyLedger } from '../../ledger/verify/verify-ledger.js';
import { findLedger, type LedgerChoice } from '../arguments/find-ledger.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { colours, print, printJson } from '../terminal/terminal.js';

export interface VerifyOptions extends Omit<LedgerChoice, 'ledger'> {
  readonly json?: boolean;
}

/** copycat ledger verify: one line a finding; 0 when every ledger is sound, 1 when one is not. Throws USAGE for what is no ledger. */
export function verify(file: string | undefined, options: VerifyOptions): ExitCode {
  const { ledgers, isBench } = findLedger(file === undefined ? options : { ...options, ledger: file });
  const all = ledgers.map(({ path, scenario }) => ({ scenario, ...verifyOne(path) }));
  const isSound = all.every(({ findings }) => findings.length === 0);
  if (options.json === true) printJson(all);
  else for (const verification of all) tell(verification, isBench);
  return isSound ? 0 : 1;
}

/** What cannot be looked at cannot be called sound, and is no finding either. */
function verifyOne(path: string): Verification {
  try {
    return verifyLedger(path);
  } catch (error) {
    if (!(error instanceof CopycatError) || error.code !== 'LEDGER_UNAVAILABLE') throw error;
    throw new CopycatError('USAGE', error.message, {
      value: error.value,
      expected: 'the file of a ledger',
      cause: error,
    });
  }
}

function tell(
  { path, scenario, findings, notes }: Verification & { readonly scenario: string | null },
  isBench: boolean,
): void {
  const name = isBench && scenario !== null ? `${scenario}, ${shortPath(path)}` : shortPath(path);
  for (const note of notes) print(colours.dim(`note: ${note}`));
  for (const finding of findings) print(findingLine(finding));
  const count = `${findings.length} finding${findings.length === 1 ? '' : 's'}`;
  print(findings.length === 0 ? `${name}: nothing found` : colours.bold(`${name}: ${count}`));
}
