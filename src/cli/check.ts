import { checkConfig, type Finding } from '../config/check-config.js';
import { loadConfig } from '../config/load-config.js';
import { wrap } from '../faults/wrap-text.js';
import type { ExitCode } from './report-failure.js';
import { colours, print, printJson } from './terminal.js';

/** copycat check FILE: what is wrong with a configuration, and what may surprise. 2 when the gateway would refuse it. */
export function check(file: string, options: { readonly json?: boolean }): ExitCode {
  const config = loadConfig(file);
  const findings = checkConfig(config);
  if (options.json === true) printJson(findings);
  else print(checkText(file, findings));
  return findings.some(({ severity }) => severity === 'error') ? 2 : 0;
}

function checkText(file: string, findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}${found === 1 ? '' : 's'}`];
  });
  const paint = { error: colours.red, warning: colours.yellow, note: colours.dim };
  const lines = findings.flatMap(({ severity, key, message, remedy }) => [
    '',
    `  ${paint[severity](severity)} ${colours.bold(key)}`,
    ...wrap(message, 96).map((line) => `    ${line}`),
    ...wrap(`do: ${remedy}`, 96).map((line, index) => `    ${index === 0 ? '' : '    '}${line}`),
  ]);
  const verdict = findings.some(({ severity }) => severity === 'error')
    ? colours.red('cannot run')
    : colours.green('can run');
  return [`${file}: ${[verdict, ...counts].join(', ')}`, ...lines].join('\n');
}
