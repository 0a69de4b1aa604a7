import { emulatedMcu, isProgramOfHost } from '../board-facts.js';
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
  if (emulated.length === 2) return [...checkKinds(config), ...checkWithoutRelay(config)];
  const { relay } = config;
  if (relay.kind === 'emulated') return [checkEmulatedRelay(config)];
  const lines = [...relay.pins, ...Object.values(relay.pinsOf).flat(), ...relay.feedbacks];
  if (!lines.includes('emulated')) return [];
  return [
    {
      severity: 'error',
      key: 'relay.pin',
      message: 'a line of the relay is emulated and the boards are not: nothing would move the actuator',
      remedy:
        'name the lines that the relay hangs on, such as GPIO17 or D7 (of a Firmata board), or say relay: emulated for one that exists only in the gateway',
    },
  ];
}

function checkKinds({ boards }: Config): readonly Finding[] {
  return boards
    .filter(({ facts }) => emulatedMcu(facts) === null)
    .map(({ board, kind }) => ({
      severity: 'error',
      key: `boards.${board}.kind`,
      message: `a board of kind ${kind} is not emulated`,
      remedy: 'use a kind that is, such as uno, or name the port of a real one',
    }));
}

/** Boards that are processes have no pins, so that there is nothing that a relay could leave unswitched. */
function checkEmulatedRelay({ boards }: Config): Finding {
  const arePosix = boards.every(({ facts }) => isProgramOfHost(facts));
  return {
    severity: arePosix ? 'note' : 'warning',
    key: 'relay',
    message: arePosix
      ? 'the relay is emulated: it exists only in the gateway, as these boards have no pins'
      : 'the relay is EMULATED: it exists only in the gateway; nothing is switched, and nothing keeps an old primary from acting',
    remedy: arePosix
      ? 'nothing is to be done'
      : 'use it for trying things out, with no actuator; else name the lines of a relay (relay: { pin: GPIO17, at-rest: a })',
  };
}

/** The bench has a relay of its own, and RESET lines of nobody's. */
function checkWithoutRelay({ relay, switchesNothing }: Config): readonly Finding[] {
  if (relay.kind !== 'none' || switchesNothing) return [];
  return [
    {
      severity: 'error',
      key: 'relay',
      message: 'emulated boards have no RESET lines, and without a relay nothing keeps an old primary from acting',
      remedy: 'say relay: emulated, or outputs: none where the boards only measure',
    },
  ];
}
