import type { Finding } from '../../config/checks/finding.js';
import type { Config } from '../../config/config.js';
import { factsOfKind } from '../../config/load/board-files.js';
import { boardPins } from '../netlist/board-pins.js';
import { type LineUse, lineUses } from '../netlist/line-uses.js';
import { isFirmataLine } from '../netlist/parts/line-end.js';
import { FREE_LINES, pinOfLine, pullAtBoot } from '../netlist/pi-header.js';

/** Lines that an interface of the Pi takes when it is turned on. */
const TAKEN_BY = {
  i2c: ['GPIO2', 'GPIO3'],
  spi: ['GPIO7', 'GPIO8', 'GPIO9', 'GPIO10', 'GPIO11'],
  serial: ['GPIO14', 'GPIO15'],
  'one-wire': ['GPIO4'],
} as const;

/** What is wrong with the choice of lines. */
export function checkLines(config: Config): readonly Finding[] {
  const uses = lineUses(config);
  return [
    ...uses.flatMap((use) => (isFirmataLine(use.line) ? checkFirmataLine(use) : checkHostLine(use, uses, config))),
    ...twice(uses),
    ...checkAlarm(config),
    ...checkFirmataOutputs(uses),
  ];
}

function checkHostLine(use: LineUse, uses: readonly LineUse[], config: Config): readonly Finding[] {
  const { key, line, purpose } = use;
  const pin = pinOfLine(line);
  const free = `use ${FREE_LINES.filter((one) => !uses.some((other) => other.line === one))
    .slice(0, 3)
    .join(', ')}`;
  if (pin === undefined || pin.gpio === null) {
    return [{ severity: 'error', key, message: `the 40-pin header has no ${line}`, remedy: free }];
  }
  const taker = config.wiring.interfaces.find((one) => TAKEN_BY[one].some((taken) => taken === line));
  if (taker !== undefined) {
    return [
      {
        severity: 'error',
        key,
        message: `${line} has two uses: ${purpose}, and ${taker}, which is turned on`,
        remedy: `${free}, or turn ${taker} off (raspi-config)`,
      },
    ];
  }
  if (pin.gpio <= 1) {
    return [
      {
        severity: 'error',
        key,
        message: `${line} is reserved: at boot the Pi asks there for the memory of a plugged-on board (${pin.other})`,
        remedy: free,
      },
    ];
  }
  if (pin.gpio === 14 || pin.gpio === 15) {
    return [
      {
        severity: 'warning',
        key,
        message: `${line} is the Pi's serial line: its boot text may make ${purpose} chatter`,
        remedy: free,
      },
    ];
  }
  return checkBootLevel(use, pin.gpio, free);
}

/** For some seconds after power-on nobody has the line: its pull decides. */
function checkBootLevel({ key, line, active, purpose }: LineUse, gpio: number, free: string): readonly Finding[] {
  const pull = pullAtBoot(gpio);
  if (active === 'high' && pull === 'up') {
    const strong = gpio === 2 || gpio === 3 ? ' by 1.8 kΩ, all the time' : '';
    return [
      {
        severity: 'warning',
        key,
        message: `${line} is pulled up${strong} while the Pi boots: that may switch ${purpose} on`,
        remedy: `${free}: they are pulled down`,
      },
    ];
  }
  // An alarm that is on until there is a gateway tells the truth.
  if (active === 'low' && pull === 'down' && key !== 'alarm.pin') {
    return [
      {
        severity: 'note',
        key,
        message: `${line} is pulled down while the Pi boots, and low is what switches ${purpose} on`,
        remedy: 'fit 10 kΩ from the line to 3.3 V, or use GPIO5 or GPIO6, which are pulled up',
      },
    ];
  }
  return [];
}

function checkFirmataLine({ key, line, purpose }: LineUse): readonly Finding[] {
  const { driven, pins, name } = boardPins(factsOfKind('uno'));
  const by = driven[line];
  if (by !== undefined) {
    const severity = by.until === 'always' ? 'error' : 'warning';
    return [
      {
        severity,
        key,
        message: `${line} of the Firmata board is no pin for ${purpose}: ${by.why}`,
        remedy: 'use D2 to D12',
      },
    ];
  }
  if (pins?.includes(line) === true) return [];
  // A larger board may have it.
  return [
    { severity: 'note', key, message: `an ${name} has no ${line}`, remedy: 'use D2 to D12, or a board that has it' },
  ];
}

function twice(uses: readonly LineUse[]): readonly Finding[] {
  return uses
    .filter((use, index) => uses.findIndex(({ line }) => line === use.line) < index)
    .map(({ key, line, purpose }) => {
      const first = uses.find((other) => other.line === line);
      return {
        severity: 'error' as const,
        key,
        message: `${line} has two uses: ${first?.purpose ?? 'another'}, and ${purpose}`,
        remedy: 'give each a line of its own',
      };
    });
}

function checkAlarm({ alarm }: Config): readonly Finding[] {
  if (alarm === null || alarm.activeLow || alarm.pin === 'emulated') return [];
  return [
    {
      severity: 'note',
      key: 'alarm.active-low',
      message: 'the alarm is on while its line is high: when the gateway is dead or has no power it is silent',
      remedy: 'let a low line light it (active-low: true), from a supply that outlives the gateway',
    },
  ];
}

function checkFirmataOutputs(uses: readonly LineUse[]): readonly Finding[] {
  if (!uses.some(({ line, direction }) => direction === 'output' && isFirmataLine(line))) return [];
  return [
    {
      severity: 'note',
      key: 'firmata.port',
      message:
        'the Firmata board may restart when its port is opened: then its lines are free for about a second, and the relay falls to rest',
      remedy: 'put 10 µF between its RESET and GND (plus at RESET) once StandardFirmata is on it',
    },
  ];
}
