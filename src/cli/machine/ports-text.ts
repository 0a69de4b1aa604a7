import { BOARD_KINDS } from '../../config/board-kinds.js';
import { factsOfKind } from '../../config/load/board-files.js';
import { wrap } from '../../faults/wrap-text.js';
import type { SurveyedPort } from '../../serial/ports/survey-ports.js';
import { eightBits, formatLine } from '../../values/line-settings.js';
import { commandName } from '../terminal/command-name.js';
import { colours, textWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

const ANY_MAKE = 'serial';

const NONE = [
  'no serial port with anything behind it',
  '  look at, in this order:',
  '  · the cable: many only charge; take one that has carried a sketch before',
  '  · the board: a light on it shows that it is fed',
  '  · lsusb: is a line more there with the board plugged in than without? Then its driver is missing',
  '  · dmesg -w, while you plug it in: what the kernel makes of it, and "over-current" where the supply is too weak',
  '  · in a container or a virtual machine: the device has to be passed on to it',
  "  · a Raspberry Pi's own UART: enable_uart=1 in /boot/firmware/config.txt, and no console on it (raspi-config)",
];

/** What copycat ports shows: a table, what may surprise, and lines to copy. */
export function portsText(ports: readonly SurveyedPort[]): string {
  if (ports.length === 0) return NONE.join('\n');
  const rows = ports.map((port) => [
    port.usb?.place ?? '–',
    port.device,
    port.what,
    port.usb === null ? '–' : (port.usb.serial ?? 'none'),
    port.users.map(({ name, pid }) => `${name} (${pid})`).join(', ') || '–',
  ]);
  return [
    textTable([['place', 'device', 'what it is', 'serial number', 'open in'], ...rows]),
    '',
    ...notes(ports),
    'in the configuration:',
    '',
    '  boards:',
    ...ports.map((port, index) => `    ${String.fromCharCode(97 + (index % 26))}: ${boardLine(port)}`),
    '',
    `which is which: ${commandName()} identify PLACE makes the lights of one blink`,
  ].join('\n');
}

function notes(ports: readonly SurveyedPort[]): readonly string[] {
  const twins = ports.filter((port) => port.twins.length > 0);
  const forbidden = ports.filter((port) => !port.isPermitted);
  const modem = ports.filter((port) => port.users.some(({ name }) => name === 'ModemManager'));
  const said = [
    ...(twins.length === 0
      ? []
      : [
          `twins, which only their places tell apart: ${twins.map(({ port }) => port).join(', ')}. Name them by place; by-id names and match cannot tell which is which`,
        ]),
    ...(forbidden.length === 0
      ? []
      : [
          `this user may not open ${forbidden.map(({ device }) => device).join(', ')}: sudo usermod -aG dialout $USER, then log in again`,
        ]),
    ...(modem.length === 0
      ? []
      : [
          `ModemManager has ${modem.map(({ device }) => device).join(', ')}: it talks to boards as if they were modems. docs/ports.md says how it is kept off`,
        ]),
  ];
  return said.flatMap((text) => [...wrap(text, textWidth() - 2).map((line) => `  ${colours.yellow(line)}`), '']);
}

/**
 * `{ kind: uno, port: usb-1.2 }  # Arduino Uno R3`: the kinds whose USB chip says the same, the likeliest first. What no kind has is a
 * board of any make, whose line settings are its own.
 */
function boardLine({ usb, port, what }: SurveyedPort): string {
  const id = usb === null ? '' : `${usb.vendor}:${usb.product}`;
  const kinds = BOARD_KINDS.filter((kind) => factsOfKind(kind).usb?.some(({ ids }) => ids.includes(id)) === true);
  const [first, ...others] = kinds;
  const perhaps = others.length === 0 ? '' : `, or kind ${others.join(' or ')}`;
  const line = first === undefined ? `, line: ${formatLine(eightBits(factsOfKind(ANY_MAKE).uart.baudRate))}` : '';
  return `{ kind: ${first ?? ANY_MAKE}, port: ${port}${line} }  # ${what}${perhaps}`;
}
