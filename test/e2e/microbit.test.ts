import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../until.js';
import { Microbit } from './slaves/microbit.js';
import { SlaveGateway } from './slaves/slave-gateway.js';

/** Two emulated micro:bits with Debian's MicroPython, paired as they are by the profile `prompt`. */

let boards: readonly [Microbit, Microbit];
let pair: SlaveGateway;
let keyboard: Socket | null = null;

afterEach(async () => {
  keyboard?.destroy();
  keyboard = null;
  await pair.dispose();
  for (const board of boards) await board.dispose();
});

async function start(): Promise<void> {
  boards = [await Microbit.start(), await Microbit.start()];
  pair = await SlaveGateway.start({
    paths: [boards[0].path, boards[1].path],
    board: 'kind: serial, line: 115200-8N1',
    protocol: "{ profile: prompt, deadline: 2s, banner: '^MicroPython ', identity: [import sys, sys.version] }",
    input: "{ listen: 'tcp://127.0.0.1:0', framing: lines }",
  });
  keyboard = connect(pair.port, '127.0.0.1');
  await pair.until(() => pair.status.protected);
}

/** What is shown from a line on that somebody types, to the next prompt. */
async function type(line: string, prompt = '>>> '): Promise<string> {
  let shown = '';
  const hear = (bytes: Buffer): void => {
    shown += bytes.toString('latin1');
  };
  keyboard?.on('data', hear);
  keyboard?.write(`${line}\r`);
  await until(
    () => shown.endsWith(prompt),
    () => [line, shown, pair.status],
    10,
  );
  keyboard?.off('data', hear);
  return shown;
}

describe('two micro:bits with MicroPython', () => {
  it('R2, R9, R31: are one to whoever types, and the second goes on where the first hangs, giving nothing twice', async () => {
    await start();
    expect(await type('1 + 1')).toBe('1 + 1\r\n2\r\n>>> ');
    expect(await type('')).toBe('\r\n>>> ');
    expect(await type('x = 38')).toBe('x = 38\r\n>>> ');
    expect(await type('1 / 0')).toMatch(/^1 \/ 0\r\nTraceback [\s\S]*ZeroDivisionError: division by zero\r\n>>> $/);
    // A block is several lines, each with a prompt of its own.
    expect(await type('for i in (7, 8): print(i)', '... ')).toBe('for i in (7, 8): print(i)\r\n... ');
    expect(await type('')).toBe('\r\n7\r\n8\r\n>>> ');
    expect(await type('while x < 40:', '...     ')).toBe('while x < 40:\r\n...     ');
    expect(await type('x = x + 1', '...     ')).toBe('x = x + 1\r\n...     ');
    expect(await type('', '...     ')).toBe('\r\n...     ');
    expect(await type('', '... ')).toBe('\r\n... ');
    expect(await type('')).toBe('\r\n>>> ');
    expect(pair.status.primary).toBe('a');

    boards[0].halt();
    expect(await type('x = x + 2')).toBe('x = x + 2\r\n>>> ');
    expect(pair.status.primary).toBe('b');
    expect(pair.gpio.done).toContain('GPIO17=1');
    expect(await type('x')).toBe('x\r\n42\r\n>>> ');
  });

  it('R15: one that begins anew is known by what it says when it starts, and the other has what it had', async () => {
    await start();
    expect(await type('x = 40')).toBe('x = 40\r\n>>> ');
    boards[0].restart();
    await pair.until(() => pair.status.primary === 'b');
    expect(await type('x')).toBe('x\r\n40\r\n>>> ');
  });
});
