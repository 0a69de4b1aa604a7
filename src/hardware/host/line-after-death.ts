import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What becomes of an output when the process that holds it dies, kill -9 included, and how that is known. */
export interface LineAfterDeath {
  /** `held`: keeps its level. `released`: becomes an input, and the resistors outside decide. */
  readonly answer: 'held' | 'released' | 'unknown';
  readonly evidence: string;
  /** What in the host's set-up changes it to the other; null: nothing that is known. */
  readonly change: string | null;
}

export interface LineAfterDeathOptions {
  readonly line: string;
  /** Label of the chip that has it; null: as the model of the host says. */
  readonly chip: string | null;
  /** Where the kernel tells of itself, for tests: `/`; or what reads a file of it, null for one that is not there. */
  readonly root?: Root;
}

/** `/`, another folder that stands for it, or what reads a file of it: null for one that is not there. */
export type Root = string | ((path: string) => string | null);
type Driver = 'bcm2835' | 'rp1';

/**
 * The kernel gives a line back when its last descriptor is closed; whether the pin stays driven is the choice of the chip's
 * driver. Raspberry Pi OS lets it (persist_gpio_outputs, or not strict_gpiod), a plain Linux kernel makes it an input
 * (measured for both on pinctrl-bcm2835; RP1: raspberrypi/linux pull requests 6117 and 6150).
 */
export function lineAfterDeath({ line, chip, root = '/' }: LineAfterDeathOptions): LineAfterDeath {
  if (!line.startsWith('GPIO')) {
    return {
      answer: 'held',
      evidence: `${line} is a Firmata board's: it knows nothing of our process and keeps its pins, until its port is opened again where that resets it`,
      change: null,
    };
  }
  const driver = driverOf(chip, root);
  if (driver === null) {
    const what = chip ?? modelOf(root) ?? 'this host';
    return {
      answer: 'unknown',
      evidence: `nothing is known of how ${what} treats a line of a dead process`,
      change: null,
    };
  }
  return parameterOf(driver, root) ?? withoutParameter(driver, root);
}

function driverOf(chip: string | null, root: Root): Driver | null {
  if (chip === 'pinctrl-bcm2835' || chip === 'pinctrl-bcm2711') return 'bcm2835';
  if (chip === 'pinctrl-rp1') return 'rp1';
  if (chip !== null) return null;
  const compatible = read(root, 'sys/firmware/devicetree/base/compatible') ?? '';
  if (compatible.includes('brcm,bcm2712')) return 'rp1';
  return /brcm,bcm2(83[567]|711)/.test(compatible) ? 'bcm2835' : null;
}

function parameterOf(driver: Driver, root: Root): LineAfterDeath | null {
  const folder = `sys/module/pinctrl_${driver}/parameters`;
  const persists = read(root, `${folder}/persist_gpio_outputs`);
  // The name of its opposite, in the kernels of spring 2024.
  const strict = read(root, `${folder}/strict_gpiod`);
  if (persists === null && strict === null) return null;
  const name = persists === null ? 'strict_gpiod' : 'persist_gpio_outputs';
  const isHeld = persists === null ? !isYes(strict) : isYes(persists);
  return {
    answer: isHeld ? 'held' : 'released',
    evidence: `/${folder}/${name} is ${(persists ?? strict ?? '').trim()}`,
    change: isHeld ? 'dtparam=strict_gpiod in /boot/firmware/config.txt, then a reboot' : kernelWord(driver, root),
  };
}

/** What makes the other answer of a kernel that releases. */
function kernelWord(driver: Driver, root: Root): string {
  const said = read(root, 'proc/cmdline') ?? '';
  const isAsked = /\.(persist_gpio_outputs=(0|n)|strict_gpiod=(1|y))/i.test(said);
  if (isAsked)
    return 'no dtparam=strict_gpiod in /boot/firmware/config.txt (the kernel was told to release), then a reboot';
  return `pinctrl_${driver}.persist_gpio_outputs=y in /boot/firmware/cmdline.txt, then a reboot`;
}

function withoutParameter(driver: Driver, root: Root): LineAfterDeath {
  const release = read(root, 'proc/sys/kernel/osrelease')?.trim() ?? 'this kernel';
  if (driver === 'rp1') {
    return { answer: 'unknown', evidence: `${release} has no persist_gpio_outputs for the RP1`, change: null };
  }
  // Raspberry Pi's own kernels before the parameter (6.6 of spring 2024) had no strict way: they kept outputs.
  if (/rpi|\+$|-v[78]/.test(release)) {
    return {
      answer: 'unknown',
      evidence: `${release} is older than the parameter that would say it`,
      change: 'a newer kernel',
    };
  }
  return {
    answer: 'released',
    evidence: `${release} has no persist_gpio_outputs: its driver makes a released line an input`,
    change: 'a kernel of Linux 6.10 or later with pinctrl_bcm2835.persist_gpio_outputs=y',
  };
}

function isYes(text: string | null): boolean {
  return /^[Yy1]/.test(text ?? '');
}

function modelOf(root: Root): string | null {
  const model = read(root, 'sys/firmware/devicetree/base/model');
  return model === null ? null : model.replaceAll('\0', '').trim();
}

function read(root: Root, path: string): string | null {
  if (typeof root === 'function') return root(`/${path}`);
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    // Not there, or not for us: nothing is known from it, and that is an answer.
    return null;
  }
}
