import { afterAll, describe, expect, test } from 'vitest';
import type { Stage } from '../../src/bench/stage/stage.js';
import { cleanUp, codes, killAndStartAgain, NOTHING_WRONG, playBroken, scripted, wrongs } from './break-kit.js';

/** kill -9 at the moments of a takeover. The actuator and the client are the witnesses, never the gateway's log. */

afterAll(cleanUp);

/** Loses the gateway's next command of the relay, and calls `then` in its place. */
function insteadOfTheRelay(stage: Stage, then: () => void): void {
  const { relay } = stage.world;
  const setLine = relay.setLine.bind(relay);
  relay.setLine = () => {
    relay.setLine = setLine;
    then();
  };
}

describe('a gateway killed in the middle of a takeover', () => {
  test('R10: fence recorded, relay not commanded: the next gateway rolls forward', async () => {
    const run = await playBroken({
      inputs: 30,
      boards: scripted(),
      client: { inFlight: 3 },
      plan: (stage) =>
        stage.inject(0.4, () => {
          insteadOfTheRelay(stage, () => stage.do(() => killAndStartAgain(stage)));
          stage.world.boards.a.board.halt();
        }),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(run.status?.boards[0]?.role).toBe('locked out');
    expect(codes(run)).toEqual(['gateway-restarted', 'silent']);
  });
});
