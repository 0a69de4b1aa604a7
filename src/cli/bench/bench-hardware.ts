import { resolve } from 'node:path';
import { chosenScenarios } from '../../bench/hardware/hardware-bench.js';
import type { HardwareReport } from '../../bench/hardware/hardware-report.js';
import { HARDWARE_SCENARIOS } from '../../bench/hardware/hardware-scenarios.js';
import { runHardwareBench } from '../../bench/hardware/run-hardware-bench.js';
import { isPayloadText, PAYLOAD_EXPECTED } from '../../bench/payload-limit.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { wrap } from '../../faults/wrap-text.js';
import { findGateway, type GatewayChoice } from '../arguments/reach-gateway.js';
import { refuseBesideGateway, refuseEmulated } from '../arguments/refuse-beside-gateway.js';
import { createAsker } from '../terminal/asker.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { waitingFor } from '../terminal/sign-of-life.js';
import { colours, print, printError, printJson, textWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

export interface HardwareArguments extends GatewayChoice {
  readonly inputs: number;
  readonly payload: string;
  readonly every: number;
  readonly list?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly keep?: string;
}

const FOLDER = '.copycat/hardware';

/** copycat bench --hardware: loses the boards of a real pair on purpose. 0 when every promise held. */
export async function benchHardware(names: readonly string[], options: HardwareArguments): Promise<ExitCode> {
  if (options.list === true) return list(options.json === true);
  chosenScenarios(names);
  const payload = payloadOf(options.payload);
  const { config, file } = findGateway(options, 'bench --hardware');
  refuseEmulated(config, 'lose: they are what copycat bench plays with');
  await refuseBesideGateway(config, file);
  if (options.yes !== true && !(await isIsolated())) {
    printError('copycat: nothing was touched');
    return 1;
  }
  const rows: string[][] = [['scenario', 'held', 'answered', 'noticed', 'relay moved', 'drives']];
  const reports = await waitingFor('the boards', (sign) =>
    runHardwareBench(config, {
      scenarios: names,
      inputs: options.inputs,
      payload,
      everyMs: options.every,
      folder: resolve(options.keep ?? FOLDER),
      onStart(scenario) {
        printError(`copycat: ${scenario}`);
        sign.say(scenario);
      },
      onReport: (report) => rows.push(rowOf(report)),
    }),
  );
  if (options.json === true) printJson(reports);
  else print([textTable(rows, [2, 3, 4]), ...reports.flatMap(detailsOf), summaryOf(reports)].join('\n'));
  return reports.every(({ held }) => held !== false) ? 0 : 1;
}

function list(json: boolean): ExitCode {
  if (json) {
    printJson(HARDWARE_SCENARIOS.map(({ name, promise, needs }) => ({ name, promise, needs })));
    return 0;
  }
  for (const { name, promise, needs } of HARDWARE_SCENARIOS) {
    print(`  ${colours.bold(name)}${needs === 'reset' ? ' (needs the RESET lines of both boards)' : ''}`);
    for (const line of wrap(promise, textWidth() - 6)) print(`      ${line}`);
  }
  return 0;
}

/** `40069001`, or nothing. */
function payloadOf(text: string): Uint8Array {
  if (isPayloadText(text)) return Buffer.from(text, 'hex');
  throw new CopycatError('USAGE', `--payload ${text} is no payload`, {
    value: text,
    expected: PAYLOAD_EXPECTED,
  });
}

async function isIsolated(): Promise<boolean> {
  printError('This restarts both boards again and again and switches the relay. The actuator must not be connected.');
  const asker = createAsker();
  try {
    return /^y(es)?$/i.test(await asker.ask('Is the actuator disconnected (yes, no)', 'no'));
  } finally {
    asker.close();
  }
}

const ms = (value: number | null): string => (value === null ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} ms`);

function rowOf(report: HardwareReport): string[] {
  const { scenario, held, inputs, answered, noticedMs, movedMs, drives } = report;
  const verdict = held === null ? 'not played' : held ? colours.green('yes') : colours.red('NO');
  if (held === null) return [scenario, verdict, '–', '–', '–', '–'];
  return [scenario, verdict, `${answered} / ${inputs}`, ms(noticedMs), ms(movedMs), drives];
}

function detailsOf({ scenario, skipped, broken }: HardwareReport): readonly string[] {
  const said = skipped === null ? broken : [skipped];
  return said.map((text) => `  ${scenario}: ${text}`);
}

function summaryOf(reports: readonly HardwareReport[]): string {
  const played = reports.filter(({ held }) => held !== null);
  const held = played.filter((report) => report.held === true).length;
  const left = reports.length - played.length;
  return `${held} of ${played.length} held${left > 0 ? `, ${left} could not be played` : ''}; judged by the answers and the feedback line, not at the actuator`;
}
