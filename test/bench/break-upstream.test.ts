import { connect, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { ScriptedBoard } from '#built/bench/scripted-board.js';
import type { Stage } from '#built/bench/stage/stage.js';
import { heaterPayload } from '#built/model-board/heater-reference.js';
import { cleanUp, codes, pass, playBroken, scripted } from './break-kit.js';

/** Clients that are in a hurry, go away, do not read, or share their ids. What the boards executed is the witness. */

afterAll(cleanUp);

interface Answer {
  readonly id?: string | number;
  readonly payload?: string;
  readonly repeat?: boolean;
  readonly error?: { readonly code: string };
}

class Client {
  readonly answers: Answer[] = [];
  isClosed = false;
  #held = '';

  constructor(readonly socket: Socket) {
    socket.on('error', () => undefined); // to be cut off is what one of the tests is about
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      const lines = (this.#held + chunk.toString()).split('\n');
      this.#held = lines.pop() ?? '';
      for (const line of lines) this.answers.push(JSON.parse(line) as Answer);
    });
  }

  ask(id: string, payload: Uint8Array = payloadOf(id)): void {
    this.socket.write(`${JSON.stringify({ id, payload: Buffer.from(payload).toString('hex') })}\n`);
  }

  ids(): (string | number | undefined)[] {
    return this.answers.map(({ id }) => id);
  }
}

const payloadOf = (id: string): Uint8Array => heaterPayload(960 + (Number(id.replace(/\D/g, '')) % 60), 640);
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index + 1}`);

async function clientOf(stage: Stage): Promise<Client> {
  const { hostname, port } = new URL(stage.address());
  const socket = connect(Number(port), hostname);
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return new Client(socket);
}

/** The usual client asks twice; then come those of the test. */
function withClients(play: (stage: Stage) => Promise<void>) {
  return playBroken({ inputs: 2, boards: scripted(), plan: () => undefined, last: play });
}

/** Inputs of upstreams that a board executed; probes, which come when nothing else does, are not among them. */
function executions(stage: Stage, name: 'a' | 'b'): number {
  const board = stage.world.boards[name].board as unknown as ScriptedBoard;
  return new Set(board.executed.map(({ seq }) => seq)).size;
}

async function until(stage: Stage, isDone: () => boolean): Promise<void> {
  // The limit only ends a test that fails anyway.
  for (let tries = 0; tries < 3000 && !isDone(); tries++) await pass(stage, 1_000);
}

describe('clients', () => {
  test('R6, R9: 200 inputs at once, far more than the pair holds: each answered once and in order', async () => {
    const ids = names(200);
    const run = await withClients(async (stage) => {
      const client = await clientOf(stage);
      for (const id of ids) client.ask(id);
      await until(stage, () => client.answers.length >= ids.length);
      expect(client.ids()).toEqual(ids);
      expect(client.answers.filter(({ error, repeat }) => error !== undefined || repeat === true)).toEqual([]);
      client.socket.destroy();
    });
    expect(run.status?.inputs.refused).toBe(0);
    expect(codes(run)).toEqual([]);
  });

  test('R6, R32: many clients at once, more than there is room for: none is refused, each is answered once', async () => {
    const ids = names(120);
    const run = await withClients(async (stage) => {
      const clients: Client[] = [];
      for (let count = 0; count < 6; count++) clients.push(await clientOf(stage));
      const ofClient = (index: number): Client => clients[index % clients.length] as Client;
      for (const [index, id] of ids.entries()) ofClient(index).ask(id);
      const all = (): Answer[] => clients.flatMap(({ answers }) => answers);
      await until(stage, () => all().length >= ids.length);
      expect(
        all()
          .flatMap(({ id, payload }) => (payload === undefined ? [] : [String(id)]))
          .sort(),
      ).toEqual([...ids].sort());
      for (const { socket } of clients) socket.destroy();
    });
    expect(run.status?.inputs.refused).toBe(0);
  });

  test('R23: a client that goes away in the middle and asks again: the old answers, marked, and nothing executed twice', async () => {
    const ids = names(24);
    let before = { a: 0, b: 0 };
    const run = await withClients(async (stage) => {
      before = { a: executions(stage, 'a'), b: executions(stage, 'b') };
      const first = await clientOf(stage);
      for (const id of ids) first.ask(id);
      await until(stage, () => first.answers.length >= 5);
      first.socket.destroy();
      const got = new Map(first.answers.map(({ id, payload }) => [id, payload]));
      await pass(stage, 300_000);
      const second = await clientOf(stage);
      for (const id of ids) second.ask(id);
      await until(stage, () => second.answers.length >= ids.length);
      expect(second.ids()).toEqual(ids);
      expect(second.answers.every(({ repeat }) => repeat === true)).toBe(true);
      for (const { id, payload } of second.answers) if (got.has(id)) expect(payload).toBe(got.get(id));
      second.socket.destroy();
    });
    // At most one probe came in between.
    expect(executions(run.stage, 'a') - before.a).toBeGreaterThanOrEqual(ids.length);
    expect(executions(run.stage, 'a') - before.a).toBeLessThanOrEqual(ids.length + 1);
    expect(executions(run.stage, 'b') - before.b).toBe(executions(run.stage, 'a') - before.a);
  });

  test('R23: two clients with the same ids: one input each, and never the answer of another payload', async () => {
    await withClients(async (stage) => {
      const one = await clientOf(stage);
      const two = await clientOf(stage);
      one.ask('same');
      await until(stage, () => one.answers.length >= 1);
      two.ask('same');
      await until(stage, () => two.answers.length >= 1);
      expect(two.answers).toEqual([{ ...one.answers[0], repeat: true }]);
      const before = executions(stage, 'a');
      two.ask('same', heaterPayload(1600, 640));
      await until(stage, () => two.answers.length >= 2);
      expect(two.answers[1]).toMatchObject({ id: 'same', error: { code: 'ID_USED' } });
      expect(two.answers[1]?.payload).toBeUndefined();
      expect(executions(stage, 'a') - before).toBeLessThanOrEqual(1);
      two.ask('x9');
      await until(stage, () => two.answers.length >= 3);
      expect(two.answers[2]).toMatchObject({ id: 'x9', payload: expect.any(String) });
      one.socket.destroy();
      two.socket.destroy();
    });
  });

  test('R32: a client that says nothing of use and does not read is read rarely, and nobody else notices', async () => {
    const run = await withClients(async (stage) => {
      const deaf = await clientOf(stage);
      deaf.socket.pause();
      const lines = '{"no": "request"}\n'.repeat(5_000);
      for (let tries = 0; tries < 20; tries++) {
        deaf.socket.write(lines);
        await pass(stage, 2_000);
      }
      const other = await clientOf(stage);
      for (const id of names(10)) other.ask(id);
      await until(stage, () => other.answers.length >= 10);
      expect(other.ids()).toEqual(names(10));
      other.socket.destroy();
      deaf.socket.destroy();
    });
    expect(run.status?.clients?.badLines).toBeLessThan(500);
    expect(run.status?.protected).toBe(true);
    expect(codes(run)).toEqual([]);
  });
});
