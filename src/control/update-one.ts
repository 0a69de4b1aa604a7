import type { RollingOutcome, RollingUpdateOptions, UpdatingGateway } from './rolling-update.js';

/**
 * Flashes one board that does not drive: the backup, or one that is out of the pair. With the primary's program it joins;
 * with another one it is on trial, as at the first half of a rolling update. With `force` a board that drives hands over
 * first: it is never flashed while it is connected.
 */
export async function updateOne(
  gateway: UpdatingGateway,
  board: string,
  options: Omit<RollingUpdateOptions, 'acceptsIdentical' | 'decide'> & { readonly force: boolean },
): Promise<RollingOutcome> {
  const known = (await gateway.status()).boards.find((one) => one.board === board);
  const { image, facts, comparisons, converter, progress, pause, force } = options;
  if (known?.role === 'primary') {
    if (!force) {
      return {
        refused: `Board ${board} drives the actuator. copycat flash both gives both boards the image, one after the other; --force switches to the other board first.`,
      };
    }
    // A hand-over for an image that is not there would be for nothing.
    const checked = await gateway.command({ command: 'update-check', board, image, converter });
    if ('refused' in checked) return { refused: checked.refused };
    const switched = await gateway.command({ command: 'switch' });
    if ('refused' in switched) return { refused: switched.refused };
    if ('underWay' in switched) return { waits: switched.underWay };
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
