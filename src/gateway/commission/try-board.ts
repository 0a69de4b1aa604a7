import type { GatewayParts } from '../parts.js';
import type { BoardTalk } from './board-talk.js';
import type { CommissionedBoard } from './commission-report.js';
import { measureRoundTrips } from './round-trips.js';

const CONNECTED_WITHIN_US = 5_000_000;
const ANSWERS_WITHIN_US = 10_000_000;
const OPENS_WITHIN_US = 2_000_000;

/** Who a board is and how long its inputs take, as far as its protocol can tell. It begins anew afterwards. */
export async function tryBoard(
  talk: BoardTalk,
  { clock, portOf }: Pick<GatewayParts, 'clock' | 'portOf'>,
  count: number,
): Promise<CommissionedBoard> {
  const { board, abilities } = talk;
  const unknown = { board, hello: null, roundTrips: null };
  const isConnected = await talk.isConnected(CONNECTED_WITHIN_US);
  // Its port is there, and that is all there is to know.
  if (isConnected && !abilities.identity) return { ...unknown, answers: 'not-asked', trouble: null };
  const hello = isConnected ? await talk.hello(ANSWERS_WITHIN_US) : null;
  if (hello === null || !(await talk.open(hello, OPENS_WITHIN_US)))
    return { ...unknown, answers: 'no', trouble: portOf?.(board)?.trouble ?? null };
  // A board that needs no leave would act on what is meant to do nothing (R7).
  const roundTrips = abilities.commit ? await measureRoundTrips(talk, clock, count) : null;
  // R25: it begins anew, so that nothing of this is in its state.
  talk.say({ kind: 'reset' });
  await talk.hello(ANSWERS_WITHIN_US, ({ boot }) => boot !== hello.boot);
  const { unit, imageHash, stateLayout, stateBytes, window } = hello;
  return {
    ...{ board, answers: 'yes', roundTrips, trouble: null },
    hello: { unit, imageHash, stateLayout, stateBytes, window },
  };
}
