import type { Config } from '../config.js';
import type { Finding } from './finding.js';

/** Emulated boards and lines come together with their relay and plant, or not at all. */
export function checkEmulated(config: Config): readonly Finding[] {
  const [first, second] = config.boards;
  const emulated = config.boards.filter(({ port }) => port.type === 'emulated');
  if (emulated.length === 1) {
    return [
      {
        severity: 'error',
        key: `boards.${second.board}.port`,
        message: `one board is emulated and the other is not: ${first.board} ${first.port.type}, ${second.board} ${second.port.type}`,
        remedy: 'use port: emulated for both, or for none',
      },
    ];
  }
  if (emulated.length === 2) return [];
  const { relay } = config;
  const lines = [...relay.pins, ...Object.values(relay.pinsOf).flat(), ...relay.feedbacks];
  if (!lines.includes('emulated')) return [];
  return [
    {
      severity: 'error',
      key: 'relay.pin',
      message: 'the relay is emulated and the boards are not: nothing would move the actuator',
      remedy: 'name the lines that the relay hangs on, such as GPIO17 or D7 (of a Firmata board)',
    },
  ];
}
