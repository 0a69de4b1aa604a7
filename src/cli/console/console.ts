import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WallClock } from '../../clock/clock.js';
import { loadConfig } from '../../config/load/load-config.js';
import { ConsoleProcess } from '../../console/process/console-process.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { exposureTrouble, LISTEN_EXPECTED, listenAddress } from '../../private-files/listen-address.js';
import { readDropIn } from '../../service/pair-drop-in.js';
import { DEFAULT_CONFIG } from '../arguments/find-ledger.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { print, printError } from '../terminal/terminal.js';

export interface ConsoleArguments {
  /** One as the last argument, else a list. */
  readonly config?: string | readonly string[];
  readonly listen: string;
  readonly host?: readonly string[];
  readonly tokenFile?: string;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
}

const UNITS = '/etc/systemd/system';

/** copycat console: serves all pairs of this machine until Ctrl-C. Rejects with USAGE where there is none, or an address may not be used. */
export async function serve(files: readonly string[], options: ConsoleArguments): Promise<ExitCode> {
  const listen = listenAddress(options.listen);
  if (listen === null) {
    throw new CopycatError('USAGE', `${options.listen} is no address`, { expected: LISTEN_EXPECTED });
  }
  const tokenFile = options.tokenFile === undefined ? null : resolve(options.tokenFile);
  const trouble = exposureTrouble(listen, tokenFile);
  if (trouble !== null) throw new CopycatError('USAGE', `${options.listen}: ${trouble}`);
  const tls = tlsOf(options);
  if (tokenFile !== null && tls === null && exposureTrouble(listen, null) !== null) {
    printError('copycat: tokens cross the network readable: give --tls-key and --tls-cert, or put TLS in front');
  }
  const all = pairFiles([...[options.config ?? []].flat(), ...files]);
  const ended = endingSignal();
  let hasBegun = false;
  const failed = new Promise<ExitCode>((resolve) => {
    const console = new ConsoleProcess(
      { files: all, listen, hosts: options.host ?? [], tokenFile, tls },
      {
        onListening: (address) => {
          hasBegun = true;
          print(`The console of ${all.length === 1 ? 'one pair' : `${all.length} pairs`} is at ${address}`);
        },
        onTrouble: (trouble, expected) => {
          printError(`copycat: ${trouble}${expected === '' ? '' : `; expected ${expected}`}`);
          // An address that cannot be had is the caller's to mend; what fails later is tried again.
          if (hasBegun || expected === '') return;
          console.close();
          resolve(1);
        },
      },
      new WallClock(),
    );
    void ended.then(() => {
      console.close();
      resolve(0);
    });
  });
  return failed;
}

function tlsOf({ tlsKey, tlsCert }: ConsoleArguments): { readonly key: string; readonly cert: string } | null {
  if (tlsKey === undefined && tlsCert === undefined) return null;
  if (tlsKey !== undefined && tlsCert !== undefined) return { key: resolve(tlsKey), cert: resolve(tlsCert) };
  throw new CopycatError('USAGE', 'TLS takes a key and a certificate', { expected: '--tls-key FILE --tls-cert FILE' });
}

/** Each once: those that are named, else ./copycat.yaml and those of the services of this machine. */
function pairFiles(named: readonly string[]): readonly string[] {
  // Of what is named a mistake is told at once; a service whose file is wrong is shown as that.
  for (const file of named) loadConfig(file);
  const found = named.length > 0 ? named : [...(existsSync(DEFAULT_CONFIG) ? [DEFAULT_CONFIG] : []), ...ofServices()];
  const files = [...new Set(found.map((file) => resolve(file)))];
  if (files.length > 0) return files;
  throw new CopycatError('USAGE', `no pair was named, there is no ./${DEFAULT_CONFIG} here, and no service of one`, {
    expected: 'copycat console FILE, with the configuration of a pair',
  });
}

function ofServices(): readonly string[] {
  if (!existsSync(UNITS)) return [];
  return readdirSync(UNITS)
    .filter((name) => /^copycat@.+\.service\.d$/.test(name))
    .flatMap((name) => {
      const path = join(UNITS, name, '50-pair.conf');
      const file = existsSync(path) ? readDropIn(readFileSync(path, 'utf8')).configFile : null;
      return file === null ? [] : [file];
    });
}

function endingSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
