import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { heartbeatSchema, type Told, toldChangeSchema, toldFaultSchema } from '../../src/control/contract/told.js';
import { until } from '../until.js';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway } from './running-gateway.js';

/** `copycat run` as it is built, with commands that tell somebody, on boards that are pulled out. */

const machine = new NewcomerMachine();
const file = (name: string): string => join(machine.folder, name);
let gateway: RunningGateway;

beforeAll(async () => {
  await machine.setUp();
  // What was told, an object a line; it fails, or hangs, while there is a file that says so.
  writeFileSync(
    file('tell.sh'),
    '#!/bin/sh\ncd "$(dirname "$0")" || exit 1\n[ -e "$1-hangs" ] && { touch "$1-has-hung"; sleep 1000; }\n[ -e "$1-fails" ] && { echo no network >&2; exit 7; }\ncat >> "$1.told"\n',
  );
  chmodSync(file('tell.sh'), 0o755);
  const commands = `on-fault: ./tell.sh fault
on-change: ./tell.sh change
heartbeat: { every: 1s, command: ./tell.sh heartbeat }
`;
  writeFileSync(file('pair.yaml'), pairFile('every 50ms', commands));
});
afterEach(async () => {
  gateway.process.kill('SIGKILL');
  await gateway.ended;
});
afterAll(() => machine.dispose());

function run(): void {
  gateway = new RunningGateway(machine.spawn(['run', '-c', 'pair.yaml'], { stdio: 'pipe' }), machine.folder);
}

function told(kind: 'fault' | 'change' | 'heartbeat'): Told[] {
  if (!existsSync(file(`${kind}.told`))) return [];
  const lines = readFileSync(file(`${kind}.told`), 'utf8')
    .split('\n')
    .slice(0, -1);
  const schema = { fault: toldFaultSchema, change: toldChangeSchema, heartbeat: heartbeatSchema }[kind];
  return lines.map((line) => schema.parse(JSON.parse(line)));
}

const faultsTold = () => told('fault').flatMap((one) => (one.kind === 'fault' ? [one] : []));

describe('somebody who is told', () => {
  it('R32: hangs while a board fails: the other takes over, a kill of the gateway loses nothing, the next tells it', async () => {
    run();
    await gateway.when((status) => status.protected);
    await until(() => told('heartbeat').some((beat) => beat.kind === 'heartbeat' && beat.now.protected));
    writeFileSync(file('fault-hangs'), '');
    writeFileSync(file('change-fails'), '');
    await machine.unplug('a');
    await until(() => existsSync(file('fault-has-hung')));
    const before = await gateway.when(({ primary }) => primary === 'b');
    // The pair goes on, with a command that hangs and one that fails.
    const after = await gateway.when(
      ({ inputs, warnings }) =>
        inputs.answered > before.inputs.answered + 20 &&
        warnings.some((one) => one.startsWith('on-change tells nobody')),
    );
    expect(after.warnings.join('\n')).toContain('on-change tells nobody: exit code 7: no network');
    expect(after.telling?.map(({ command, waiting }) => [command, waiting])).toEqual([
      ['on-fault', expect.any(Number)],
      ['on-change', 1],
      ['heartbeat', 0],
    ]);
    gateway.process.kill('SIGKILL');
    await gateway.ended;
    expect(faultsTold()).toEqual([]);

    rmSync(file('fault-hangs'));
    rmSync(file('change-fails'));
    await machine.plug('a');
    run();
    await gateway.when((status) => status.protected);
    await until(() => faultsTold().some(({ fault }) => fault.code === 'gateway-restarted'));
    const unplugged = faultsTold().filter(({ fault }) => fault.board === 'a');
    expect(unplugged).toHaveLength(1);
    expect(unplugged[0]?.text).toMatch(/board b took over/);
    // As it stands in the ledger.
    const shown = await machine.run(
      ['faults', 'show', String(unplugged[0]?.fault.id), '-c', 'pair.yaml', '--json'],
      '',
    );
    const stored: unknown = JSON.parse(shown.text);
    const { id, code, title, board, seq, atUs, evidence } = unplugged[0]?.fault ?? {};
    expect(stored).toMatchObject({ id, code, title, board, seq, atUs, evidence });
    await until(() => told('change').some((one) => one.title === 'pair: PROTECTED, board b drives'));
  });

  it('is tried out by a person: by the running gateway, and without one from where that person is', async () => {
    run();
    await gateway.when((status) => status.protected);
    writeFileSync(file('change-fails'), '');
    const failed = await machine.run(['notify', 'test', '-c', 'pair.yaml'], '');
    expect(failed.text).toContain('Called by the running gateway');
    expect(failed.text).toContain('on-change: FAILED, exit code 7: no network');
    expect(failed.code).toBe(1);
    rmSync(file('change-fails'));
    gateway.process.kill('SIGTERM');
    await gateway.ended;
    const right = await machine.run(['notify', 'test', '-c', 'pair.yaml'], '');
    expect(right.text).toContain('no gateway runs');
    expect(right.text).toMatch(/on-fault: told\n {2}on-change: told\n {2}heartbeat: told/);
    expect(right.code).toBe(0);
    for (const kind of ['fault', 'change', 'heartbeat'] as const) expect(told(kind).at(-1)?.test).toBe(true);
  });
});
