import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { linesOf } from '../../machine/gpio-lines.js';
import type { GpioChipFacts, GpioLineFacts, Machine } from '../../machine/machine.js';

/** How a gateway calls itself where it holds a line. */
const OURS = /^copycat/;
/** Chips whose line n is GPIOn on the 40-pin header, also where a device tree names it by another use of it (TXD1). */
const HEADERS = new Set(['pinctrl-bcm2835', 'pinctrl-bcm2711', 'pinctrl-rp1']);

/** Whether the chip and each line that the configuration names are there, and who holds them. */
export function checkGpio(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  const wanted = config === null ? [] : linesOf(config);
  if (config !== null && wanted.length === 0) return [];
  const chips = machine.gpioChips();
  const shut = chips.filter(({ trouble }) => trouble !== null);
  const there = chips.map(({ path, label }) => `${path}${label === '' ? '' : ` (${label})`}`).join(', ') || 'none';
  if (config === null) return [note('GPIO chips', there)];
  const [first] = shut;
  if (first !== undefined && shut.length === chips.length) {
    return [
      mend('GPIO chips', `${first.path}: ${first.trouble}`, 'see the group gpio above; log in again after a change'),
    ];
  }
  if (chips.length === 0) {
    return [
      mend(
        'GPIO chips',
        `there is no /dev/gpiochip0, and ${wanted.join(', ')} ${wanted.length === 1 ? 'is' : 'are'} needed`,
        'use a board with GPIO, or put the relay on a Firmata board (relay pin D7)',
      ),
    ];
  }
  const { gpioChip } = config;
  const meant = chips.filter(({ label }) => gpioChip === null || label === gpioChip);
  if (meant.length === 0) {
    return [
      mend(
        'GPIO chips',
        `no chip is called ${gpioChip}; there is ${there}`,
        'name one that is there, or auto (gpio: chip)',
      ),
    ];
  }
  return [right('GPIO chips', there), ...wanted.map((name) => lineFinding(name, meant))];
}

function lineFinding(name: string, chips: readonly GpioChipFacts[]): DoctorFinding {
  const named = chips.flatMap((chip) =>
    chip.lines.filter((line) => line.name === name).map((line) => ({ chip, line })),
  );
  const byNumber = chips
    .filter(({ label }) => HEADERS.has(label))
    .flatMap((chip) => chip.lines.filter(({ offset }) => `GPIO${offset}` === name).map((line) => ({ chip, line })));
  const [first, second] = named.length > 0 ? named : byNumber;
  const about = `line ${name}`;
  if (first === undefined) {
    return mend(
      about,
      `no line of ${chips.map(({ label }) => label).join(', ')} is called so`,
      'name a line that is there',
    );
  }
  if (second !== undefined) {
    return mend(
      about,
      `${first.chip.label} and ${second.chip.label} both have one`,
      'say which chip is meant (gpio: { chip: LABEL })',
    );
  }
  const where = `offset ${first.line.offset} of ${first.chip.label}`;
  return heldFinding(about, where, first.line);
}

function heldFinding(about: string, where: string, { holder, isOutput }: GpioLineFacts): DoctorFinding {
  if (holder === null) return right(about, `${where}, free, ${isOutput ? 'an output' : 'an input'} now`);
  if (OURS.test(holder)) return right(about, `${where}, held by a gateway`);
  return mend(
    about,
    `${where}, held by ${holder === '' ? 'a program that gives no name' : holder}`,
    'end that program, or take the overlay that uses the line out of config.txt (dtoverlay), or choose another line',
  );
}
