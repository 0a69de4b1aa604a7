import { sendCommand } from '../../api/socket/send-command.js';
import { checkNotify } from '../../config/checks/check-notify.js';
import type { Config } from '../../config/config.js';
import type { CommandOutcome } from '../../control/contract/command.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { startingStatus } from '../../gateway/starting-status.js';
import { testCommands } from '../../gateway/tell/test-messages.js';
import { testOutcome } from '../../gateway/tell/test-outcome.js';
import { runCommand } from '../../notify/run-command.js';
import { findGateway } from '../arguments/reach-gateway.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { colours, print, printError, printJson } from '../terminal/terminal.js';
import type { CommandOptions } from './command.js';

/**
 * copycat notify test: each command of the configuration is called once. By the gateway where one runs, as its user and in
 * its surroundings; else from here. 0: all of them were told.
 */
export async function notifyTest(options: CommandOptions): Promise<ExitCode> {
  const { config } = findGateway(options, 'notify test');
  const { onFault, onChange, heartbeat } = config.notify;
  if (onFault === null && onChange === null && heartbeat === null) {
    throw new CopycatError('USAGE', 'this configuration tells nobody', {
      expected: 'on-fault, on-change or heartbeat in it: docs/notify.md has examples',
    });
  }
  const asked = await askGateway(config);
  const { by, outcome } = asked ?? { by: 'this command', outcome: await testHere(config) };
  const isTold = 'done' in outcome;
  const text = 'done' in outcome ? outcome.done : 'refused' in outcome ? outcome.refused : outcome.underWay;
  if (options.json === true) {
    printJson({ calledBy: by, ...outcome });
    return isTold ? 0 : 1;
  }
  print(`Called by ${by}${asked === null ? ': no gateway runs, whose user and PATH may be others' : ''}`);
  for (const line of text.split('\n')) print(`  ${/: FAILED/.test(line) ? colours.red(line) : line}`);
  for (const { key, message, remedy } of checkNotify(config)) printError(`  ${key}: ${message}; ${remedy}`);
  print(isTold ? 'Look whether it has arrived: Copycat knows only that the commands ended well.' : 'Not told.');
  return isTold ? 0 : 1;
}

/** Null: no gateway runs. */
async function askGateway({ controlPath }: Config): Promise<{ by: string; outcome: CommandOutcome } | null> {
  try {
    return { by: 'the running gateway', outcome: await sendCommand(controlPath, { command: 'notify-test' }) };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no gateway is running')) return null;
    throw error;
  }
}

async function testHere(config: Config): Promise<CommandOutcome> {
  const status = startingStatus(config, 'nothing: it does not run, this is a test', 0);
  return testOutcome(await testCommands(config, status, new Date().toISOString(), { run: runCommand }));
}
