import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkConfig } from '../../config/checks/check-config.js';
import { parseConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { listPorts } from '../../serial/ports/list-ports.js';
import { createAsker, silentAsker } from '../terminal/asker.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { print, printError } from '../terminal/terminal.js';
import { configText } from './init/config-text.js';
import { interview } from './init/interview.js';

export interface InitOptions {
  /** Where it is written. */
  readonly output: string;
  readonly force?: boolean;
  /** Nothing is asked. */
  readonly yes?: boolean;
}

/** copycat init: asks a few questions, finds the boards, writes a configuration with comments. */
export async function init(options: InitOptions): Promise<ExitCode> {
  const path = resolve(options.output);
  if (existsSync(path) && options.force !== true) {
    throw new CopycatError('USAGE', `${options.output} is there already`, {
      value: path,
      expected: 'another name (-o FILE), or --force to write over it',
    });
  }
  mustBeWritable(path);
  const ports = await listPorts();
  if (ports.every(({ usb }) => usb === null)) {
    printError(`No USB serial port is plugged in now: places are guessed. ${commandName()} ports shows what is there.`);
  }
  const asker = options.yes === true ? silentAsker : createAsker();
  try {
    const text = configText(await interview(asker, ports));
    // What was just written together has to be sound before it stands in a file.
    const config = parseConfig(text, options.output, dirname(path));
    writeFileSync(path, text);
    const findings = checkConfig(config);
    const command = commandName();
    print(`${options.output} is written.`);
    for (const { severity, key, message } of findings.filter(({ severity }) => severity !== 'note')) {
      print(`  ${severity}: ${key}: ${message}`);
    }
    // Commands find a configuration of the usual name by themselves.
    const isUsual = options.output === 'copycat.yaml';
    const [file, choice] = isUsual ? ['', ''] : [` ${options.output}`, ` -c ${options.output}`];
    const next = [`flash both${choice}`, `wiring${file}`, `doctor${choice}`, `commission${choice}`];
    print(`Next: ${next.map((words) => `${command} ${words}`).join(' · ')}`);
    return 0;
  } finally {
    asker.close();
  }
}

/** Before anything is asked: nobody answers a dozen questions for nothing. */
function mustBeWritable(path: string): void {
  try {
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
  } catch (cause) {
    throw new CopycatError('USAGE', `the configuration cannot be written to ${path}`, {
      value: path,
      expected: 'a file in a folder that is there and may be written to (-o FILE)',
      cause,
    });
  }
}
