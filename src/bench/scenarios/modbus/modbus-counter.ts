import { checkDrives, checkFaults, commonChecks } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check } from '../../stage/run-record.js';
import { MODBUS_PUMP, pdu } from './modbus-pump.js';

/** The flow meter's contact, wired to both boards, and the register that reading clears. */
const FLOW_PIN = 2;
const FLOW = 7;
const PULSE_US = 17_000;

const pulses = new WeakMap<OwnFirmwareStage, { count: number; isOver: boolean }>();

function pulse(stage: OwnFirmwareStage, counted: { count: number; isOver: boolean }): void {
  if (counted.isOver) return;
  const { world } = stage;
  for (const name of ['a', 'b'] as const) stage.uno(name).setLevel(FLOW_PIN, 0);
  counted.count += 1;
  world.at(world.nowUs() + PULSE_US / 2, () => {
    for (const name of ['a', 'b'] as const) stage.uno(name).setLevel(FLOW_PIN, 1);
    world.at(world.nowUs() + PULSE_US / 2, () => pulse(stage, counted));
  });
}

export const modbusCounter = ownFirmware({
  name: 'modbus-counter',
  promise: 'a register that reading clears: each pulse is told once, and never read by the gateway for itself',
  plans: [
    {
      variant: '',
      firmware: MODBUS_PUMP,
      paceUs: 60_000,
      protocol: { 'clear-on-read': { input: FLOW }, ignore: [{ input: FLOW }] },
      request: () => pdu.readInput(FLOW, 1),
      plan: (stage) => {
        const counted = { count: 0, isOver: false };
        pulses.set(stage, counted);
        pulse(stage, counted);
        // The reads at the end find what is left.
        stage.afterRequests(stage.options.requests - 3, () => {
          counted.isOver = true;
        });
      },
      checks: (run) => {
        const { asked } = run.stage.client;
        const told = asked.reduce(
          (sum, { answers }) => sum + ((answers[0]?.body[3] ?? 0) << 8) + (answers[0]?.body[4] ?? 0),
          0,
        );
        const { count = 0 } = pulses.get(run.stage) ?? {};
        return [
          ...commonChecks(run),
          check('each pulse told once', told === count && count > asked.length, { told, count }),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
  ],
});
