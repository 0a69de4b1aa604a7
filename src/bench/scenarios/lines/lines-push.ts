import { checkAnswers, checkDrives, checkFaults, commonChecks } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check } from '../../stage/run-record.js';
import { LINES } from './lines-steady.js';
import { checkValve, isRight } from './lines-valve.js';

/** Wired to both boards. */
const CONTACT = 2;
const EVERY_US = 230_000;

const changes = new WeakMap<OwnFirmwareStage, string[]>();

/** Closes and opens it as long as something is asked. */
function change(stage: OwnFirmwareStage, told: string[]): void {
  if (stage.client.isFinished) return;
  const isClosed = told.length % 2 === 0;
  told.push(isClosed ? 'contact closed' : 'contact open');
  for (const name of ['a', 'b'] as const) stage.uno(name).setLevel(CONTACT, isClosed ? 0 : 1);
  stage.world.at(stage.world.nowUs() + EVERY_US, () => change(stage, told));
}

export const linesPush = ownFirmware({
  name: 'lines-push',
  promise: 'what boards say unasked reaches the client once, from the driving one alone, and is nobody’s answer',
  plans: [
    {
      ...LINES,
      variant: '',
      plan: (stage) => {
        const told: string[] = [];
        changes.set(stage, told);
        change(stage, told);
      },
      checks: (run) => {
        const said = run.stage.client.unasked.map(({ body }) => Buffer.from(body).toString('latin1').trimEnd());
        const told = changes.get(run.stage) ?? [];
        return [
          ...commonChecks(run),
          checkAnswers(run, isRight),
          checkValve(run),
          check('each change of the contact said once, in order', said.join() === told.join() && told.length > 3, {
            said: said.length,
            told: told.length,
          }),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
  ],
});
