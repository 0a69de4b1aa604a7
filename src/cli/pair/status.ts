import { readStatus } from '../../api/socket/read-status.js';
import type { Status } from '../../control/contract/status.js';
import { findGateway, type GatewayChoice, silenceText } from '../arguments/reach-gateway.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { print, printError, printJson } from '../terminal/terminal.js';
import { statusText } from './status-text.js';

const WATCH_EVERY_MS = 500;

export interface StatusOptions extends GatewayChoice {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** What a gateway said of itself, or why there is none that says it. */
type Answer = { readonly status: Status } | { readonly silence: string };

/** copycat status: asks the running gateway. 0 when the pair is protected, 1 when it is not or nobody answers. */
export async function status(options: StatusOptions): Promise<ExitCode> {
  const { config, file, option } = findGateway(options, 'status');
  const ask = (): Promise<Answer> =>
    readStatus(config.controlPath).then(
      (now) => ({ status: now }),
      (error: unknown) => ({ silence: silenceText(error, file) }),
    );
  const show = (now: Status): void => {
    if (options.json === true) printJson(now);
    else print(statusText(now, { name: commandName(), option }));
  };
  if (options.watch === true) return watch(ask, show, options.json === true);
  const answer = await ask();
  if ('silence' in answer) printError(`copycat: ${answer.silence}`);
  else show(answer.status);
  return exitCode(answer);
}

/** Until Ctrl-C; the exit code is that of the last answer. A gateway that is not there yet, or no more, is waited for. */
async function watch(ask: () => Promise<Answer>, show: (now: Status) => void, json: boolean): Promise<ExitCode> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const isScreen = process.stdout.isTTY === true && !json;
  let answer = await ask();
  let silence = '';
  while (!interrupted.signal.aborted) {
    if (isScreen) process.stdout.write('\u001b[H\u001b[J');
    if ('status' in answer) {
      silence = '';
      show(answer.status);
    } else if (isScreen || answer.silence !== silence) {
      // Said once where it cannot be overwritten.
      silence = answer.silence;
      printError(`copycat: ${silence} (waiting for it; Ctrl-C ends)`);
    }
    await pause(WATCH_EVERY_MS, interrupted.signal);
    if (!interrupted.signal.aborted) answer = await ask();
  }
  return exitCode(answer);
}

/** A gateway that does not answer protects nothing, so that is 1 and no usage error. */
function exitCode(answer: Answer): ExitCode {
  return 'status' in answer && answer.status.protected ? 0 : 1;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
