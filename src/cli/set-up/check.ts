import { checkWaysIn } from '../../config/checks/check-ways-in.js';
import { type Finding, inWeight } from '../../config/checks/finding.js';
import { examineConfigFile, inOrder } from '../../config/load/load-config.js';
import type { ConfigProblem } from '../../config/schema/explain-issue.js';
import { findingsOf } from '../../gateway/findings-of.js';
import { checkWiring, isWired } from '../../wiring/checks/check-wiring.js';
import { findConfigFile, type GatewayChoice } from '../arguments/reach-gateway.js';
import { findingLines } from '../terminal/finding-lines.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { colours, print, printJson } from '../terminal/terminal.js';

/** copycat check [FILE]: what is wrong with a configuration, and what may surprise. 2 when the gateway would refuse it, or it must not be wired so. */
export function check(options: GatewayChoice & { readonly json?: boolean }): ExitCode {
  const file = findConfigFile(options, 'check');
  const { config, problems, isInDoubt, lineOf } = examineConfigFile(file);
  const found = config === null ? [] : [...findingsOf(config), ...checkWaysIn(config)].map(inLine(lineOf));
  const refused = [...inOrder(problems).map(wrongIn), ...inWeight(found.filter(({ key }) => !isInDoubt(key)))];
  // A drawing of half a file would show what nobody has said.
  const isWhole = config !== null && problems.length === 0;
  const findings = [...refused, ...(isWhole && isWired(config) ? checkWiring(config) : [])];
  if (options.json === true) printJson(findings);
  else print(checkText(file, findings, refused.some(isError)));
  return findings.some(isError) ? 2 : 0;
}

/** What the file says wrongly, in the form of what is found in a right one. */
function wrongIn({ key, line, message }: ConfigProblem): Finding & { readonly line: number | null } {
  const where = line === null ? 'mend it' : `mend line ${line}`;
  return { severity: 'error', key, line, message, remedy: `${where}; docs/config.md has every key` };
}

/** What keeps a pair from running, with where it stands. */
function inLine(lineOf: (key: string) => number | null): (finding: Finding) => Finding {
  return (finding) => {
    const line = isError(finding) ? lineOf(finding.key) : null;
    return line === null ? finding : { ...finding, line, remedy: `in line ${line}, ${finding.remedy}` };
  };
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function checkText(file: string, findings: readonly Finding[], isRefused: boolean): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}${found === 1 ? '' : 's'}`];
  });
  const verdict = isRefused
    ? colours.red('cannot run')
    : findings.some(isError)
      ? colours.red('must not be wired so')
      : colours.green('can run');
  return [`${file}: ${[verdict, ...counts].join(', ')}`, ...findingLines(findings)].join('\n');
}
