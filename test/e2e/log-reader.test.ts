import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Status } from '../../src/control/contract/status.js';
import { until } from '../until.js';
import { CookedTerminal } from './cooked-terminal.js';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway } from './running-gateway.js';

/** `copycat run` as it is built, with somebody at the other end of its standard error who stops, dies or has a full disk. */

const machine = new NewcomerMachine();
let gateway: RunningGateway;

beforeAll(async () => {
  await machine.setUp();
  writeFileSync(join(machine.folder, 'pair.yaml'), pairFile('every 50ms'));
});
afterEach(async () => {
  gateway.process.kill('SIGKILL');
  await gateway.ended;
});
afterAll(() => machine.dispose());

function run(stderr: 'pipe' | number): RunningGateway {
  gateway = new RunningGateway(
    machine.spawn(['run', '-c', 'pair.yaml'], { stdio: ['ignore', stderr, stderr] }),
    machine.folder,
  );
  return gateway;
}

/** It serves and takes over, and each of that is worth lines of the log. */
async function switchOver(): Promise<Status> {
  const before = await gateway.when((status) => status.protected);
  expect((await machine.run(['switch', '-c', 'pair.yaml'], '')).code).toBe(0);
  return await gateway.when(
    (now) => now.primary !== before.primary && now.protected && now.inputs.answered > before.inputs.answered + 20,
  );
}

describe('R32: whoever reads the log of copycat run', () => {
  it('dies (tee, journald): the pair is served, what is lost is counted and said, one SIGTERM ends it in order', async () => {
    run('pipe');
    await gateway.when((status) => status.protected);
    gateway.process.stdout?.destroy();
    gateway.process.stderr?.destroy();
    await switchOver();
    const status = await gateway.when(({ log }) => log !== undefined && log.droppedLines > 0 && log.trouble !== null);
    expect(status.warnings.join('\n')).toContain('the log does not get out');
    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  it('has a full disk from the first line on: the same', async () => {
    const full = openSync('/dev/full', 'a');
    run(full);
    closeSync(full);
    await switchOver();
    await gateway.when(({ log }) => log !== undefined && log.droppedLines > 0 && log.trouble !== null);
    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  it('stops the terminal (Ctrl-S): the pair is served, after Ctrl-Q the lines are shown, a signal ends it while it is stopped', async () => {
    const terminal = new CookedTerminal();
    run(terminal.slave);
    await gateway.when((status) => status.protected);
    await until(() => terminal.read().includes('both boards agree'));
    terminal.stop();
    const shown = terminal.read().length;
    await switchOver();
    await gateway.when(({ log }) => log?.trouble?.includes('Ctrl-Q') === true);
    expect(terminal.read()).toHaveLength(shown);
    terminal.goOn();
    await until(() => terminal.read().slice(shown).includes('copycat faults show'));
    const after = await gateway.when(({ log }) => log?.trouble === null);
    expect(after.log?.droppedLines).toBe(0);

    terminal.stop();
    await switchOver();
    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    terminal.close();
  });
});
