import { checkAnswers, checkDrives, checkFaults, commonChecks } from '../../own-firmware/own-firmware-checks.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check } from '../../stage/run-record.js';
import { LINES } from './lines-steady.js';
import { checkValve, isRight } from './lines-valve.js';

/** `MAX 90`, as the image keeps it: the value, and its complement beside it. */
const MAX = 90;
const eepromOfB = Uint8Array.of(MAX, MAX ^ 0xff);

export const linesSettingsDiffer = ownFirmware({
  name: 'lines-settings-differ',
  promise:
    'the backup has another limit in its EEPROM: it is refused with both lines, though no answer would have shown it',
  plans: [
    {
      ...LINES,
      variant: '',
      protocol: { identity: ['ID', 'CONFIG'] },
      eeprom: { b: eepromOfB },
      begins: 'not protected',
      ends: 'not protected',
      checks: (run) => {
        const [fault] = run.faults.filter(({ code }) => code === 'board-differs');
        const said = JSON.stringify(fault?.evidence ?? {});
        return [
          ...commonChecks(run),
          checkAnswers(run, isRight),
          checkValve(run),
          check('both settings are named', said.includes('max 100') && said.includes(`max ${MAX}`), said),
          checkDrives(run, 'a'),
          checkFaults(run, 'board-differs'),
        ];
      },
    },
  ],
});
