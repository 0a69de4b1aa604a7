import { readStatus } from '../../api/socket/read-status.js';
import type { Status } from '../../control/contract/status.js';
import { withStaleness } from '../../control/stale.js';
import { readOpenFaults } from '../../ledger-view/open-faults.js';
import { findGateway, type GatewayChoice, silenceCode, silenceText } from '../arguments/reach-gateway.js';
import { commandName } from '../terminal/command-name.js';
import { jsonText } from '../terminal/printable.js';
import { type ExitCode, printJsonFailure } from '../terminal/report-failure.js';
import { print, printError, printJson } from '../terminal/terminal.js';
import { statusText } from './status-text.js';

const WATCH_EVERY_MS = 500;

export interface StatusOptions extends GatewayChoice {
  readonly watch?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** What a gateway said of itself, or why there is none that says it. */
type Answer = { readonly status: Status } | { readonly silence: string };

/** How an answer is shown; with `isWatched` it is one of many. */
type Show = (answer: Answer, isWatched: boolean) => void;

/** copycat status: asks the running gateway. 0 when the pair is protected, 1 when it is not or nobody answers. */
export async function status(options: StatusOptions): Promise<ExitCode> {
  const { config, file, option } = findGateway(options, 'status');
  const isJson = options.json === true;
  const ask = (): Promise<Answer> =>
    readStatus(config.controlPath).then(
      (now) => ({ status: withFaults(withStaleness(now)) }),
      (error: unknown) => ({ silence: silenceText(error, file) }),
    );
  const show: Show = (answer, isWatched) => {
    if ('silence' in answer) {
      printError(`copycat: ${answer.silence}${isWatched ? ' (waiting for it; Ctrl-C ends)' : ''}`);
      if (isJson) printJsonFailure(silenceCode(answer.silence), answer.silence, { protected: false });
    } else if (!isJson) {
      print(statusText(answer.status, { name: commandName(), option }, options.verbose === true));
    } else if (isWatched) print(jsonText(answer.status));
    else printJson(answer.status);
  };
  if (options.watch === true) return watch(ask, show, isJson);
  const answer = await ask();
  show(answer, false);
  return exitCode(answer);
}

export function withFaults(now: Status): Status {
  const faults = readOpenFaults(now.ledger.path);
  return faults === null ? now : { ...now, faults };
}

/** Until Ctrl-C; the exit code is that of the last answer. A gateway that is not there yet, or no more, is waited for. */
async function watch(ask: () => Promise<Answer>, show: Show, isJson: boolean): Promise<ExitCode> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const isScreen = process.stdout.isTTY === true && !isJson;
  let answer = await ask();
  let silence = '';
  while (!interrupted.signal.aborted) {
    if (isScreen) process.stdout.write('\u001b[H\u001b[J');
    // Silence is said once where it cannot be overwritten.
    if ('status' in answer || isScreen || answer.silence !== silence) show(answer, true);
    silence = 'silence' in answer ? answer.silence : '';
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
