import { emulatedMcu } from '../board-facts.js';
import type { Config } from '../config.js';
import type { Finding } from './finding.js';
import type { MachineFacts } from './machine-facts.js';

/** Inputs per second that one core is estimated to keep up with: docs/third-copy.md. */
const INPUTS_PER_SECOND = { pi3: 120, pi4: 300 };

/** What a third copy needs (R19): an image that is there and is the boards' own, and a host that keeps up with the inputs. */
export function checkThirdCopy(config: Config, machine: MachineFacts): Finding[] {
  const { thirdCopy } = config;
  if (thirdCopy === null) return [];
  const findings: Finding[] = [];
  const key = 'third-copy.image';
  if (!machine.exists(thirdCopy.image)) {
    findings.push({
      severity: 'error',
      key,
      message: `there is no file ${thirdCopy.image}`,
      remedy: 'name the .hex file that the boards were flashed with; heater.hex names the image that comes along',
    });
  }
  const unlike = config.boards.find(({ facts }) => emulatedMcu(facts) === null);
  if (unlike !== undefined) {
    findings.push({
      severity: 'error',
      key: 'third-copy',
      message: `a third copy runs the boards' image in an emulator, and there is none for board ${unlike.board} (${unlike.kind})`,
      remedy: 'leave third-copy out; commit: { needs: both } keeps a wrong result from the actuator without one',
    });
  }
  const other = config.boards.find(({ firmware }) => firmware !== null && firmware !== thirdCopy.image);
  if (other !== undefined) {
    findings.push({
      severity: 'error',
      key,
      message: `board ${other.board} runs ${other.firmware}: a third copy of another image has nothing to say about it`,
      remedy: `name the same image: image: ${other.firmware}`,
    });
  }
  const everyUs = Math.min(...config.inputs.map((input) => (input.type === 'ticks' ? input.everyUs : Infinity)));
  const tooFast = everyUs < 1e6 / INPUTS_PER_SECOND.pi3;
  findings.push({
    severity: tooFast ? 'warning' : 'note',
    key: 'third-copy',
    message:
      'the third copy takes processor time of this host for every input: by estimate a core of a Raspberry Pi 3 keeps up with ' +
      `${INPUTS_PER_SECOND.pi3} a second, one of a Pi 4 with ${INPUTS_PER_SECOND.pi4}; inputs come ` +
      (everyUs === Infinity ? 'as fast as somebody sends them' : `every ${everyUs / 1000} ms`),
    remedy: 'watch in copycat status how far it is behind; one that cannot keep up is set aside, and the pair goes on',
  });
  return findings;
}
