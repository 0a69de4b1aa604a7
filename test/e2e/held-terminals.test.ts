import { describe, expect, it } from 'vitest';
import { PosixHeater } from './posix-pair.js';
import { PseudoTerminal } from './pseudo-terminal.js';

/** What a gateway of another file would have to meet under an old name, if any could. */
async function othersGet(name: string): Promise<string[]> {
  const others: PseudoTerminal[] = [];
  // The name goes when the kernel has closed the other end, soon after.
  for (let tries = 0; tries < 20; tries++) {
    others.push(new PseudoTerminal());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const other of others) other.unplug();
  return others.map(({ path }) => path).filter((path) => path === name);
}

describe('the name of a terminal that is gone', () => {
  it('is no other terminal’s while this process lives: one that a test made', async () => {
    const terminal = new PseudoTerminal();
    terminal.unplug();
    expect(await othersGet(terminal.path)).toEqual([]);
  });

  it('is no other terminal’s while this process lives: that of a board that has ended', async () => {
    const heater = new PosixHeater();
    const board = await heater.start(0x111);
    await board.stop();
    expect(await othersGet(board.port)).toEqual([]);
    await heater.dispose();
  });
});
