import type { GpioChip, GpioHost } from '../../hardware/gpio/gpio-chip.js';
import { openLinuxGpio } from '../../hardware/gpio/linux-gpio.js';
import type { GpioChipFacts } from './machine.js';

/** What the host's GPIO chips are and who holds their lines; nothing is taken or changed. */
export async function askGpioChips(
  openHost: () => Promise<GpioHost> = openLinuxGpio,
): Promise<readonly GpioChipFacts[]> {
  const host = await openHost();
  return host.paths().map((path) => {
    try {
      const chip = host.open(path);
      try {
        return { path, label: chip.label, trouble: null, lines: linesOf(chip) };
      } finally {
        chip.close();
      }
    } catch (error) {
      // Mostly: this user may not open it. What it is stays unknown.
      return { path, label: '', trouble: error instanceof Error ? error.message : String(error), lines: [] };
    }
  });
}

function linesOf(chip: GpioChip): GpioChipFacts['lines'] {
  return Array.from({ length: chip.lineCount }, (_, offset) => {
    const { name, consumer, isUsed, isOutput } = chip.info(offset);
    return { offset, name, holder: isUsed ? consumer : null, isOutput };
  });
}
