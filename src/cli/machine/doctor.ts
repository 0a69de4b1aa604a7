import { existsSync } from 'node:fs';
import { loadConfig } from '../../config/load/load-config.js';
import type { DoctorFinding, Verdict } from '../../doctor/doctor-finding.js';
import { examine } from '../../doctor/examine.js';
import { thisMachine } from '../../doctor/machine/this-machine.js';
import { wrap } from '../../faults/wrap-text.js';
import { DEFAULT_CONFIG } from '../arguments/find-ledger.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { waitingFor } from '../terminal/sign-of-life.js';
import { colours, print, printJson, textWidth } from '../terminal/terminal.js';
import { tryNativeModules } from './try-native-modules.js';

export interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** copycat doctor: what of this machine may keep a pair from working, each with its fix. 1 when something has to be mended. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const file = options.config ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null);
  const config = file === null ? null : loadConfig(file);
  const findings = await waitingFor('looking at this machine', async (sign) => {
    sign.sayNow('looking at this machine');
    return examine(await thisMachine(await tryNativeModules()), config);
  });
  if (options.json === true) printJson(findings);
  else print(doctorText(findings, file));
  return findings.some(({ verdict }) => verdict === 'mend') ? 1 : 0;
}

const ORDER: readonly Verdict[] = ['mend', 'note', 'right'];
const SIGNS: Readonly<Record<Verdict, string>> = { mend: '✗', note: '·', right: '✓' };

/** What has to be mended first, with its fix; what is right last, in a line each. */
export function doctorText(findings: readonly DoctorFinding[], file: string | null): string {
  const paint = { mend: colours.red, note: colours.yellow, right: colours.green };
  const toMend = findings.filter(({ verdict }) => verdict === 'mend').length;
  const verdict = toMend === 0 ? colours.green('nothing to mend') : colours.red(`${toMend} to mend`);
  const lines = ORDER.flatMap((kind) =>
    findings
      .filter((finding) => finding.verdict === kind)
      .flatMap(({ about, found, fix, commands }) => [
        ...wrap(`${about}: ${found}`, textWidth() - 4).map((line, row) =>
          row === 0 ? `${paint[kind](SIGNS[kind])} ${line}` : `    ${line}`,
        ),
        ...(fix === null
          ? []
          : wrap(`do: ${fix}${commands.length > 0 ? ':' : ''}`, textWidth() - 4).map((line) => `    ${line}`)),
        ...commands.map((command) => `        ${command}`),
      ]),
  );
  const of = file === null ? 'this machine (with -c FILE also what one pair needs)' : `this machine, for ${file}`;
  return [`${of}: ${verdict}`, '', ...lines].join('\n');
}
