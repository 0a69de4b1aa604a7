import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEATER_START, heaterStep } from '../../src/model-board/heater-reference.js';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import { FrameSplitter } from '../../src/protocol/frame-splitter.js';
import type { Message } from '../../src/protocol/messages.generated.js';
import { resultHash } from '../../src/protocol/result-hash.js';

/** Waits for values that come one by one; what came before it was asked for is kept. */
class Inbox<Value> {
  readonly #values: Value[] = [];
  #wanted: ((value: Value) => boolean) | undefined;
  #found: ((value: Value) => void) | undefined;

  put(value: Value): void {
    this.#values.push(value);
    this.#look();
  }

  next(wanted: (value: Value) => boolean): Promise<Value> {
    return new Promise((found) => {
      this.#wanted = wanted;
      this.#found = found;
      this.#look();
    });
  }

  #look(): void {
    const index = this.#wanted === undefined ? -1 : this.#values.findIndex(this.#wanted);
    if (index < 0) return;
    const value = this.#values[index] as Value; // found just above
    this.#values.splice(0, index + 1);
    this.#wanted = undefined;
    this.#found?.(value);
  }
}

describe('the heater as a process on a pseudo-terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-posix-'));
  const lines = new Inbox<string>();
  const messages = new Inbox<Message>();
  let board: ChildProcessWithoutNullStreams;
  let tty = -1;

  beforeAll(async () => {
    const harness = join(import.meta.dirname, '../../firmware-harness');
    const command = `gcc -std=gnu11 -O1 -Iinclude -Isrc -o ${folder}/heater src/*.c ports/posix/*.c apps/heater/*.c`;
    execFileSync('sh', ['-c', command], { cwd: harness });
    board = spawn(join(folder, 'heater'));
    createInterface({ input: board.stdout }).on('line', (line) => lines.put(line));
    const path = (await lines.next((line) => line.startsWith('tty '))).slice('tty '.length);
    tty = openSync(path, 'r+');
    const splitter = new FrameSplitter();
    const stream = createReadStream(path);
    stream.on('data', (chunk) => {
      for (const received of splitter.push(Buffer.from(chunk))) if (received.ok) messages.put(received.message);
    });
    stream.on('error', (error) => lines.put(`closed: ${error.message}`)); // EIO when the process ends
  });
  afterAll(() => {
    board.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const say = (message: Message) => writeSync(tty, encodeFrame(message));
  const heard = (kind: Message['kind']) => messages.next((message) => message.kind === kind);

  it('serves an input in the machine’s own time, hangs, is restarted by its watchdog and says so (R15)', async () => {
    say({ kind: 'helloRequest', session: 0, seq: 0 });
    const hello = await heard('hello');
    if (hello.kind !== 'hello') throw new Error('unreachable');
    const { boot, seq: unit } = hello;
    expect(unit).not.toBe(0); // made of the terminal's name
    say({ kind: 'open', session: 0, seq: 0, newSession: 9, wasSession: 0, boot, resume: false, nextSeq: 1 });
    await messages.next(({ kind, session }) => kind === 'hello' && session === 9);

    const payload = new Uint8Array(0);
    const input = {
      kind: 'input',
      session: 9,
      probe: false,
      recall: false,
      observedGiven: true,
      pairTimeMs: 1,
      position: 0,
    } as const;
    say({ ...input, seq: 1, observed: [204], payload });
    const result = await heard('result');
    if (result.kind !== 'result') throw new Error('unreachable');
    const { state, body } = heaterStep(HEATER_START, { payload, adc: 204 });
    expect(result.body).toEqual(body);
    say({ kind: 'commit', session: 9, seq: 1, resultHash: resultHash([result], result.digest) });
    expect(await heard('done')).toMatchObject({ seq: 1, readBack: [state.duty, 0] });
    await lines.next((line) => line === `output 9 ${state.duty}`);

    board.stdin.write('halt\n');
    expect(await messages.next((one) => one.kind === 'hello' && one.session === 0)).toMatchObject({
      boot: (boot + 1) % 2 ** 32,
      resetCause: 'watchdog',
      failed: false,
      seq: unit,
    });
  });
});
