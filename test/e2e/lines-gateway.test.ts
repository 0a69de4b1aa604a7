import { afterEach, describe, expect, it } from 'vitest';
import { LineBoard } from './slaves/line-board.js';
import { LineClient } from './slaves/line-client.js';
import { SlaveGateway } from './slaves/slave-gateway.js';

/** A gateway on two boards that answer lines, which this test is, behind real pseudo-terminals; the client speaks as to one of them. */

let boards: readonly [LineBoard, LineBoard];
let pair: SlaveGateway;
let client: LineClient;

async function start(): Promise<void> {
  boards = [new LineBoard(), new LineBoard()];
  pair = await SlaveGateway.start({
    paths: [boards[0].path, boards[1].path],
    board: 'kind: serial, line: 115200-8N1',
    protocol: "{ profile: lines-ok, deadline: 400ms, probe: GET, push: '^pin [0-9]$' }",
    input: "{ listen: 'tcp://127.0.0.1:0', framing: lines }",
  });
  client = await LineClient.connect(pair.port);
}

afterEach(async () => {
  client.end();
  await pair.dispose();
  for (const board of boards) board.dispose();
});

/** What comes of a line, up to the line that ends it. */
async function ask(line: string): Promise<readonly string[]> {
  client.send(line);
  const lines: string[] = [];
  for (;;) {
    const said = await client.line();
    lines.push(said);
    if (/^(ok|error)/.test(said)) return lines;
  }
}

describe('a gateway on two boards that answer lines', () => {
  it('R2, R9, R31: answers as one board does, and goes on with the second when the first hangs, giving nothing twice', async () => {
    await start();
    const [a, b] = boards;
    await pair.until(() => pair.status.protected);
    expect(await ask('SET 40')).toEqual(['ok']);
    expect(await ask('GET')).toEqual(['40', 'ok']);
    expect(await ask('JUMP')).toEqual(['error: what']);
    expect(await ask('GET')).toEqual(['40', 'ok']);
    await pair.until(() => b.sets.length === 1);
    // Said unasked: from the primary alone.
    b.say('pin 7\n');
    a.say('pin 3\n');
    expect(await client.line()).toBe('pin 3');

    a.isHalted = true;
    expect(await ask('SET 55')).toEqual(['ok']);
    expect(pair.status.primary).toBe('b');
    expect(pair.gpio.done).toContain('GPIO17=1');
    expect(await ask('GET')).toEqual(['55', 'ok']);
    expect(a.sets).toEqual(['40']);
    expect(b.sets).toEqual(['40', '55']);
  });
});
