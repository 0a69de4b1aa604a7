import { surveyPorts } from '../../serial/ports/survey-ports.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { printJson, printText } from '../terminal/terminal.js';
import { portsText } from './ports-text.js';

export interface PortsOptions {
  readonly json?: boolean;
}

/** copycat ports: what is plugged in, and how a configuration calls it. 1 when there is none. */
export async function ports(options: PortsOptions): Promise<ExitCode> {
  const found = await surveyPorts();
  if (options.json === true) printJson(found.map(({ sysFolder: _, ...port }) => port));
  else printText(portsText(found));
  return found.length === 0 ? 1 : 0;
}
