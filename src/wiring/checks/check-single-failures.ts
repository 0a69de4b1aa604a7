import { isProgramOfHost } from '../../config/board-facts.js';
import type { Finding } from '../../config/checks/finding.js';
import type { Config } from '../../config/config.js';
import { deadManReleases } from '../netlist/parts/add-dead-man.js';

const CHIPS = {
  'pi-3': 'pinctrl-bcm2835',
  'pi-zero-2': 'pinctrl-bcm2835',
  'pi-4': 'pinctrl-bcm2711',
  'pi-5': 'pinctrl-rp1',
} as const;

/** What two sockets of a host have in common: a common cause of two faults, which no pair survives. */
const COMMON_SOCKETS = {
  'pi-3':
    'The USB sockets of this host hang on one hub and one supply switch: a short circuit at one board takes the other along',
  'pi-4':
    'The USB sockets of this host hang on one hub and one supply switch: a short circuit at one board takes the other along',
  'pi-5': 'The USB sockets of this host share one supply switch: a short circuit at one board takes the other along',
  'pi-zero-2': 'This host has one USB socket: both boards hang on one hub',
} as const;

/** One part whose failure takes both boards, and what does not do what it is there for. */
export function checkSingleFailures(config: Config): readonly Finding[] {
  return [...checkShared(config), ...checkHoldOff(config), ...checkHost(config)];
}

function checkShared({ wiring, relay, boards, switchesNothing }: Config): readonly Finding[] {
  const findings: Finding[] = [];
  if (wiring.sensor === 'shared') {
    findings.push({
      severity: 'warning',
      key: 'wiring.sensor',
      message: 'one sensor for both boards: when it lies, both believe it and agree',
      remedy:
        'give each board a sensor of its own (sensor: each) and a tolerance (sources), so that a difference is told as drift',
    });
  }
  if (wiring.supply === 'shared' && boards.some(({ facts }) => !isProgramOfHost(facts))) {
    findings.push({
      severity: 'note',
      key: 'wiring.supply',
      message: `one supply for host and both boards: when it fails, all stop at once${switchesNothing ? '' : " and the actuator falls to its resistor's level"}. ${COMMON_SOCKETS[wiring.host]}`,
      remedy: 'give each board a supply of its own at its barrel socket (supply: separate)',
    });
  }
  if (relay.kind === 'two-relays') {
    findings.push({
      severity: 'note',
      key: 'relay.kind',
      message: 'a contact that welds connects the outputs of both boards, one high and one low',
      remedy: 'put 470 Ω into each output of the boards: it limits the current to 10 mA',
    });
  }
  for (const { board } of boards.filter(({ facts }) => isProgramOfHost(facts))) {
    findings.push({
      severity: 'note',
      key: `boards.${board}.kind`,
      message: 'a process on the host has no pins: it is drawn as if it were a board',
      remedy: 'nothing is to be wired for it',
    });
  }
  return findings;
}

function checkHoldOff(config: Config): readonly Finding[] {
  const { relay, stop } = config;
  const findings: Finding[] = [];
  if (relay.holdOff === 'series-relay' && relay.deadMan === null && stop.means !== 'cut-off') {
    findings.push({
      severity: 'warning',
      key: 'relay.hold-off',
      message: `the series relay closes as soon as the Pi has power, some seconds before the gateway runs: until then ${relay.atRest ?? 'the contact at rest'} has the actuator`,
      remedy:
        'feed its coil from a dead-man circuit (relay.dead-man), or use a cut-off relay (stop: { means: cut-off, pin: GPIO22 })',
    });
  }
  if (
    relay.onGatewayDeath === 'hold' &&
    relay.deadMan !== null &&
    deadManReleases(config) &&
    relay.kind !== 'latching'
  ) {
    findings.push({
      severity: 'error',
      key: 'relay.dead-man',
      message: 'the dead-man circuit takes the coil its supply when the gateway dies, and on-gateway-death says hold',
      remedy:
        'on-gateway-death: release, or let the circuit feed a cut-off relay (stop: { means: cut-off, pin: GPIO22 }) or series relay alone',
    });
  }
  return findings;
}

function checkHost({ wiring, gpioChip }: Config): readonly Finding[] {
  const findings: Finding[] = [];
  if (gpioChip?.startsWith('pinctrl-') === true && gpioChip !== CHIPS[wiring.host]) {
    findings.push({
      severity: 'warning',
      key: 'gpio.chip',
      message: `the lines of this host are of ${CHIPS[wiring.host]}, not ${gpioChip}`,
      remedy: 'leave chip out: the lines are found by their names; or say which host it is (wiring.host)',
    });
  }
  if (wiring.host === 'pi-5' && wiring.supply === 'shared') {
    findings.push({
      severity: 'note',
      key: 'wiring.host',
      message: 'a Pi 5 gives its USB sockets 600 mA together unless its supply can do 5 A',
      remedy: 'use the 27 W supply, or give the boards supplies of their own',
    });
  }
  if (wiring.host === 'pi-5') {
    findings.push({
      severity: 'note',
      key: 'wiring.host',
      message: 'the pins of a Pi 5 bear no voltage while it is off',
      remedy: 'feed the feedback contact from its own 3.3 V pin (feedback-from: host), which goes with it',
    });
  }
  return findings;
}
