import type { Finding } from '../../config/checks/finding.js';
import type { Config } from '../../config/config.js';
import { voltsOf } from '../netlist/board-pins.js';
import { lineUses } from '../netlist/line-uses.js';
import { isFirmataLine } from '../netlist/parts/line-end.js';

/** What is wrong with voltages, currents and levels. */
export function checkLevels(config: Config): readonly Finding[] {
  return [
    ...checkGround(config),
    ...checkFeedback(config),
    ...checkCoils(config),
    ...checkReset(config),
    ...checkVolts(config),
  ];
}

function checkGround({ wiring }: Config): readonly Finding[] {
  if (wiring.commonGround) return [];
  return [
    {
      severity: 'error',
      key: 'wiring.common-ground',
      message: 'GND of host, boards and actuator are not connected: no level between them means anything',
      remedy:
        'connect all GND on one rail, and say so (common-ground: true); for isolation use opto-couplers at the actuator',
    },
  ];
}

function checkFeedback({ relay, wiring }: Config): readonly Finding[] {
  const findings: Finding[] = [];
  const { feedbacks, feedbackActiveLow, feedbackPull } = relay;
  const atHost = feedbacks.some((line) => line !== 'emulated' && !isFirmataLine(line));
  if (feedbacks.length === 0) return [];
  if (wiring.feedbackFrom === '5v' && atHost && !feedbackActiveLow) {
    findings.push({
      severity: 'error',
      key: 'wiring.feedback-from',
      message: '5 V reach a pin of the Pi, which bears 3.3 V: that destroys it, at once or slowly',
      remedy:
        'let the contact switch 3.3 V from pin 1 (feedback-from: host), or put a divider between (feedback-from: 5v-divided)',
    });
  }
  if (feedbackPull === (feedbackActiveLow ? 'down' : 'up')) {
    findings.push({
      severity: 'error',
      key: 'relay.feedback-pull',
      message: `the open contact and the closed one both leave the line ${feedbackActiveLow ? 'low' : 'high'}: the feedback tells nothing`,
      remedy: `pull the other way (feedback-pull: ${feedbackActiveLow ? 'up' : 'down'}), or change feedback-active-low`,
    });
  } else if (feedbackPull === 'down' && feedbacks.some(isFirmataLine)) {
    findings.push({
      severity: 'error',
      key: 'relay.feedback-pull',
      message: 'an Arduino has no resistor inside that pulls down: the line floats while the contact is open',
      remedy:
        'fit 10 kΩ to GND (feedback-pull: none), or let the contact pull low (feedback-active-low: true, feedback-pull: up)',
    });
  }
  if (wiring.relayModule.startsWith('opto') && relay.kind !== 'mux') {
    findings.push({
      severity: 'warning',
      key: 'relay.feedback',
      message:
        "a module with opto-couplers has one pole for each relay: a second relay beside the first proves its own contact and not the first one's",
      remedy: 'use a relay with two poles and a transistor (relay-module: transistor)',
    });
  }
  return findings;
}

function checkCoils(config: Config): readonly Finding[] {
  const { relay, wiring, stop } = config;
  const coils = [
    ...(relay.kind === 'mux' ? [] : lineUses(config).filter(({ key }) => /^relay\.pins?(\.|$)/.test(key))),
    ...lineUses(config).filter(({ key }) => key === 'stop.pin'),
  ];
  if (coils.length === 0) return [];
  const module = wiring.relayModule;
  const key = 'wiring.relay-module';
  const isLow = coils.map((coil) => coil.active === 'low');
  const lowKey =
    relay.kind === 'mux' || (stop.means === 'cut-off' && stop.activeLow !== relay.activeLow)
      ? 'active-low'
      : 'relay.active-low';
  if (module === 'bare') {
    return [
      {
        severity: 'error',
        key,
        message:
          'a coil at a bare pin: it wants 30 to 90 mA and throws back more than 50 V; a pin gives 16 mA (Pi) or 20 mA (Arduino)',
        remedy: 'put a transistor and a diode between, or take a module that has them (relay-module: transistor)',
      },
    ];
  }
  if (module === 'transistor') {
    if (!isLow.some(Boolean)) return [];
    return [
      {
        severity: 'warning',
        key: lowKey,
        message: 'low is said to energise a coil, and the transistor that is drawn energises at high',
        remedy: 'leave active-low out for this driver; for a module that wants low, check that 3.3 V switch it off',
      },
    ];
  }
  const findings: Finding[] = [];
  if (!isLow.every(Boolean)) {
    findings.push({
      severity: 'error',
      key: lowKey,
      message: 'a module with opto-couplers energises at low, and high is said to',
      remedy: 'set active-low: true for the relay (and for stop, where it has a line)',
    });
  }
  if (module === 'opto-5v' && coils.some(({ line }) => !isFirmataLine(line))) {
    findings.push({
      severity: 'error',
      key,
      message:
        'a module that never releases: with VCC at 5 V a high line of 3.3 V leaves 1.7 V across opto-coupler and LED, whose current keeps on, and 5 V reach the pin while it is an input',
      remedy: 'take the JD-VCC jumper off, VCC to 3.3 V (pin 1), JD-VCC to 5 V (relay-module: opto-3v3)',
    });
  }
  return findings;
}

function checkReset({ boards, wiring, relay }: Config): readonly Finding[] {
  const findings: Finding[] = [];
  const wired = boards.filter(({ reset }) => reset !== null && reset !== 'emulated');
  const [first] = wired;
  if (wiring.resetThrough === 'wire' && first !== undefined) {
    findings.push({
      severity: 'error',
      key: `boards.${first.board}.reset`,
      message:
        'RESET is pulled up to 5 V by 10 kΩ inside the board, which is too much for a pin of the Pi, and a high line would not hold it low',
      remedy: 'put a transistor between (reset-through: transistor)',
    });
  }
  const atRest = boards.find(({ board }) => board === relay.atRest);
  if (relay.holdOff === 'latched-reset' && atRest !== undefined && atRest.reset === null) {
    findings.push({
      severity: 'error',
      key: `boards.${atRest.board}.reset`,
      message: `nothing sets the RESET latch of ${atRest.board}: it has no line`,
      remedy: `name one (boards.${atRest.board}.reset: GPIO23)`,
    });
  }
  return findings;
}

/** What the pins of the boards give and bear, where it is not known or not the same. */
function checkVolts({ boards }: Config): readonly Finding[] {
  const [first, second] = boards;
  const open = boards.find(({ facts }) => facts.supply === undefined);
  if (open !== undefined) {
    return [
      {
        severity: 'warning',
        key: `boards.${open.board}.kind`,
        message: `the voltage of the pins of board ${open.board} (${open.kind}) is not known: what is drawn has no levels, and a pin for 3.3 V does not bear 5 V`,
        remedy:
          'measure it or look it up; a file of your own that says it (supply: { "volts": 3.3 }, docs/boards.md) has it drawn and checked',
      },
    ];
  }
  const [one, other] = [voltsOf(first.facts), voltsOf(second.facts)];
  if (one === null || other === null || one === other) return [];
  return [
    {
      severity: 'error',
      key: `boards.${second.board}.kind`,
      message: `board ${first.board} gives ${one} V and board ${second.board} ${other} V: the actuator would get another level after a takeover`,
      remedy: 'use two boards of one kind, or bring both outputs to one level before the relay',
    },
  ];
}
