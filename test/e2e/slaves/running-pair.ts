import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { removePairFolder } from '../../remove-pair-folder.js';
import { until } from '../../until.js';

const MAIN = resolve('dist/cli/main.js');

/** `copycat run` as a process of its own, on boards of the test's behind pseudo-terminals, without a relay: they only answer. */
export class RunningPair {
  #said = '';

  private constructor(
    readonly folder: string,
    private readonly memory: string,
    private readonly gateway: ChildProcess,
  ) {
    gateway.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
  }

  /** `board`: of each besides its port; `protocol` and `input` as YAML. */
  static async start(
    paths: readonly [string, string],
    { board, protocol, input }: { readonly board: string; readonly protocol: string; readonly input: string },
  ): Promise<RunningPair> {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-masters-'));
    const memory = mkdtempSync('/dev/shm/copycat-masters-');
    const config = `boards:
  a: { ${board}, port: ${paths[0]} }
  b: { ${board}, port: ${paths[1]} }
relay: none
outputs: none
protocol: ${protocol}
input: ${input}
ledger: { journal: ${memory} }
`;
    writeFileSync(join(folder, 'copycat.yaml'), config);
    const gateway = spawn(process.execPath, [MAIN, 'run', '-c', 'copycat.yaml'], { cwd: folder });
    const pair = new RunningPair(folder, memory, gateway);
    await pair.says('"inputs":');
    return pair;
  }

  /** Of the first input over TCP. */
  get port(): number {
    return Number(/tcp:\/\/127\.0\.0\.1:(\d+)/.exec(this.#said)?.[1]);
  }

  async says(text: string): Promise<void> {
    await until(
      () => this.#said.includes(text),
      () => this.#said,
      20,
    );
  }

  dispose(): void {
    this.gateway.kill('SIGKILL');
    removePairFolder(this.folder, this.memory);
  }
}
