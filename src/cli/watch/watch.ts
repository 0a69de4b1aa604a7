import { setTimeout as pass } from 'node:timers/promises';
import { readStatus } from '../../api/socket/read-status.js';
import type { Status } from '../../control/contract/status.js';
import { coreText, STALE_AFTER_MS } from '../../control/stale.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { openLedgerReader } from '../../ledger/reader/reader.js';
import { findGateway, type GatewayChoice, silenceText } from '../arguments/reach-gateway.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { print, printError, textWidth } from '../terminal/terminal.js';
import { type Picture, watchText } from './watch-text.js';
import { WatchedValues } from './watched-values.js';

const EVERY_MS = 1000;
const ANSWERS_WITHIN_MS = 2000;
const HOME_AND_CLEAR = '\u001b[H\u001b[J';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** copycat watch: until Ctrl-C, or until its terminal is gone. 0 when the pair was protected last, 1 when not, or nobody knows. */
export async function watch(options: GatewayChoice): Promise<ExitCode> {
  const { config, file } = findGateway(options, 'watch');
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort());
  const isScreen = process.stdout.isTTY === true;
  const looking = new Looking();
  if (isScreen) process.stdout.write(HIDE_CURSOR);
  let said = '';
  try {
    while (!ended.signal.aborted) {
      const answer = await readStatus(config.controlPath, { timeoutMs: ANSWERS_WITHIN_MS }).catch((error: unknown) =>
        silenceText(error, file),
      );
      if (typeof answer !== 'string') looking.see(answer, Date.now());
      const picture = looking.picture(Date.now(), typeof answer === 'string' ? answer : null);
      if (picture !== null) {
        if (isScreen) process.stdout.write(HOME_AND_CLEAR);
        print(`${watchText(picture, textWidth())}${isScreen ? '' : '\n'}`);
      } else if (typeof answer === 'string' && answer !== said) {
        // Once, until there is something to look at.
        printError(`copycat: ${answer} (waiting for it; Ctrl-C ends)`);
        said = answer;
      }
      await pass(EVERY_MS, undefined, { signal: ended.signal }).catch((error: unknown) => {
        if (!ended.signal.aborted) throw error;
      });
    }
  } finally {
    if (isScreen) process.stdout.write(SHOW_CURSOR);
  }
  return looking.wasProtected ? 0 : 1;
}

/** What was told last, when that was, and when what it tells of was so. */
class Looking {
  readonly #seen = new WatchedValues();
  #status: Status | null = null;
  #steppedAtMs = 0;
  #drivesSince: string | null = null;
  #isStale = true;

  get wasProtected(): boolean {
    return !this.#isStale && this.#status?.protected === true;
  }

  see(status: Status, nowMs: number): void {
    if (status.primary !== this.#status?.primary) this.#drivesSince = drivesSince(status);
    this.#status = status;
    this.#steppedAtMs = nowMs - (status.coreAgeMs ?? 0);
    this.#seen.see(status, nowMs);
  }

  /** Null: nobody has ever answered. `silence`: why there is no answer this time. */
  picture(nowMs: number, silence: string | null): Picture | null {
    if (this.#status === null) return null;
    const ageMs = nowMs - this.#steppedAtMs;
    this.#isStale = ageMs > STALE_AFTER_MS;
    const why = silence ?? coreText(ageMs);
    const stale = this.#isStale ? { sinceMs: this.#steppedAtMs, why } : null;
    return { status: this.#status, seen: this.#seen, drivesSince: this.#drivesSince, stale };
  }
}

/** As the ledger has it; null: nothing is kept of it, or this user may not read it. */
function drivesSince({ primary, ledger }: Status): string | null {
  try {
    const reader = openLedgerReader(ledger.path);
    try {
      const stands = reader.chronicle().entries.filter(({ what }) => what === 'stands');
      const other = stands.findLastIndex(({ detail }) => detail['primary'] !== primary);
      const first = stands[other + 1];
      return first === undefined ? null : new Date(first.atMs).toISOString();
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof CopycatError) return null;
    throw error;
  }
}
