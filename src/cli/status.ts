import { existsSync } from 'node:fs';
import { loadConfig } from '../config/load-config.js';
import { readStatus } from '../control/read-status.js';
import type { Status } from '../control/status.js';
import { CopycatError } from '../errors/copycat-error.js';
import { DEFAULT_CONFIG } from './find-ledger.js';
import { type ExitCode, reportFailure } from './report-failure.js';
import { statusText } from './status-text.js';
import { print, printJson } from './terminal.js';

const WATCH_EVERY_MS = 500;

export interface StatusOptions {
  readonly config?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** copycat status: asks the running gateway. 0 when the pair is protected, 1 when it is not or nobody answers. */
export async function status(options: StatusOptions): Promise<ExitCode> {
  const path = controlPath(options);
  if (options.watch === true) return watch(path, options);
  return once(path, options);
}

/** A gateway that does not answer protects nothing, so that is 1 and no usage error. */
async function once(path: string, options: StatusOptions, clear = false): Promise<ExitCode> {
  let now: Status;
  try {
    now = await readStatus(path);
  } catch (error) {
    reportFailure(error);
    return 1;
  }
  if (clear) process.stdout.write('\u001b[H\u001b[J');
  if (options.json === true) printJson(now);
  else print(statusText(now));
  return now.protected ? 0 : 1;
}

/** Until Ctrl-C; the exit code is that of the last answer. */
async function watch(path: string, options: StatusOptions): Promise<ExitCode> {
  let code: ExitCode = 1;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  while (!interrupted.signal.aborted) {
    code = await once(path, options, process.stdout.isTTY === true && options.json !== true);
    await pause(WATCH_EVERY_MS, interrupted.signal);
  }
  return code;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function controlPath(options: StatusOptions): string {
  const file = options.config ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined);
  if (file !== undefined) return loadConfig(file).controlPath;
  throw new CopycatError('USAGE', 'no configuration was named and none is here', {
    value: `no ./${DEFAULT_CONFIG}`,
    expected: 'copycat status -c FILE, with the configuration that the gateway runs on',
  });
}
