import { checkAnswers, checkDrives, checkGivenOnce, soundChecks } from '../../own-firmware/own-firmware-checks.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check } from '../../stage/run-record.js';
import { isRight, isWrite, WRITES } from './modbus-write.js';

export const modbusGatewayKilled = ownFirmware({
  name: 'modbus-gateway-killed',
  promise:
    'kill -9 of the gateway in full flow: a write that was unanswered is in doubt, and never given a second time by the one that starts after it',
  plans: [
    {
      ...WRITES,
      variant: '',
      plan: (stage) =>
        stage.inject(0.4, () =>
          stage.do(async () => {
            await stage.killGateway();
            await stage.startAgain();
          }),
        ),
      checks: (run) => {
        const lost = run.stage.client.asked.filter(({ hasTimedOut }) => hasTimedOut);
        return [
          ...soundChecks(run),
          check(
            'no more than what was in flight stays unanswered',
            lost.length <= 1,
            lost.map(({ id }) => id),
          ),
          // What a read finds behind an unanswered write may be either.
          checkAnswers(
            run,
            (request, answer, id) => lost.some((one) => one.id === id - 1) || isRight(request, answer, id),
          ),
          checkGivenOnce(run, isWrite, 'a'),
          checkGivenOnce(run, isWrite, 'b'),
          checkDrives(run, 'a'),
        ];
      },
    },
  ],
});
