import { checkDrives, checkFaults } from '../../own-firmware/own-firmware-checks.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { WRITES, writeChecks } from './modbus-write.js';

export const modbusUnplugged = ownFirmware({
  name: 'modbus-unplugged',
  promise:
    'the cable of the driving slave is pulled: the other takes over at once, no write is lost, and none is given to a slave twice',
  plans: [
    {
      ...WRITES,
      variant: '',
      ends: 'not protected',
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.a.unplug()),
      checks: (run) => [...writeChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, 'unplugged')],
    },
  ],
});
