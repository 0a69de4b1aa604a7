import type { Config } from '../config.js';
import type { Finding } from './finding.js';

/** From a reset until the gateway has the board again: bootloader 1 s, StandardFirmata's blinking 2 s, handshake. */
const AWAY = 'for about 3 s';
const PAGE = 'docs/relay-board.md';
const LAMP = 13;

/** What a Firmata board does with lines when it restarts, which neither the gateway nor a level can prevent. */
export function checkFirmata(config: Config): readonly Finding[] {
  return [...checkPins(config), ...checkCoils(config), ...checkFeedback(config), ...checkHeldLines(config)];
}

const isFirmata = (line: string): boolean => line.startsWith('D');
const pinOf = (line: string): number => Number(line.slice(1));
/** A digital pin of every board that StandardFirmata is for; 14 and up are analog ones on an Uno. */
const isDigital = (line: string): boolean => isFirmata(line) && pinOf(line) <= LAMP;

function checkPins({ relay, boards, alarm, stop }: Config): Finding[] {
  const cutOff = stop.means === 'cut-off' ? [['stop.pin', stop.pin] as const] : [];
  const outputs = [
    ...[...relay.pins, ...Object.values(relay.pinsOf).flat()].map((line) => ['relay.pin', line] as const),
    ...boards.flatMap(({ board, reset }) => (reset === null ? [] : [[`boards.${board}.reset`, reset] as const])),
    ...(alarm === null ? [] : [['alarm.pin', alarm.pin] as const]),
    ...cutOff,
    ...(relay.deadMan === null ? [] : [['relay.dead-man.pin', relay.deadMan.pin] as const]),
  ];
  const inputs = relay.feedbacks.map((line) => ['relay.feedback', line] as const);
  const used = [...outputs, ...inputs].filter(([, line]) => isFirmata(line));
  const serial = used.filter(([, line]) => pinOf(line) <= 1);
  const blinking = outputs.filter(([, line]) => isFirmata(line) && pinOf(line) === LAMP);
  return [
    ...serial.map(
      ([key, line]): Finding => ({
        severity: 'error',
        key,
        message: `${line} is the serial line between the Firmata board and the gateway`,
        remedy: 'take D2 or a higher pin',
      }),
    ),
    ...blinking.map(
      ([key, line]): Finding => ({
        severity: 'error',
        key,
        message: `${line} is the lamp of the Firmata board: its bootloader and StandardFirmata blink it at every start`,
        remedy: 'take a pin from D2 to D12',
      }),
    ),
  ];
}

function checkCoils({ relay }: Config): Finding[] {
  const coils = [...relay.pins, ...Object.values(relay.pinsOf).flat()].filter(isFirmata);
  if (coils.length === 0) return [];
  const findings: Finding[] = [];
  if (relay.activeLow && coils.some(isDigital)) {
    const both = relay.kind === 'two-relays' || relay.kind === 'latching';
    findings.push({
      severity: both ? 'error' : 'warning',
      key: 'relay.active-low',
      message:
        `a restart of the Firmata board switches ${both ? 'both coils' : 'the coil'} on until the gateway has the board again: ` +
        'StandardFirmata starts with its digital pins low',
      remedy: `use a module that a high level switches on, or pins that start open: D14 to D19 (A0 to A5) of an Uno (${PAGE})`,
    });
  }
  if (relay.kind !== 'latching') {
    const isHeldOff = relay.atRest === null || relay.holdOff !== 'none';
    findings.push({
      severity: isHeldOff ? 'note' : 'warning',
      key: 'relay.pin',
      message:
        `when the Firmata board restarts, the relay falls to rest (${relay.atRest ?? 'no board'}) ${AWAY}` +
        (isHeldOff ? '' : `, also when ${relay.atRest} is the board that was locked out`),
      remedy:
        'keep opening its port from restarting it (cut RESET EN, or 10 µF between RESET and GND), and use a latching relay ' +
        `where such a gap must not be (${PAGE})`,
    });
  }
  return findings;
}

function checkFeedback({ relay }: Config): Finding[] {
  const lines = relay.feedbacks.filter(isFirmata);
  const findings: Finding[] = [];
  if (relay.feedbackPull === 'down' && lines.length > 0) {
    findings.push({
      severity: 'error',
      key: 'relay.feedback-pull',
      message: 'a Firmata board has no pull-down resistors',
      remedy:
        'feedback-pull: up and a contact to ground (feedback-active-low: true), or none and a resistor of your own',
    });
  }
  const driven = lines.filter(isDigital);
  if (driven.length > 0) {
    findings.push({
      severity: 'note',
      key: 'relay.feedback',
      message: `after a restart the Firmata board drives ${driven.join(', ')} low until the gateway has it again: a contact to 5 V is then a short circuit`,
      remedy: `put 1 kΩ between contact and pin, or use a pin that starts open: D14 to D19 (A0 to A5) of an Uno (${PAGE})`,
    });
  }
  return findings;
}

/** Levels that have to be kept, for the plant's sake. */
function checkHeldLines({ boards, stop }: Config): Finding[] {
  const resets = boards
    .filter(({ reset }) => reset !== null && isFirmata(reset))
    .map(
      ({ board, reset }): Finding => ({
        severity: 'warning',
        key: `boards.${board}.reset`,
        message: `a restart of the Firmata board lets go of ${reset}: board ${board} runs again, locked out or not`,
        remedy: 'use a line of the host, or a latch behind the transistor',
      }),
    );
  if (stop.means !== 'cut-off' || !isDigital(stop.pin) || !stop.activeLow) return resets;
  return [
    ...resets,
    {
      severity: 'warning',
      key: 'stop.active-low',
      message: `a restart of the Firmata board switches ${stop.pin} on: a stopped pair is connected to the actuator again`,
      remedy: 'use a module that a high level switches on',
    },
  ];
}
