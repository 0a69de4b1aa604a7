import type { Finding } from '../../config/checks/finding.js';
import type { BoardConfig, Config } from '../../config/config.js';
import { boardPins } from '../netlist/board-pins.js';
import { channelsOf, outputsOf } from '../netlist/channels.js';

/** What is wrong with the pins of the boards that the wiring uses. */
export function checkBoardPins(config: Config): readonly Finding[] {
  const outputs = outputsOf(config);
  const channels = channelsOf(config);
  const findings: Finding[] = [];
  if (outputs.length !== channels) {
    findings.push({
      severity: 'error',
      key: 'wiring.outputs',
      message: `${outputs.length} output${outputs.length === 1 ? '' : 's'} (${outputs.join(', ')}), and ${channels} channel${channels === 1 ? '' : 's'} of the relay`,
      remedy: 'name as many outputs as there are lines for the relay',
    });
  }
  const { sensor, sensorPin } = config.wiring;
  const used = [
    ...outputs.map((pin) => ['wiring.outputs', pin] as const),
    ...(sensor === 'none' ? [] : [['wiring.sensor-pin', sensorPin] as const]),
  ];
  for (const [index, [key, pin]] of used.entries()) {
    if (used.findIndex(([, other]) => other === pin) < index) {
      findings.push({
        severity: 'error',
        key,
        message: `${pin} of the boards has two uses`,
        remedy: 'give each a pin of its own',
      });
    }
    // Both boards are alike: what is wrong with one is said once.
    const [finding] = config.boards.flatMap((board) => checkPin(board, key, pin));
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function checkPin({ facts }: BoardConfig, key: string, pin: string): readonly Finding[] {
  const { driven, pins, name } = boardPins(facts);
  const by = driven[pin];
  if (by !== undefined) {
    const severity = by.until === 'always' ? 'error' : 'warning';
    const message = `${pin} of the ${name}: ${by.why}`;
    return [{ severity, key, message, remedy: 'use another pin, D9 for example' }];
  }
  if (pins === null || pins.includes(pin)) return [];
  return [
    {
      severity: 'error',
      key,
      message: `${article(name)} ${name} has no ${pin}`,
      remedy: `use one of ${pins[0] ?? ''} to ${pins.at(-1) ?? ''}`,
    },
  ];
}

function article(name: string): string {
  return /^[AEIOU]/i.test(name) ? 'an' : 'a';
}
