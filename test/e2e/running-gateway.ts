import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { readStatus } from '../../src/api/socket/read-status.js';
import type { Status } from '../../src/control/contract/status.js';
import { until } from '../until.js';

/** `copycat run` as it is built, in a process of its own, asked over its control socket. */
export class RunningGateway {
  text = '';
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;

  constructor(
    readonly process: ChildProcess,
    private readonly folder: string,
  ) {
    const hear = (chunk: Buffer): void => {
      this.text += chunk.toString();
    };
    process.stdout?.on('data', hear);
    process.stderr?.on('data', hear);
    this.ended = new Promise((resolve) => process.once('close', (code, signal) => resolve({ code, signal })));
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Null: it does not answer, or there is no gateway. */
  status(): Promise<Status | null> {
    return readStatus(join(this.folder, 'pair.sock'), { timeoutMs: 10_000 }).catch(() => null);
  }

  /** The first status of which that is so. */
  async when(what: (status: Status) => boolean): Promise<Status> {
    let last: Status | null = null;
    await until(
      async () => {
        last = await this.status();
        return this.hasEnded || (last !== null && what(last));
      },
      () => `${JSON.stringify(last, null, 1)}\n${this.text}`,
    );
    if (this.hasEnded || last === null) throw new Error(`the gateway has ended\n${this.text}`);
    return last;
  }
}

/** pair.yaml of two processes as boards, with `input` and what else is wanted. */
export function pairFile(input: string, more = ''): string {
  return `boards: { a: { kind: posix, port: usb-1.2 }, b: { kind: posix, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: ${input}
deadline: 2s
probe: 100ms
ledger: { path: pair.sqlite, journal: journal }
${more}`;
}
