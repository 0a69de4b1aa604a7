import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LineBoard } from './slaves/line-board.js';
import { LineClient } from './slaves/line-client.js';
import { ModbusSlave } from './slaves/modbus-slave.js';
import { RunningPair } from './slaves/running-pair.js';

/** Programs that people have, with their default time-outs, at `copycat run` while the primary is killed: they see no error. */

const toEnd: (() => void)[] = [];
afterEach(() => {
  for (const end of toEnd.splice(0).reverse()) end();
});

function run(program: string, ...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((done) => {
    execFile(program, words, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : 1, said: stdout + stderr });
    });
  });
}

async function slavesServed() {
  const slaves = [new ModbusSlave(5), new ModbusSlave(5)] as const;
  toEnd.push(...slaves.map((slave) => () => slave.dispose()));
  const pair = await RunningPair.start([slaves[0].path, slaves[1].path], {
    board: 'kind: serial, line: 19200-8E1, address: 5',
    protocol: '{ profile: modbus-rtu, deadline: 400ms, answer-within: 900ms, watch: { holding: 0-7 } }',
    input:
      "[{ listen: 'tcp://127.0.0.1:0', framing: modbus-tcp, units: { 5: pair } }, { listen: 'pty:port', framing: modbus-rtu, units: { 5: pair } }]",
  });
  toEnd.push(() => pair.dispose());
  // The gateway asks of its own only while somebody upstream does: a master's first questions let the second slave join.
  const ask = () =>
    run('mbpoll', '-m', 'tcp', '-p', `${pair.port}`, '-a', '5', '-0', '-r', '0', '-c', '2', '-1', '127.0.0.1');
  let isProtected = false;
  const asking = (async () => {
    while (toEnd.length > 0 && !isProtected) await ask();
  })();
  await pair.says('PROTECTED · both boards agree').finally(() => {
    isProtected = true;
  });
  await asking;
  return { slaves, pair };
}

const ROUNDS = 20;
/** The write of this round is the first that the primary does not answer. */
const KILLED_IN_ROUND = 9;

/** It hangs with a write in its hands. */
function killInRound(slave: ModbusSlave): void {
  slave.onRequest = (pdu) => {
    const [code, , address, , value] = pdu;
    if (code === 6 && address === 0 && value === KILLED_IN_ROUND) slave.isHalted = true;
  };
}

const ALL_WELL = {
  registers: [17, 18, 19],
  coils: [false, true, false],
  reads: Array.from({ length: ROUNDS }, (_, round) => [round]),
};

const master = (name: string): string => join(import.meta.dirname, 'modbus-masters', name);

describe('masters with their default time-outs, while the primary is killed', () => {
  it.each([
    { name: 'python3-pymodbus', program: '/usr/bin/python3', script: 'pymodbus-master.py' },
    { name: 'modbus-serial of npm', program: process.execPath, script: 'modbus-serial-master.mjs' },
  ])('R31: $name over TCP sees no error, and each of its writes is done once', async ({ program, script }) => {
    const { slaves, pair } = await slavesServed();
    const [a, b] = slaves;
    killInRound(a);
    const { said } = await run(program, master(script), 'tcp', `${pair.port}`, '5', `${ROUNDS}`);
    expect(JSON.parse(said)).toMatchObject(ALL_WELL);
    expect(a.isHalted).toBe(true);
    const rounds = (slave: ModbusSlave): number[] =>
      slave.writes.filter(({ address }) => address === 0).map(({ value }) => value);
    expect(rounds(a)).toEqual(Array.from({ length: KILLED_IN_ROUND }, (_, round) => round));
    expect(rounds(b)).toEqual(Array.from({ length: ROUNDS }, (_, round) => round));
  });

  it('mbpoll over a pseudo-terminal and over TCP sees no error', async () => {
    const { slaves, pair } = await slavesServed();
    const overTcp = ['-m', 'tcp', '-p', `${pair.port}`, '-a', '5', '-0', '-1'];
    const overPty = ['-m', 'rtu', '-b', '19200', '-P', 'none', '-a', '5', '-0', '-1'];
    expect(await run('mbpoll', ...overTcp, '-r', '0', '127.0.0.1', '41')).toMatchObject({ code: 0 });
    slaves[0].isHalted = true;
    const read = await run('mbpoll', ...overPty, '-r', '0', '-c', '1', join(pair.folder, 'port'));
    expect(read.said).toMatch(/\[0\]:\s+41/);
    expect(read.code).toBe(0);
    expect(await run('mbpoll', ...overTcp, '-r', '0', '127.0.0.1', '42')).toMatchObject({ code: 0 });
    expect(slaves.map(({ holding }) => holding.get(0))).toEqual([41, 42]);
  });

  it('a line client sees no error', async () => {
    const boards = [new LineBoard(), new LineBoard()] as const;
    toEnd.push(...boards.map((board) => () => board.dispose()));
    const pair = await RunningPair.start([boards[0].path, boards[1].path], {
      board: 'kind: serial, line: 115200-8N1',
      protocol: '{ profile: lines-ok, deadline: 400ms, probe: GET }',
      input: "{ listen: 'tcp://127.0.0.1:0', framing: lines }",
    });
    toEnd.push(() => pair.dispose());
    await pair.says('PROTECTED · both boards agree');
    const client = await LineClient.connect(pair.port);
    toEnd.push(() => client.end());
    const said: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      if (round === KILLED_IN_ROUND) boards[0].isHalted = true;
      client.send(`SET ${round}`);
      said.push(await client.line());
    }
    expect(said).toEqual(Array.from({ length: ROUNDS }, () => 'ok'));
    expect(boards[1].sets).toEqual(Array.from({ length: ROUNDS }, (_, round) => String(round)));
  });
});
