import type { Status } from '../../control/contract/status.js';
import type { Stage } from './stage.js';

const NAME = 'third';

/** Keys of a configuration with a third copy of the bench's own image. */
export const THIRD_COPY = { 'third-copy': { image: 'heater.hex', id: NAME } } as const;

function isThirdCopyIn(status: Status): boolean {
  return status.boards.some(({ board, role }) => board === NAME && role === 'third copy');
}

/** Nothing is asked of the pair before the third copy is in it: what it is to decide on must have come by it. */
export function awaitThirdCopy(stage: Stage): void {
  stage.client.pause();
  stage.do(async () => {
    await stage.settled(isThirdCopyIn);
    stage.client.resume();
  });
}
