import { afterEach, describe, expect, it } from 'vitest';
import { LineClient } from './slaves/line-client.js';
import { ModbusSlave } from './slaves/modbus-slave.js';
import { SlaveGateway } from './slaves/slave-gateway.js';

/** A gateway on two slaves that this test is, behind real pseudo-terminals; inputs come as JSON lines, their bytes as they are. */

let slaves: readonly [ModbusSlave, ModbusSlave];
let pair: SlaveGateway;
let client: LineClient;

async function start(
  protocol = '{ profile: modbus-rtu, deadline: 400ms, watch: { holding: 0-3 } }',
  prepare: (a: ModbusSlave, b: ModbusSlave) => void = () => undefined,
): Promise<void> {
  slaves = [new ModbusSlave(5), new ModbusSlave(5)];
  prepare(...slaves);
  pair = await SlaveGateway.start({
    paths: [slaves[0].path, slaves[1].path],
    board: 'kind: serial, line: 19200-8E1, address: 5',
    ...{ protocol, input: 'tcp://127.0.0.1:0' },
  });
  client = await LineClient.connect(pair.port);
}

afterEach(async () => {
  client.end();
  await pair.dispose();
  for (const slave of slaves) slave.dispose();
});

let asked = 0;

/** The answer's bytes, in hexadecimal. */
async function ask(payload: string): Promise<unknown> {
  const id = ++asked;
  client.send(JSON.stringify({ id, payload }));
  const line = await client.line((text) => (JSON.parse(text) as { id: number }).id === id);
  return (JSON.parse(line) as { payload: unknown }).payload;
}

describe('a gateway on two Modbus slaves', () => {
  it('R2, R7, R9, R31: starts, writes to both in turn, and goes on with the second when the first hangs, giving nothing twice', async () => {
    await start();
    const [a, b] = slaves;
    // R25: the gateway itself reads nothing before a master does, and two slaves that have said nothing have not been compared.
    while (!pair.status.protected) expect(await ask('050300000002')).toBe('030400000000');
    expect(await ask('0506000000c8')).toBe('06000000c8');
    expect(await ask('050600010064')).toBe('0600010064');
    expect(await ask('050300000002')).toBe('030400c80064');
    await pair.until(() => b.writes.length === 2);
    // R2: the copy comes after the primary has done it.
    for (const [index, write] of b.writes.entries()) {
      expect(write.atMs).toBeGreaterThan(a.writes[index]?.atMs ?? Number.POSITIVE_INFINITY);
    }

    a.isHalted = true;
    expect(await ask('05060002002a')).toBe('060002002a');
    expect(pair.status.primary).toBe('b');
    expect(pair.gpio.done).toContain('GPIO17=1');
    expect(await ask('050300000003')).toBe('030600c80064002a');
    // R31: each write once at each slave; what was in work when the first hung went to the second, once.
    const values = (slave: ModbusSlave): number[] => slave.writes.map(({ value }) => value);
    expect(values(a)).toEqual([200, 100]);
    expect(values(b)).toEqual([200, 100, 42]);
    expect(a.noise + b.noise).toBe(0);
  });

  it.each([
    { product: 'pump 2', why: /board-differs|differs|kept out/, isProtected: false },
    { product: null, why: /both boards agree/, isProtected: true },
  ])('R25: asks both who they are: a second one that says $product', async ({ product, why, isProtected }) => {
    await start('{ profile: modbus-rtu, deadline: 400ms, watch: { holding: 0-3 }, identity: device }', (a, b) => {
      a.product = 'pump';
      b.product = product;
    });
    const differs = (): boolean =>
      pair.log.some((line) => line.includes('product code: \\"pump\\" (board a) against \\"pump 2\\" (board b)'));
    while (!(isProtected ? pair.status.protected : differs())) expect(await ask('050300000002')).toBe('030400000000');
    expect([pair.status.protected, pair.status.why]).toEqual([isProtected, expect.stringMatching(why)]);
  });
});
