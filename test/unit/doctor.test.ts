import { describe, expect, it } from 'vitest';
import { doctorText } from '../../src/cli/machine/doctor.js';
import type { Config } from '../../src/config/config.js';
import { histogram } from '../../src/doctor/checks/storage/fsync.js';
import type { DoctorFinding } from '../../src/doctor/doctor-finding.js';
import { examine } from '../../src/doctor/examine.js';
import { changed, headerChip, type MadeUp, madeUpMachine, ovenConfig, PC, PI_3, PI_4, PI_5 } from './doctor-kit.js';

const OVEN = ovenConfig();

function toMend(made: MadeUp, config: Config | null = OVEN): readonly DoctorFinding[] {
  return examine(madeUpMachine(made), config).filter(({ verdict }) => verdict === 'mend');
}

function about(name: string, made: MadeUp, config: Config | null = OVEN): DoctorFinding | undefined {
  return examine(madeUpMachine(made), config).find((finding) => finding.about === name);
}

describe('the doctor on whole machines', () => {
  it.each([
    ['Pi 3', PI_3],
    ['Pi 4', PI_4],
    ['Pi 5', PI_5],
  ])('finds nothing to mend on a sound %s, and has looked at everything', (_, made) => {
    const findings = examine(madeUpMachine(made), OVEN);
    expect(findings.filter(({ verdict }) => verdict === 'mend')).toEqual([]);
    expect(findings.map((finding) => finding.about)).toEqual([
      ...[
        'Node',
        'native modules',
        'group dialout',
        'group gpio',
        'serial port of a',
        'serial port of b',
        'ModemManager',
        'brltty',
        'udev rules',
      ],
      ...[
        'USB latency of a',
        'USB latency of b',
        'USB sleep of a',
        'USB sleep of b',
        'GPIO chips',
        'line GPIO17',
        'line GPIO27',
      ],
      ...[
        'relay without a gateway',
        'power supply',
        'storage of the ledger',
        'disk time of the ledger',
        'hot journal',
        'swap',
      ],
      ...[
        'room for the ledger',
        'room for the hot journal',
        'log',
        'clock',
        'hardware watchdog',
        'service',
        'gateway of this ledger',
      ],
    ]);
  });

  it('finds on a PC that there are no GPIO lines, and nothing else to mend', () => {
    expect(toMend(PC).map((finding) => finding.about)).toEqual(['GPIO chips']);
    expect(toMend(PC, ovenConfig({ relay: '{ pin: D7, at-rest: a }', firmata: '{ port: usb-1.3 }' }))).toMatchObject([
      { found: '/dev/ttyACM1 is the port of two boards' },
    ]);
  });

  it('asks nothing of ports and lines where the boards are emulated', () => {
    const emulated = ovenConfig({ boards: '{ a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }' });
    expect(toMend({ files: PC.files ?? {} }, emulated)).toEqual([]);
  });

  it('gives every finding that has to be mended a fix, and looks at a machine without a configuration', () => {
    const broken: MadeUp = {
      user: { gids: [] },
      fsyncUs: 'EACCES: permission denied',
      freeBytes: 0,
      nodeVersion: '18.19.0',
    };
    const findings = [...toMend(broken), ...toMend(broken, null)];
    expect(findings.length).toBeGreaterThan(8);
    expect(findings.filter(({ fix }) => fix === null || fix === '')).toEqual([]);
  });
});

describe('who may open what', () => {
  it('says which group is missing, and when a new one needs another login', () => {
    expect(about('group gpio', changed(PI_3, { '/etc/group': 'dialout:x:20:pi\ngpio:x:986:\n' }))).toMatchObject({
      verdict: 'mend',
      commands: ['sudo usermod -aG gpio pi'],
    });
    expect(about('group dialout', { ...PI_3, user: { gids: [1000] } })?.fix).toBe('log out and in again');
  });

  it('asks for the user of the service, where there is one', () => {
    const dropIn = { '/etc/systemd/system/copycat@oven.service.d/50-pair.conf': '[Service]\nUser=copycat\n' };
    expect(about('group dialout', changed(PI_3, dropIn))?.found).toBe(
      'copycat is not in it and may not open serial ports',
    );
  });
});

describe('ports', () => {
  it('says what there is when a board is not where it is configured', () => {
    const found = about(
      'serial port of b',
      PI_3,
      ovenConfig({ boards: '{ a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.4 } }' }),
    );
    expect(found).toMatchObject({ verdict: 'mend', found: expect.stringContaining('ttyACM1 at usb-1.3 (2341:0043') });
  });

  it('names the program that holds a port, and not a gateway', () => {
    const held = (program: string) =>
      about(
        'serial port of a',
        changed(PI_3, { '/proc/812/comm': `${program}\n`, '/proc/812/fd/7': '-> /dev/ttyACM0' }),
      );
    expect(held('screen')).toMatchObject({ verdict: 'mend', found: '/dev/ttyACM0 is held by screen (process 812)' });
    expect(held('node')).toMatchObject({ verdict: 'right' });
  });

  it('finds a board by what it says of itself, and by a device file', () => {
    const boards =
      '{ a: { kind: uno, match: { serial: 75830303934351D0C3D4 } }, b: { kind: uno, port: /dev/ttyACM0 } }';
    const ports = examine(madeUpMachine(PI_3), ovenConfig({ boards })).filter((finding) =>
      finding.about.startsWith('serial'),
    );
    expect(ports.map(({ found }) => found.split(',')[0])).toEqual(['/dev/ttyACM1', '/dev/ttyACM0']);
  });
});

describe('programs that take a board away', () => {
  const modemManager = { '/proc/501/comm': 'ModemManager\n', '/proc/501/cmdline': '/usr/sbin/ModemManager\0' };

  it('finds ModemManager where no rule keeps it off every board', () => {
    expect(about('ModemManager', changed(PI_3, modemManager))).toMatchObject({
      verdict: 'mend',
      found: expect.stringContaining('filter policy strict'),
    });
    const rule = (text: string) => changed(PI_3, { ...modemManager, '/etc/udev/rules.d/70-x.rules': text });
    expect(about('ModemManager', rule('ATTRS{idVendor}=="2341", ENV{ID_MM_DEVICE_IGNORE}="1"\n'))?.verdict).toBe(
      'right',
    );
    expect(about('ModemManager', rule('ATTRS{idVendor}=="1a86", ENV{ID_MM_DEVICE_IGNORE}="1"\n'))?.verdict).toBe(
      'mend',
    );
    expect(about('ModemManager', rule('# ATTRS{idVendor}=="2341", ENV{ID_MM_DEVICE_IGNORE}="1"\n'))?.verdict).toBe(
      'mend',
    );
  });

  it.each([
    // The mark counts under every policy (ModemManager since 1.12), unless another says that the board is to be asked.
    ['strict', 'ENV{ID_MM_DEVICE_IGNORE}="1"', 'right', 'a rule of udev keeps it off the boards'],
    ['default', 'ENV{ID_MM_DEVICE_IGNORE}="1"', 'right', 'a rule of udev keeps it off the boards'],
    ['strict', 'ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_DEVICE_PROCESS}="1"', 'mend', 'filter policy strict'],
    // This one asks nothing but what is marked.
    ['ALLOWLIST-ONLY', '', 'right', 'asks none of the boards'],
    ['whitelist-only', '', 'right', 'asks none of the boards'],
    ['ALLOWLIST-ONLY', 'ENV{ID_MM_DEVICE_PROCESS}="1"', 'mend', 'filter policy allowlist-only'],
  ])('ModemManager with --filter-policy=%s and the mark %s: %s', (policy, mark, verdict, found) => {
    const machine = changed(PI_3, {
      ...modemManager,
      '/proc/501/cmdline': `/usr/sbin/ModemManager\0--filter-policy=${policy}\0`,
      '/etc/udev/rules.d/70-x.rules': `ATTRS{idVendor}=="2341", ${mark}\n`,
    });
    expect(about('ModemManager', machine)).toMatchObject({ verdict, found: expect.stringContaining(found) });
  });

  it('finds the rules of brltty, until they are masked', () => {
    const rules = {
      '/usr/lib/udev/rules.d/85-brltty.rules': 'ENV{PRODUCT}=="1a86/7523/*", ENV{BRLTTY_BRAILLE_DRIVER}="bm"\n',
    };
    expect(about('brltty', changed(PI_3, rules))).toMatchObject({
      verdict: 'mend',
      found: expect.stringContaining('1a86'),
    });
    const masked = { ...rules, '/etc/udev/rules.d/85-brltty.rules': '-> /dev/null', '/dev/null': 'device' };
    expect(about('brltty', changed(PI_3, masked))?.verdict).toBe('right');
  });
});

describe('USB', () => {
  const usb = '/sys/devices/platform/soc/3f980000.usb/usb1/1-1/1-1.2';
  const ftdi = (ms: string) => ({
    '/sys/class/tty/ttyACM0': undefined,
    '/sys/class/tty/ttyUSB0': `-> ${usb}/1-1.2:1.0/ttyUSB0/tty/ttyUSB0`,
    [`${usb}/1-1.2:1.0/ttyUSB0/tty/ttyUSB0/device`]: '-> ../..',
    [`${usb}/1-1.2:1.0/ttyUSB0/driver`]: '-> /sys/bus/usb-serial/drivers/ftdi_sio',
    '/sys/bus/usb-serial/drivers/ftdi_sio/module': '',
    [`${usb}/1-1.2:1.0/ttyUSB0/latency_timer`]: `${ms}\n`,
    '/dev/ttyUSB0': 'device',
  });

  it('says what a latency timer costs, and what was gained', () => {
    expect(about('USB latency of a', changed(PI_3, ftdi('16')))).toMatchObject({
      verdict: 'mend',
      fix: expect.stringContaining('gains up to 15 ms'),
      commands: [`echo 1 | sudo tee ${usb}/1-1.2:1.0/ttyUSB0/latency_timer`],
    });
    expect(about('USB latency of a', changed(PI_3, ftdi('1')))).toMatchObject({ verdict: 'right' });
    expect(about('USB latency of b', PI_3)?.found).toContain('ATmega16U2');
  });

  it('finds a board that may be put to sleep', () => {
    expect(about('USB sleep of a', changed(PI_3, { [`${usb}/power/control`]: 'auto\n' }))).toMatchObject({
      verdict: 'mend',
      found: 'the kernel may suspend it after 2000 ms without traffic',
    });
  });
});

describe('lines', () => {
  it('names who holds one', () => {
    const held = (holder: string) => ({ ...PI_3, gpio: [headerChip('pinctrl-bcm2835', [{ offset: 17, holder }])] });
    expect(about('line GPIO17', held('w1'))).toMatchObject({
      verdict: 'mend',
      found: expect.stringContaining('held by w1'),
    });
    expect(about('line GPIO17', held('copycat'))?.verdict).toBe('right');
  });

  it('finds lines of a header by their number where the system names them otherwise', () => {
    const chip = headerChip('pinctrl-bcm2711', [{ offset: 17, name: 'RTS0' }]);
    expect(about('line GPIO17', { ...PI_4, gpio: [chip] })?.verdict).toBe('right');
    expect(about('line GPIO17', { ...PI_4, gpio: [{ ...chip, label: 'other' }] })?.verdict).toBe('mend');
  });

  it('asks which chip is meant when two have the line', () => {
    const two = { ...PI_5, gpio: [headerChip('pinctrl-rp1'), headerChip('gpio-sim')] };
    expect(about('line GPIO17', two)?.fix).toContain('gpio: { chip: LABEL }');
    expect(about('line GPIO17', two, ovenConfig({ gpio: '{ chip: pinctrl-rp1 }' }))?.verdict).toBe('right');
    expect(about('GPIO chips', two, ovenConfig({ gpio: '{ chip: nosuch }' }))?.verdict).toBe('mend');
  });

  it.each([
    ['release', 'Y', 'mend'],
    ['release', 'N', 'right'],
    ['hold', 'Y', 'right'],
    ['hold', 'N', 'mend'],
  ])('R13, R27: on-gateway-death: %s where persist_gpio_outputs is %s: %s', (wanted, persists, verdict) => {
    const config = ovenConfig({ relay: `{ pin: GPIO17, at-rest: a, on-gateway-death: ${wanted} }` });
    const made = changed(PI_3, { '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs': `${persists}\n` });
    expect(about('relay without a gateway', made, config)?.verdict).toBe(verdict);
  });

  it('R13: what the relay does by itself is known, and a hold that a dead-man drive cannot keep is found', () => {
    const verdict = (relay: string, made: MadeUp = PI_3) =>
      about('relay without a gateway', made, ovenConfig({ relay }))?.verdict;
    const releases = changed(PI_3, { '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs': 'N\n' });
    expect(verdict('{ kind: latching, pins: { a: GPIO17, b: GPIO22 }, at-rest: a }', releases)).toBe('right');
    expect(verdict('{ pin: GPIO17, at-rest: a, dead-man: { pin: GPIO6 } }')).toBe('right');
    expect(verdict('{ pin: GPIO17, at-rest: a, dead-man: { pin: GPIO6 }, on-gateway-death: hold }')).toBe('mend');
    const latching = 'kind: latching, pins: { a: GPIO17, b: GPIO22 }, at-rest: a';
    expect(verdict(`{ ${latching}, on-gateway-death: release }`)).toBe('mend');
    expect(verdict('{ pin: GPIO17, at-rest: a, hold-off: series-relay }', releases)).toBe('right');
    expect(verdict('{ pin: GPIO17, at-rest: a, hold-off: series-relay, on-gateway-death: hold }', releases)).toBe(
      'note',
    );
  });

  it('R13: the service releases what the kernel keeps, and the doctor knows of it', () => {
    const config = ovenConfig({ relay: '{ pin: GPIO17, at-rest: a, on-gateway-death: release }' });
    const dropIn = {
      '/etc/systemd/system/copycat@oven.service.d/50-pair.conf': '[Service]\nUser=pi\nExecStopPost=-x\n',
    };
    expect(about('relay without a gateway', changed(PI_3, dropIn), config)?.verdict).toBe('note');
  });

  it('says that it cannot know where the kernel says nothing', () => {
    const made = changed(PI_3, {
      '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs': undefined,
      '/proc/sys/kernel/osrelease': '6.1.21-v8+\n',
    });
    expect(about('relay without a gateway', made)).toMatchObject({
      ...{ verdict: 'note', found: expect.stringContaining('is not known: 6.1.21-v8+ is older') },
    });
  });
});

describe('supply', () => {
  it('tells under-voltage from hwmon, and from the firmware where there is no hwmon', () => {
    const alarm = { '/sys/class/hwmon/hwmon1/in0_lcrit_alarm': '1\n' };
    expect(about('power supply', changed(PI_3, alarm))).toMatchObject({
      verdict: 'mend',
      found: expect.stringMatching(/^under-voltage:/),
    });
    const firmware = (bits: string) =>
      about(
        'power supply',
        changed(PI_4, { '/sys/bus/platform/drivers/raspberrypi-firmware/soc:firmware/get_throttled': bits }),
      );
    expect(firmware('50000\n')?.found).toMatch(/^under-voltage, processor slowed down:/);
    expect(firmware('80000\n')?.found).toMatch(/^processor slowed down:/);
    expect(firmware('0\n')?.verdict).toBe('right');
  });

  it('tells a hot processor', () => {
    expect(about('power supply', changed(PI_3, { '/sys/class/thermal/thermal_zone0/temp': '82100\n' }))?.found).toMatch(
      /^82 °C:/,
    );
  });
});

describe('storage', () => {
  const eMmc = (life: string, reserve: string) =>
    about(
      'storage of the ledger',
      changed(PI_4, {
        '/sys/block/mmcblk0/device/type': 'MMC\n',
        '/sys/block/mmcblk0/device/life_time': `${life}\n`,
        '/sys/block/mmcblk0/device/pre_eol_info': `${reserve}\n`,
      }),
    );

  it('tells how worn an eMMC is, and that an SD card does not say', () => {
    expect(eMmc('0x01 0x03', '0x01')).toMatchObject({
      verdict: 'right',
      found: 'eMMC SD32G, at most 30 % of its life used',
    });
    expect(eMmc('0x01 0x0a', '0x01')).toMatchObject({
      verdict: 'mend',
      found: expect.stringContaining('90 % or more'),
    });
    expect(eMmc('0x01 0x01', '0x02')).toMatchObject({
      verdict: 'mend',
      found: expect.stringContaining('spare blocks'),
    });
    expect(about('storage of the ledger', PI_4)).toMatchObject({
      verdict: 'note',
      found: expect.stringContaining('SD card'),
    });
  });

  it('refuses a ledger in memory or on the network', () => {
    const on = (type: string) =>
      about('storage of the ledger', changed(PI_3, { '/proc/self/mountinfo': `22 1 0:5 / / rw - ${type} x rw\n` }))
        ?.verdict;
    expect([on('tmpfs'), on('nfs4'), on('ext4')]).toEqual(['mend', 'mend', 'right']);
  });

  it('R17: a slow disk has to be mended only where every commit waits for it', () => {
    const slow = { ...PI_3, fsyncUs: [2000, 3000, 900_000] };
    expect(about('disk time of the ledger', slow)).toMatchObject({ verdict: 'note' });
    expect(about('disk time of the ledger', slow, ovenConfig({ ledger: '{ durability: power }' }))).toMatchObject({
      verdict: 'mend',
      found:
        'fsync 3.0 ms typical, 900 ms worst of 3: 1 below 3 ms, 1 below 10 ms, 1 below 1000 ms; with durability power every commit waits for it',
    });
    expect(histogram([1_000_000])).toBe('1 of 1000 ms or more');
  });

  it('R27: finds a hot journal that is on a disk, or removed when its user logs out', () => {
    expect(about('hot journal', PI_3, ovenConfig({ ledger: '{ journal: /srv/oven/journal }' }))?.verdict).toBe('mend');
    const noLinger = changed(PI_3, { '/var/lib/systemd/linger/pi': undefined });
    expect(about('hot journal', noLinger)).toMatchObject({
      verdict: 'mend',
      commands: ['sudo loginctl enable-linger pi'],
    });
    const kept = changed(noLinger, { '/etc/systemd/logind.conf': '[Login]\nRemoveIPC=no\n' });
    expect(about('hot journal', kept)?.verdict).toBe('right');
    expect(about('hot journal', noLinger, ovenConfig({ ledger: '{ durability: power }' }))).toBeUndefined();
    const service = { '/etc/systemd/system/copycat@oven.service.d/50-pair.conf': '[Service]\nUser=copycat\n' };
    expect(about('hot journal', changed(noLinger, service))?.verdict).toBe('right');
  });

  it('R32: finds memory that a takeover would have to wait for', () => {
    const swaps = (...lines: string[]) => ({ '/proc/swaps': ['Filename\t\tType\t\tSize', ...lines, ''].join('\n') });
    const file = swaps('/var/swap                               file\t\t524272\t\t0\t\t-2');
    const service = { '/etc/systemd/system/copycat@oven.service.d/50-pair.conf': '[Service]\nUser=pi\n' };
    const accounted = { '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n' };
    const found = (...trees: Readonly<Record<string, string>>[]) =>
      about('swap', changed(PI_3, Object.assign({}, ...trees)))?.verdict;
    expect(found(swaps())).toBe('right');
    expect(found(swaps('/dev/zram0 partition 1 0 100'))).toBe('right');
    expect(found(file)).toBe('note');
    expect(found(file, service)).toBe('mend');
    expect(found(file, service, accounted)).toBe('right');
    expect(about('swap', changed(PI_3, { ...file, ...service }))?.found).toContain('/var/swap');
  });

  it('wants room for both files', () => {
    expect(toMend({ ...PI_3, freeBytes: 20e6 }).map((finding) => finding.about)).toEqual([
      'room for the ledger',
      'room for the hot journal',
    ]);
  });
});

describe('the machine around it', () => {
  it('says where the log goes, and how to spare a card', () => {
    expect(about('log', PI_3)?.verdict).toBe('right');
    const onDisk = changed(PI_3, { '/var/log/journal/x': '' });
    expect(about('log', onDisk)?.verdict).toBe('note');
    const conf = (text: string) => changed(onDisk, { '/etc/systemd/journald.conf.d/50-x.conf': text });
    expect(about('log', conf('Storage=volatile\n'))?.found).toContain('in memory');
    expect(about('log', conf('SystemMaxUse=100M\n'))?.found).toContain('at most 100M');
  });

  it('tells a clock that nobody sets from one that is not set yet, and believes timedatectl', () => {
    const unset = changed(PI_3, { '/run/systemd/timesync/synchronized': undefined });
    expect(about('clock', unset)?.found).toContain('nothing sets it');
    expect(about('clock', changed(unset, { '/proc/300/comm': 'systemd-timesyn\n' }))?.found).toContain(
      'not synchronised yet',
    );
    const answers = { 'timedatectl show --property=NTPSynchronized --value': { code: 0, out: 'yes\n' } };
    expect(about('clock', { ...unset, answers })?.verdict).toBe('note');
    expect(about('clock', PI_5)?.verdict).toBe('right');
  });

  it('reads the setting of the hardware watchdog where systemd does: the last of the drop-ins counts', () => {
    const file = '/etc/systemd/system.conf.d/50-watchdog.conf';
    expect(about('hardware watchdog', changed(PI_3, { [file]: undefined }))?.verdict).toBe('mend');
    const shipped = { [file]: undefined, '/usr/lib/systemd/system.conf.d/40-rpi.conf': 'RuntimeWatchdogSec=1m\n' };
    expect(about('hardware watchdog', changed(PI_3, shipped))?.found).toBe('fed by systemd (1m)');
    expect(about('hardware watchdog', changed(PI_3, { ...shipped, [file]: 'RuntimeWatchdogSec=off\n' }))?.verdict).toBe(
      'mend',
    );
    expect(about('hardware watchdog', changed(PI_3, { '/dev/watchdog': undefined }))?.verdict).toBe('note');
  });

  it('says whether the service starts with the machine', () => {
    const installed = {
      '/etc/systemd/system/copycat@.service': '[Unit]\n',
      '/etc/systemd/system/copycat@oven.service.d/50-pair.conf': '[Service]\nUser=pi\n',
    };
    const enabled = {
      ...installed,
      '/etc/systemd/system/multi-user.target.wants/copycat@oven.service': '-> ../copycat@.service',
    };
    expect(about('service', changed(PI_3, installed))?.commands).toEqual([
      'sudo systemctl enable copycat@oven.service',
    ]);
    const answers = (out: string) => ({ 'systemctl is-active copycat@oven.service': { code: 3, out } });
    expect(about('service', changed(PI_3, enabled, { answers: answers('active\n') }))?.verdict).toBe('right');
    expect(about('service', changed(PI_3, enabled, { answers: answers('failed\n') }))?.commands[0]).toContain(
      'journalctl',
    );
  });

  it('names the gateway that has the ledger, by the lock that the kernel knows', () => {
    const lock = '/srv/oven/copycat.sqlite.lock';
    const tree = {
      [lock]: '',
      '/proc/77/comm': 'node\n',
      '/proc/77/cgroup': '0::/user.slice/x\n',
      '/srv/oven/copycat.sock': 'socket',
    };
    const inode = madeUpMachine(changed(PI_3, tree)).stat(lock)?.inode ?? 0;
    const locks = (on: string) =>
      `1: FLOCK  ADVISORY  WRITE 9 00:01:5 0 EOF\n2: POSIX  ADVISORY  WRITE 77 ${on}:${inode} 0 EOF\n`;
    const with_ = (files: Record<string, string | undefined>) =>
      about('gateway of this ledger', changed(PI_3, { ...tree, '/proc/locks': locks('b3:02'), ...files }));
    expect(with_({})).toMatchObject({
      verdict: 'note',
      found: expect.stringContaining('process 77 (node), started by hand'),
    });
    expect(with_({ '/proc/77/cgroup': '0::/system.slice/copycat@oven.service\n' })?.verdict).toBe('right');
    expect(with_({ '/srv/oven/copycat.sock': undefined })).toMatchObject({ verdict: 'mend', commands: ['kill 77'] });
    expect(with_({ '/proc/locks': locks('b3:03') })?.found).toBe('none is running');
  });
});

describe('what copycat doctor shows', () => {
  it('begins with what has to be mended, its fix and its command', () => {
    const findings = examine(madeUpMachine(changed(PI_3, { '/etc/group': 'dialout:x:20:\ngpio:x:986:pi\n' })), OVEN);
    expect(doctorText(findings, 'oven.yaml').split('\n').slice(0, 5)).toEqual([
      'this machine, for oven.yaml: 1 to mend',
      '',
      '✗ group dialout: pi is not in it and may not open serial ports',
      '    do: add the user, then log in again:',
      '        sudo usermod -aG dialout pi',
    ]);
  });
});
