import type { Finding } from '../../config/checks/check-config.js';
import type { Config } from '../../config/config.js';
import { wrap } from '../../faults/wrap-text.js';
import { commandName } from '../terminal/command-name.js';
import { shortPath } from '../terminal/short-path.js';
import { errorColours as colours, printError, textWidth } from '../terminal/terminal.js';
import { timeText } from '../terminal/time-text.js';
import { printLogLine } from './run-words.js';

interface Begun {
  readonly config: Config;
  readonly file: string;
  readonly findings: readonly Finding[];
  /** Where inputs are taken in. */
  readonly addresses: readonly string[];
}

/** Says that the gateway has begun: to a person in rows, to a program as a line of the log. */
export function introduce(begun: Begun, isTerminal: boolean): void {
  if (isTerminal) {
    for (const line of introduction(begun)) printError(line);
    return;
  }
  const { config, findings, addresses } = begun;
  const warnings = findings.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
  const boards = config.boards.map(({ board }) => board);
  printLogLine('info', `${config.name} runs`, { boards, inputs: addresses, ledger: config.ledger.path, warnings });
}

export function isEmulated(config: Config): boolean {
  return config.boards.some(({ port }) => port.type === 'emulated');
}

function endText(config: Config): string {
  const { kind } = config.relay;
  const hasRelay = isEmulated(config) || (kind !== 'none' && kind !== 'emulated');
  return hasRelay ? 'Ctrl-C; the relay then stays where it is' : 'Ctrl-C';
}

function emulatedText(config: Config): string {
  if (!isEmulated(config)) return '';
  const world = config.protocol.dialect === 'harness' ? 'relay and oven' : 'relay';
  return `, emulated, as ${world === 'relay' ? 'is' : 'are'} their ${world}: nothing real is driven`;
}

/** How to say something to it, where that is not what its clients say already. */
function framingRows({ inputs, protocol }: Config): readonly (readonly [string, string])[] {
  if (!inputs.some((input) => 'access' in input && input.access.framing === 'json-lines')) return [];
  const payload = protocol.dialect === 'modbus' ? '050300000001' : '40069001';
  return [['', `one JSON object a line, such as {"id": 1, "payload": "${payload}"}`]];
}

/** What runs, where inputs come in, how to look at it and how to end it. */
function introduction({ config, file, findings, addresses }: Begun): readonly string[] {
  const names = config.boards.map(({ board }) => board).join(' and ');
  const command = commandName();
  const rows: readonly (readonly [string, string])[] = [
    ['boards', `${names}${emulatedText(config)}`],
    ...(config.thirdCopy === null ? [] : [['third copy', shortPath(config.thirdCopy.image)] as const]),
    ['inputs', addresses.join('; ')],
    ...framingRows(config),
    ['ledger', shortPath(config.ledger.path)],
    ['look at it', `${command} status -c ${file} --watch`],
    ['faults', `${command} faults -c ${file}`],
    ['times', `of this host, ${timeText(Date.now()).slice('2026-11-30 17:44:15 '.length)}`],
    ['end it', endText(config)],
    ...findings
      .filter(({ severity }) => severity === 'warning')
      .map(({ message }) => ['warning', `${message} (${command} check ${file} says what to do)`] as const),
  ];
  return [
    `copycat: ${colours.bold(config.name)} runs`,
    ...rows.flatMap(([name, text]) =>
      wrap(text, textWidth(process.stderr) - 14).map((line, row) => `  ${(row === 0 ? name : '').padEnd(12)}${line}`),
    ),
  ];
}
