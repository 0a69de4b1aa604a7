import { afterEach, describe, expect, it } from 'vitest';
import { PosixGateway } from './posix-gateway.js';
import { StormClient } from './storm-clients.js';

let stage: PosixGateway;
const clients: StormClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await stage.dispose();
});

function client(name: string, inFlight: number, inputs: number | undefined, retryAfterMs: number): StormClient {
  const target = () => ({ port: stage.port });
  const made = new StormClient({ name, inFlight, ...(inputs === undefined ? {} : { inputs }), retryAfterMs, target });
  clients.push(made);
  return made;
}

describe('R32: many clients', () => {
  it('eight that ask for far more than there is room for, and one polite one: nobody is refused, it has its turns', async () => {
    stage = await PosixGateway.start('tcp://127.0.0.1:0');
    await stage.until(() => stage.status.protected);
    const storm = Array.from({ length: 8 }, (_, index) => client(`storm${index}`, 32, undefined, 0));
    await stage.until(() => storm.every(({ answers }) => answers.size > 0));
    const before = answersOf(storm);
    const polite = client('polite', 1, 12, 50);
    await stage.until(() => polite.isDone);
    // It waits behind what keeps the boards busy (twice the window), and behind nothing else.
    expect(answersOf(storm) - before).toBeLessThanOrEqual(12 * 20 + 60);
    for (const one of [...storm, polite]) expect(one.refusals('FULL')).toBe(0);
    for (const one of storm) one.stopAsking();
    await stage.until(() => storm.every(({ unanswered }) => unanswered.length === 0));
    expect(storm.flatMap(({ contradictions }) => contradictions)).toEqual([]);
    expect(stage.status).toMatchObject({
      protected: true,
      ledger: { recordedToDisk: true },
      inputs: { answered: answersOf([...storm, polite]), refused: 0 },
      clients: { open: 9, refused: 0 },
    });
  });
});

const answersOf = (of: readonly StormClient[]): number => of.reduce((sum, { answers }) => sum + answers.size, 0);
