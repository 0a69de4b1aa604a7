import type { BoardName } from '../../bench-board.js';
import { checkAnswers, checkDrives, soundChecks } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { LINES } from './lines-steady.js';
import { isAsking, isRight } from './lines-valve.js';

/**
 * What sets something was given to a board in the order in which it was sent, and none of it twice: no two lines behind each other are the
 * same. `lacks`: at most so many, as it was in doubt; null: it was out of the pair for a while.
 */
function checkInOrder({ stage }: OwnFirmwareRun, board: BoardName, lacks: number | null): RunCheck {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').trimEnd();
  const sent = stage.client.asked.filter(({ id }) => !isAsking(id)).map(({ request }) => text(request));
  const given = stage.lines[board].given.map(({ bytes }) => text(bytes)).filter((line) => line.startsWith('SET '));
  let place = 0;
  const wrong = given.filter((line, index) => {
    const found = sent.indexOf(line, place);
    if (found < 0 || line === given[index - 1]) return true;
    place = found + 1;
    return false;
  });
  const isEnough =
    given.length > 0 && given.length <= sent.length && (lacks === null || given.length >= sent.length - lacks);
  return check(`each line once and in order to board ${board}`, wrong.length === 0 && isEnough, {
    wrong: wrong.slice(0, 5),
    given: given.length,
    sent: sent.length,
  });
}

/** So long after a line has left its client it is on its way to the board, or done and not answered. */
const UNDER_WAY_US = 3_000;
const VARIES_US = 4_000;

function killWhileALineIsUnderWay(stage: OwnFirmwareStage): void {
  const { requests } = stage.options;
  const before = Array.from({ length: requests }, (_, id) => id).filter(
    (id) => id > requests * 0.4 && !isAsking(id + 1),
  );
  stage.afterRequests(before[0] ?? 1, () => {
    const sentAtUs = stage.client.asked.at(-1)?.sentAtUs ?? 0;
    const atUs = sentAtUs + stage.setup.paceUs + UNDER_WAY_US + stage.random.nextBelow(VARIES_US);
    stage.world.at(atUs, () => {
      stage.injectedAtUs = stage.world.nowUs();
      stage.do(async () => {
        await stage.killGateway();
        await stage.startAgain();
      });
    });
  });
}

export const linesGatewayKilled = ownFirmware({
  name: 'lines-gateway-killed',
  promise:
    'kill -9 of the gateway in full flow: the line that was unanswered is in doubt, and never given a second time by the one that starts after it; the next client is served',
  plans: [
    {
      ...LINES,
      variant: '',
      plan: killWhileALineIsUnderWay,
      checks: (run) => {
        const { asked } = run.stage.client;
        const lost = asked.filter(({ hasTimedOut }) => hasTimedOut).map(({ id }) => id);
        const after = asked.filter(
          ({ sentAtUs, answers }) => sentAtUs > (run.stage.injectedAtUs ?? 0) && answers.length > 0,
        );
        return [
          ...soundChecks(run),
          check('what was in flight stays unanswered, and nothing else', lost.length === 1, lost),
          check(
            'a fault says that it is in doubt',
            run.faults.some(({ code }) => code === 'input-in-doubt'),
            run.faults.map(({ code }) => code),
          ),
          check('the next client is served', after.length > 0, after.length),
          // What a line finds behind an unanswered one may be either.
          checkAnswers(run, (request, answer, id) => lost.includes(id - 1) || isRight(request, answer, id)),
          checkInOrder(run, 'a', 1),
          checkInOrder(run, 'b', null),
          checkDrives(run, 'a'),
        ];
      },
    },
  ],
});
