import { posix } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import type {
  FileFacts,
  GpioChipFacts,
  GpioLineFacts,
  Machine,
  NativeModuleFacts,
  Ran,
} from '../../src/doctor/machine/machine.js';

/** Files by their path; `-> PATH` is a link, and what begins with `device` a device file. */
export type Tree = Readonly<Record<string, string>>;

export interface MadeUp {
  readonly files?: Tree;
  readonly gpio?: readonly GpioChipFacts[];
  /** By the whole command line. */
  readonly answers?: Readonly<Record<string, Ran>>;
  readonly fsyncUs?: readonly number[] | string;
  readonly freeBytes?: number;
  readonly folderTrouble?: Readonly<Record<string, { readonly found: string; readonly cure: string }>>;
  readonly user?: Partial<Machine['user']>;
  readonly nodeVersion?: string;
  readonly nativeModules?: readonly NativeModuleFacts[];
}

/** A machine made of a tree of files and a few facts. Inode numbers are the places in the tree. */
export function madeUpMachine({ files = {}, gpio = [], answers = {}, ...facts }: MadeUp): Machine {
  const paths = Object.keys(files);
  const folders = new Set(paths.flatMap(foldersOf));
  const resolve = (path: string): string | null => follow(path, files, folders, 0);
  return {
    resolve,
    readFile(path) {
      const text = files[resolve(path) ?? ''];
      return text === undefined || text.startsWith('device') ? null : text;
    },
    list(path) {
      const folder = resolve(path);
      if (folder === null) return [];
      const inside = folder === '/' ? '/' : `${folder}/`;
      const names = paths
        .filter((one) => one.startsWith(inside))
        .map((one) => one.slice(inside.length).split('/')[0] ?? '');
      return [...new Set(names)].sort();
    },
    stat(path) {
      const real = resolve(path);
      if (real === null) return null;
      const inode = paths.indexOf(real) + 1;
      return { kind: kindOf(files[real]), mode: 0o644, uid: 0, gid: 0, inode, on: '179:2' };
    },
    run: (program, args) => answers[[program, ...args].join(' ')] ?? null,
    space: () => ({ freeBytes: facts.freeBytes ?? 8e9, totalBytes: 16e9 }),
    fsyncTimesUs: () => facts.fsyncUs ?? Array.from({ length: 40 }, (_, index) => 2000 + index * 100),
    privateFolderTrouble: (folder) => facts.folderTrouble?.[folder] ?? null,
    gpioChips: () => gpio,
    user: { name: 'pi', uid: 1000, gids: [1000, 20, 986], ...facts.user },
    nodeVersion: facts.nodeVersion ?? '20.19.2',
    nativeModules: () => facts.nativeModules ?? [{ name: 'koffi', trouble: null }],
  };
}

function foldersOf(path: string): string[] {
  const found: string[] = ['/'];
  for (let at = posix.dirname(path); at !== '/'; at = posix.dirname(at)) found.push(at);
  return found;
}

function kindOf(text: string | undefined): FileFacts['kind'] {
  if (text === undefined) return 'folder';
  if (text.startsWith('device')) return 'device';
  return text === 'socket' ? 'socket' : 'file';
}

function follow(path: string, files: Tree, folders: ReadonlySet<string>, depth: number): string | null {
  if (depth > 8) return null;
  let real = '';
  const steps = path.split('/').filter((step) => step !== '');
  for (const [index, step] of steps.entries()) {
    const at = `${real}/${step}`;
    const link = /^-> (.*)$/.exec(files[at] ?? '')?.[1];
    if (link !== undefined) {
      const rest = steps.slice(index + 1).join('/');
      return follow(posix.join(posix.resolve(real || '/', link), rest), files, folders, depth + 1);
    }
    real = at;
  }
  return real === '' || files[real] !== undefined || folders.has(real) ? real || '/' : null;
}

const USERS = {
  '/etc/passwd':
    'root:x:0:0::/root:/bin/sh\npi:x:1000:1000::/home/pi:/bin/bash\ncopycat:x:994:994::/:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\ndialout:x:20:pi\ngpio:x:986:pi\npi:x:1000:\n',
};

/** Two genuine Unos in the hub of a Pi, at usb-1.2 and usb-1.3. */
function unosBehind(controller: string): Tree {
  const usb = `/sys/devices/platform/${controller}/usb1/1-1`;
  const uno = (place: string, tty: string, serial: string): Tree => ({
    [`/sys/class/tty/${tty}`]: `-> ${usb}/1-${place}/1-${place}:1.0/tty/${tty}`,
    [`${usb}/1-${place}/1-${place}:1.0/tty/${tty}/device`]: '-> ../..',
    [`${usb}/1-${place}/1-${place}:1.0/driver`]: '-> /sys/bus/usb/drivers/cdc_acm',
    [`${usb}/1-${place}/idVendor`]: '2341\n',
    [`${usb}/1-${place}/idProduct`]: '0043\n',
    [`${usb}/1-${place}/serial`]: `${serial}\n`,
    [`${usb}/1-${place}/power/control`]: 'on\n',
    [`${usb}/1-${place}/power/autosuspend_delay_ms`]: '2000\n',
    [`/dev/${tty}`]: 'device',
  });
  return {
    '/sys/bus/usb/drivers/cdc_acm/module': '',
    [`${usb}/idVendor`]: '0424\n',
    ...uno('1.2', 'ttyACM0', '75830303934351D0A1B2'),
    ...uno('1.3', 'ttyACM1', '75830303934351D0C3D4'),
  };
}

const SOUND: Tree = {
  ...USERS,
  '/proc/self/mountinfo':
    '22 1 179:2 / / rw,noatime - ext4 /dev/root rw\n23 22 0:21 / /dev/shm rw - tmpfs tmpfs rw\n24 22 0:22 / /run rw - tmpfs tmpfs rw\n',
  '/sys/dev/block/179:2': '-> /sys/devices/platform/mmc0/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/mmcblk0p2',
  '/sys/devices/platform/mmc0/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/mmcblk0p2/partition': '2\n',
  '/sys/block/mmcblk0/device/type': 'SD\n',
  '/sys/block/mmcblk0/device/name': 'SD32G\n',
  '/srv/oven/oven.yaml': '',
  '/dev/shm/copycat/x': '',
  '/dev/watchdog': 'device',
  '/etc/systemd/system.conf.d/50-watchdog.conf': '[Manager]\nRuntimeWatchdogSec=15s\n',
  '/run/systemd/timesync/synchronized': '',
  '/run/systemd/users/1000': '',
  '/var/lib/systemd/linger/pi': '',
};

const hwmon = (alarm: string): Tree => ({
  '/sys/class/hwmon/hwmon0/name': 'cpu_thermal\n',
  '/sys/class/hwmon/hwmon1/name': 'rpi_volt\n',
  '/sys/class/hwmon/hwmon1/in0_lcrit_alarm': `${alarm}\n`,
  '/sys/class/thermal/thermal_zone0/temp': '51540\n',
});

const model = (name: string, chip: string): Tree => ({
  '/sys/firmware/devicetree/base/model': `${name}\0`,
  '/sys/firmware/devicetree/base/compatible': `raspberrypi\0${chip}\0`,
});

/** Raspberry Pi OS as it is delivered, with what the doctor advises done, and a pair plugged in. */
export const PI_3: MadeUp = {
  files: {
    ...SOUND,
    ...model('Raspberry Pi 3 Model B Plus Rev 1.3', 'brcm,bcm2837'),
    ...unosBehind('soc/3f980000.usb'),
    ...hwmon('0'),
    '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs': 'Y\n',
  },
  gpio: [headerChip('pinctrl-bcm2835')],
};
export const PI_4: MadeUp = {
  files: {
    ...SOUND,
    ...model('Raspberry Pi 4 Model B Rev 1.5', 'brcm,bcm2711'),
    ...unosBehind('scb/fd500000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0'),
    // A kernel without the driver of hwmon.
    '/sys/bus/platform/drivers/raspberrypi-firmware/soc:firmware/get_throttled': '0\n',
    '/sys/class/thermal/thermal_zone0/temp': '60100\n',
    '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs': 'Y\n',
  },
  gpio: [
    { path: '/dev/gpiochip1', label: 'raspberrypi-exp-gpio', trouble: null, lines: [] },
    headerChip('pinctrl-bcm2711'),
  ],
};
export const PI_5: MadeUp = {
  files: {
    ...SOUND,
    ...model('Raspberry Pi 5 Model B Rev 1.0', 'brcm,bcm2712'),
    ...unosBehind('axi/1000120000.pcie/1f00200000.usb/xhci-hcd.0'),
    ...hwmon('0'),
    '/sys/class/rtc/rtc0/name': 'rpi-rtc\n',
    '/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs': 'Y\n',
  },
  gpio: [
    headerChip('pinctrl-rp1'),
    { path: '/dev/gpiochip10', label: 'gpio-brcmstb@107d508500', trouble: null, lines: [] },
  ],
};
/** No GPIO, no watchdog, an SSD. */
export const PC: MadeUp = {
  files: {
    ...SOUND,
    ...unosBehind('pci0000:00/0000:00:14.0'),
    '/sys/dev/block/179:2': '-> /sys/devices/pci0000:00/nvme/nvme0/nvme0n1/nvme0n1p2',
    '/sys/devices/pci0000:00/nvme/nvme0/nvme0n1/nvme0n1p2/partition': '2\n',
    '/sys/class/rtc/rtc0/name': 'rtc_cmos\n',
  },
};

export function headerChip(label: string, lines: readonly Partial<GpioLineFacts>[] = []): GpioChipFacts {
  return {
    ...{ path: '/dev/gpiochip0', label, trouble: null },
    lines: Array.from({ length: 28 }, (_, offset) => ({
      ...{ offset, name: `GPIO${offset}`, holder: null, isOutput: false },
      ...lines.find((line) => line.offset === offset),
    })),
  };
}

/** The same machine with some files other or (undefined) gone. */
export function changed(made: MadeUp, files: Readonly<Record<string, string | undefined>>, more: MadeUp = {}): MadeUp {
  const all = Object.entries({ ...made.files, ...files }).flatMap(([path, text]) =>
    text === undefined ? [] : [[path, text]],
  );
  return { ...made, ...more, files: Object.fromEntries(all) as Tree };
}

export function ovenConfig(changes: Readonly<Record<string, string>> = {}): Config {
  const lines: Record<string, string> = {
    name: 'oven',
    boards: '{ a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }',
    relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, hold-off: latched-reset }',
    input: 'every 100ms',
    deadline: '50ms',
    ...changes,
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}: ${value}\n`);
  return parseConfig(text.join(''), 'oven.yaml', '/srv/oven');
}
