import { CopycatError } from '../../errors/copycat-error.js';
import { type GpioChip, GpioError, type GpioHost } from './gpio-chip.js';

export interface FoundLine {
  readonly chip: GpioChip;
  readonly offset: number;
}

/**
 * Chips whose line n is the pin that everybody calls GPIOn, on the 40-pin header of a Raspberry Pi 3, 4 and 5. Some device
 * trees name a line by what it does at boot instead (`TXD1`, `ID_SDA`, `SPI_CE0_N`).
 */
const headerLabels: readonly string[] = ['pinctrl-bcm2835', 'pinctrl-bcm2711', 'pinctrl-rp1'];

/**
 * The chip and offset of a line such as `GPIO17`, on the chip of that label; `label` null: on the one chip that has a line
 * of this name. Never by the chip's number: a Raspberry Pi 5 has changed it with its kernel. The caller closes the chip.
 * @throws CopycatError RELAY_UNAVAILABLE: no chip, no permission, no such label or line, or several chips that fit
 */
export function findLine(host: GpioHost, line: string, label: string | null): FoundLine {
  const { chips, refused } = openAll(host);
  let found: FoundLine | null = null;
  try {
    found = choose(chips, refused, line, label);
    return found;
  } finally {
    for (const chip of chips) if (chip !== found?.chip) chip.close();
  }
}

function choose(
  chips: readonly GpioChip[],
  refused: readonly GpioError[],
  line: string,
  label: string | null,
): FoundLine {
  if (chips.length === 0) throw noChip(line, refused);
  const fitting = label === null ? chips : chips.filter((chip) => chip.label === label);
  const labels = [...new Set(chips.map((chip) => chip.label))].join(', ');
  if (fitting.length === 0) {
    throw new CopycatError('RELAY_UNAVAILABLE', `no GPIO chip of this host has the label ${label ?? ''}`, {
      value: label,
      expected: `gpio: { chip: auto }, or one of: ${labels}`,
    });
  }
  const named = fitting.flatMap((chip) => offsetsNamed(chip, line).map((offset) => ({ chip, offset })));
  const candidates = named.length > 0 ? named : fitting.flatMap((chip) => byNumber(chip, line));
  const [first] = candidates;
  if (first === undefined) {
    throw new CopycatError('RELAY_UNAVAILABLE', `no GPIO chip of this host has a line named ${line}`, {
      value: line,
      expected: `a line that gpioinfo shows (chips here: ${labels})`,
    });
  }
  const elsewhere = candidates.find(({ chip }) => chip !== first.chip);
  if (elsewhere !== undefined) {
    const both = `${first.chip.label} and ${elsewhere.chip.label}`;
    throw new CopycatError('RELAY_UNAVAILABLE', `more than one GPIO chip has a line named ${line}: ${both}`, {
      value: line,
      expected: 'gpio: { chip: LABEL } with the label of the right one',
    });
  }
  return first;
}

function offsetsNamed(chip: GpioChip, line: string): readonly number[] {
  return Array.from({ length: chip.lineCount }, (_, offset) => offset).filter(
    (offset) => chip.info(offset).name === line,
  );
}

function byNumber(chip: GpioChip, line: string): readonly FoundLine[] {
  const offset = Number(/^GPIO(\d+)$/.exec(line)?.[1] ?? Number.NaN);
  return headerLabels.includes(chip.label) && offset < chip.lineCount ? [{ chip, offset }] : [];
}

/** Every chip that lets us; one that does not may not be the one we need. */
function openAll(host: GpioHost): { readonly chips: readonly GpioChip[]; readonly refused: readonly GpioError[] } {
  const chips: GpioChip[] = [];
  const refused: GpioError[] = [];
  for (const path of host.paths()) {
    try {
      chips.push(host.open(path));
    } catch (error) {
      if (!(error instanceof GpioError)) throw error;
      refused.push(error);
    }
  }
  return { chips, refused };
}

function noChip(line: string, refused: readonly GpioError[]): CopycatError {
  const [first] = refused;
  if (first === undefined) {
    return new CopycatError('RELAY_UNAVAILABLE', `this host has no GPIO chip (/dev/gpiochip*), so no ${line}`, {
      value: line,
      expected: 'a Raspberry Pi or the like, or a line of a Firmata board such as D7',
    });
  }
  if (first.code === 'EACCES' || first.code === 'EPERM') {
    return new CopycatError('RELAY_UNAVAILABLE', `no permission to use the GPIO lines (${first.message})`, {
      value: line,
      expected: 'a user of the group gpio: sudo usermod -aG gpio USER, then log in again',
      cause: first,
    });
  }
  return new CopycatError('RELAY_UNAVAILABLE', `the GPIO lines cannot be used (${first.message})`, {
    value: line,
    expected: 'a kernel of Linux 5.10 or later with GPIO character devices',
    cause: first,
  });
}
