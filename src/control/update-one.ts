import type { RollingOutcome, RollingUpdateOptions, UpdatingGateway } from './rolling-update.js';

/**
 * Flashes one board that is out of the pair already. With the primary's program it joins; with another one it is on trial,
 * as at the first half of a rolling update.
 */
export async function updateOne(
  gateway: UpdatingGateway,
  board: string,
  { image, facts, comparisons, converter, progress, pause }: Omit<RollingUpdateOptions, 'acceptsIdentical' | 'decide'>,
): Promise<RollingOutcome> {
  const known = (await gateway.status()).boards.find((one) => one.board === board);
  if (known?.role === 'primary' || known?.role === 'backup') {
    return { refused: `Board ${board} is in the pair: copycat flash --rolling IMAGE takes it out and flashes both.` };
  }
  const outcome = await gateway.command({ command: 'update-begin', board, image, facts, converter, comparisons });
  if ('refused' in outcome) return { refused: outcome.refused };
  for (;;) {
    const { update, boards } = await gateway.status();
    if (update?.board !== board) {
      const role = boards.find((one) => one.board === board)?.role ?? 'gone';
      return role === 'backup' ? { done: `board ${board} runs ${image}` } : { failed: `board ${board} is ${role}` };
    }
    progress(update);
    if (update.stage === 'failed') return { failed: update.why ?? 'no reason was noted' };
    if (update.stage === 'trial') {
      return { waits: `board ${board} runs ${image}, which is not what the primary runs: it is on trial` };
    }
    if (!(await pause())) return { failed: 'it takes too long: see copycat status' };
  }
}
