import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';
import {
  cleanUp,
  codes,
  type JudgedRun,
  killAndStartAgain,
  NOTHING_WRONG,
  playBroken,
  scripted,
  wrongs,
} from './break-kit.js';

/** The bench's time is its own: what the machine does beside it changes nothing that the actuator sees. */

afterAll(cleanUp);

/** Keeps processors busy, as another program would. */
function keepBusy(threads: number): () => Promise<unknown> {
  const workers = Array.from({ length: threads }, () => new Worker('for (;;);', { eval: true }));
  return () => Promise.all(workers.map((worker) => worker.terminate()));
}

/** Killed in full flow, twice; then the primary hangs. */
function playStory(): Promise<JudgedRun> {
  return playBroken({
    inputs: 30,
    ends: 'not protected',
    boards: scripted(),
    client: { inFlight: 2, paceUs: 5_000 },
    plan: (stage) => {
      for (const share of [0.2, 0.4]) stage.inject(share, () => stage.do(() => killAndStartAgain(stage)));
      stage.inject(0.7, () => stage.world.boards.a.board.halt());
    },
  });
}

function recordOf({ stage, faults }: JudgedRun) {
  const { changes } = stage.world.recorder;
  return {
    actuator: createHash('sha256').update(JSON.stringify(changes)).digest('hex'),
    changes: changes.length,
    answers: stage.client.sent.map(({ answers }) => answers.map(({ atUs, repeat }) => [atUs, repeat])),
    faults: faults.map(({ code, timeline }) => [code, ...timeline.map(({ step, atUs }) => [step, atUs])]),
  };
}

test('R14, R27: the same seed gives the same record of the actuator to the microsecond, on a busy machine too', async () => {
  const quiet = await playStory();
  expect(wrongs(quiet)).toEqual(NOTHING_WRONG);
  expect(codes(quiet)).toEqual(['gateway-restarted', 'silent']);
  expect(quiet.actuator.drives).toEqual(['a', 'b']);
  const rest = keepBusy(3);
  const busy = await playStory().finally(rest);
  expect(recordOf(busy)).toEqual(recordOf(quiet));
});
