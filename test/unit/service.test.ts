import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkModemManager } from '../../src/doctor/checks/usb/modem-manager.js';
import { checkUdevRules } from '../../src/doctor/checks/usb/udev-rules.js';
import { applyPlan, type MachineWriter, stepText } from '../../src/service/apply-plan.js';
import { thisMachineWriter } from '../../src/service/machine-writer.js';
import { pairDropIn, quoted } from '../../src/service/pair-drop-in.js';
import { planInstall } from '../../src/service/plan-install.js';
import { planUninstall } from '../../src/service/plan-uninstall.js';
import type { ServicePlan } from '../../src/service/service-plan.js';
import { changed, type MadeUp, madeUpMachine, ovenConfig, PI_3 } from './doctor-kit.js';

const OPTIONS = {
  configFile: '/srv/oven/oven.yaml',
  user: 'pi',
  program: ['/usr/bin/node', '/opt/copycat/dist/cli/main.js'],
};
const UNIT = '/etc/systemd/system/copycat@.service';
const DROP_IN = '/etc/systemd/system/copycat@oven.service.d/50-pair.conf';
const RULES = '/etc/udev/rules.d/70-copycat-oven.rules';

const plan = (made: MadeUp = PI_3, config = ovenConfig(), options = OPTIONS) =>
  planInstall(madeUpMachine(made), config, options);

function written({ steps }: ServicePlan): Record<string, string> {
  return Object.fromEntries(steps.flatMap((step) => (step.type === 'write' ? [[step.path, step.text]] : [])));
}

/** The machine after the files of a plan have been written. */
const installedOn = (made: MadeUp, installed: ServicePlan) => changed(made, written(installed));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-service-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what copycat service install does', () => {
  it('writes three files and starts the service, in this order', () => {
    expect(plan().steps.map(stepText)).toEqual([
      ...[`write ${UNIT}`, `write ${DROP_IN}`, `write ${RULES}`],
      'udevadm control --reload',
      'udevadm trigger --action=change --subsystem-match=usb --subsystem-match=usb-serial --subsystem-match=tty --subsystem-match=gpio',
      ...['systemctl daemon-reload', 'systemctl enable copycat@oven.service', 'systemctl restart copycat@oven.service'],
    ]);
  });

  it('gives the pair its user, groups, folders and command', () => {
    expect(written(plan())[DROP_IN]).toBe(`# Written by copycat service install for the pair oven
# configuration: /srv/oven/oven.yaml

[Service]
User=pi
SupplementaryGroups=dialout gpio
WorkingDirectory=/srv/oven
ExecStart=
ExecStart=/usr/bin/node /opt/copycat/dist/cli/main.js run -c /srv/oven/oven.yaml
ReadWritePaths=-/srv/oven
`);
  });

  it('has a folder below /run made and removed with the service, for a device or a socket that must not outlive it', () => {
    const config = ovenConfig({
      input:
        "[{ listen: 'pty:/run/copycat/oven/port' }, { listen: 'unix:/run/oven/in.sock' }, { listen: 'pty:/srv/x/port' }]",
      control: '/run/pairs/control.sock',
    });
    const lines = (written(plan(PI_3, config))[DROP_IN] ?? '')
      .split('\n')
      .filter((line) => /Director|Paths/.test(line));
    expect(lines).toEqual([
      'WorkingDirectory=/srv/oven',
      ...['RuntimeDirectory=copycat/oven', 'RuntimeDirectory=oven'],
      ...['ReadWritePaths=-/srv/oven', 'ReadWritePaths=-/run/pairs', 'ReadWritePaths=-/srv/x'],
    ]);
    // Never one in which the ledger is.
    const beside = ovenConfig({ input: "{ listen: 'pty:/run/oven/port' }", ledger: '{ path: /run/oven/db/l.sqlite }' });
    expect(written(plan(PI_3, beside))[DROP_IN]).not.toContain('RuntimeDirectory');
  });

  it('names no group that the system lacks: such a unit would not start', () => {
    const made = changed(PI_3, { '/etc/group': 'dialout:x:20:pi\n' });
    expect(written(plan(made))[DROP_IN]).toContain('SupplementaryGroups=dialout\n');
  });

  it('keeps /tmp visible where the pair lives there', () => {
    const config = ovenConfig({ ledger: '{ path: /tmp/oven/l.sqlite }' });
    expect(written(plan(PI_3, config))[DROP_IN]).toContain('PrivateTmp=no');
  });

  it('R27: keeps the hot journal of a person who logs out, and says so to the one that uninstalls', () => {
    const noLinger = changed(PI_3, { '/var/lib/systemd/linger/pi': undefined });
    const installed = plan(noLinger);
    expect(installed.steps.map(stepText)).toContain('loginctl enable-linger pi');
    const uninstalled = planUninstall(madeUpMachine(installedOn(noLinger, installed)), ovenConfig());
    expect(uninstalled.steps.map(stepText)).toContain('loginctl disable-linger pi');
    // Somebody else's lingering is left alone, and a second installation remembers the first.
    expect(plan().steps.map(stepText)).not.toContain('loginctl enable-linger pi');
    expect(
      written(plan(changed(installedOn(noLinger, installed), { '/var/lib/systemd/linger/pi': '' })))[DROP_IN],
    ).toContain('lingering');
  });

  it('refuses a name that another pair has, and a user that is not there', () => {
    const other = changed(PI_3, {
      [DROP_IN]: '# Written by copycat service install\n# configuration: /srv/other.yaml\n',
    });
    expect(() => plan(other)).toThrow('belongs to /srv/other.yaml');
    expect(() => plan(PI_3, ovenConfig(), { ...OPTIONS, user: 'nobody-here' })).toThrow('there is no user');
  });

  it('advises on the hardware watchdog where nobody feeds it, and on Node of a version manager', () => {
    const made = changed(PI_3, { '/etc/systemd/system.conf.d/50-watchdog.conf': undefined });
    const program = ['/home/pi/.nvm/versions/node/v20.19.2/bin/node', '/x.js'];
    const { notes } = plan(made, ovenConfig(), { ...OPTIONS, program });
    expect(notes.map((text) => text.split(':')[0])).toEqual([
      'hardware watchdog',
      'the service runs /home/pi/.nvm/versions/node/v20.19.2/bin/node',
    ]);
    expect(plan().notes).toEqual([]);
  });

  it('writes words of a command as systemd reads them', () => {
    expect(quoted('/srv/my oven/100%.yaml')).toBe('"/srv/my oven/100%%.yaml"');
    expect(quoted('a"b\\c$d')).toBe('"a\\"b\\\\c$$d"');
    expect(quoted('/srv/oven.yaml')).toBe('/srv/oven.yaml');
  });
});

describe('rules of udev', () => {
  it('name each board by its place, whatever the bus, and no other device', () => {
    const rules = written(plan())[RULES] ?? '';
    expect(rules.match(/KERNELS?=="[^"]*"/g)).toEqual([
      ...['KERNEL=="[0-9]*-1.2"', 'KERNELS=="[0-9]*-1.2"', 'KERNELS=="[0-9]*-1.2"'],
      ...['KERNEL=="[0-9]*-1.3"', 'KERNELS=="[0-9]*-1.3"', 'KERNELS=="[0-9]*-1.3"'],
      'KERNEL=="gpiochip*"',
    ]);
    expect(rules).toContain('SYMLINK+="copycat/oven-a"');
    expect(rules).not.toContain('idVendor');
  });

  it('name a board by what it says of itself where the configuration does', () => {
    const boards =
      '{ a: { kind: uno, match: { vendor: "2341", serial: 75830303934351D0A1B2 } }, b: { kind: uno, port: usb-1.3 } }';
    const rules = written(plan(PI_3, ovenConfig({ boards })))[RULES] ?? '';
    expect(rules).toContain('ATTR{idVendor}=="2341", ATTR{serial}=="');
    expect(rules).toContain('ATTRS{idVendor}=="2341", ATTRS{serial}=="');
  });

  it('name a device file by the place where it is now, and say so when nothing is there', () => {
    const boards = '{ a: { kind: uno, port: /dev/ttyACM0 }, b: { kind: uno, port: /dev/ttyUSB7 } }';
    const made = plan(PI_3, ovenConfig({ boards }));
    expect(written(made)[RULES]).toContain('KERNELS=="[0-9]*-1.2"');
    expect(made.notes).toEqual([expect.stringContaining('no rule for board b')]);
  });

  it('are what the doctor looks for, and keep ModemManager off both boards', () => {
    const running = changed(PI_3, {
      '/proc/501/comm': 'ModemManager\n',
      '/proc/501/cmdline': '/usr/sbin/ModemManager\0',
    });
    const doctored = madeUpMachine(installedOn(running, plan(running)));
    expect(checkModemManager(doctored, ovenConfig())).toMatchObject([{ verdict: 'right' }]);
    expect(checkUdevRules(doctored, ovenConfig())).toMatchObject([{ verdict: 'right' }]);
    // Another board that no rule names is still found.
    const boards = '{ a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: emulated } }';
    const onlyA = madeUpMachine(installedOn(running, plan(running, ovenConfig({ boards }))));
    expect(checkModemManager(onlyA, ovenConfig())).toMatchObject([
      { verdict: 'mend', found: expect.stringContaining('ttyACM1') },
    ]);
  });
});

describe('what copycat service uninstall does', () => {
  it('takes away what was installed, and nothing else', () => {
    expect(planUninstall(madeUpMachine(installedOn(PI_3, plan())), ovenConfig()).steps.map(stepText)).toEqual([
      'systemctl disable --now copycat@oven.service',
      ...[`remove ${DROP_IN}`, `remove ${RULES}`, `remove ${UNIT}`],
      'udevadm control --reload',
      'systemctl daemon-reload',
    ]);
  });

  it('leaves the shared unit to other pairs, and files that are not ours to whoever wrote them', () => {
    const other = {
      '/etc/systemd/system/copycat@kiln.service.d/50-pair.conf': '# Written by copycat service install\n',
    };
    const made = changed(installedOn(PI_3, plan()), { ...other, [RULES]: '# mine\n' });
    const { steps, notes } = planUninstall(madeUpMachine(made), ovenConfig());
    expect(steps.map(stepText)).toEqual([
      'systemctl disable --now copycat@oven.service',
      `remove ${DROP_IN}`,
      'systemctl daemon-reload',
    ]);
    expect(notes.join('\n')).toMatch(/70-copycat-oven.rules is not ours[\s\S]*stays: 1 other pair needs it/);
    expect(() => planUninstall(madeUpMachine(PI_3), ovenConfig())).toThrow('has no service here');
  });

  it('leaves a real folder as it was before', () => {
    const foreign = join(folder, 'etc/systemd/system/other.service');
    mkdirSync(dirname(foreign), { recursive: true });
    writeFileSync(foreign, '[Unit]\n');
    const before = filesBelow(folder);
    applyPlan(plan(), handsIn(folder).machine, () => undefined);
    expect(filesBelow(folder)).toHaveLength(before.length + 3);
    const installed = madeUpMachine(installedOn(PI_3, plan()));
    applyPlan(planUninstall(installed, ovenConfig()), handsIn(folder).machine, () => undefined);
    expect(filesBelow(folder)).toEqual(before);
    expect(existsSync(join(folder, dirname(DROP_IN)))).toBe(false);
  });
});

describe('carrying out', () => {
  it('stops at a command that fails, with what it said; goes on where it may', () => {
    const failing = (program: string) => handsIn(folder, (command) => (command[0] === program ? 1 : 0));
    const udev = failing('udevadm');
    applyPlan(plan(), udev.machine, () => undefined);
    expect(udev.ran.at(-1)).toBe('systemctl restart copycat@oven.service');
    const systemd = failing('systemctl');
    expect(() => applyPlan(plan(), systemd.machine, () => undefined)).toThrow(
      'systemctl daemon-reload failed: it said 1',
    );
    expect(systemd.ran.at(-1)).toBe('systemctl daemon-reload');
  });

  it('changes nothing where a program that it needs is not installed', () => {
    const before = filesBelow(folder);
    const { machine, ran } = handsIn(folder, () => 0, 'systemctl');
    expect(() => applyPlan(plan(), machine, () => undefined)).toThrow(
      'systemctl is not installed on this host (sudo apt-get install systemd): nothing was changed',
    );
    expect(filesBelow(folder)).toEqual(before);
    expect(ran).toEqual([]);
    // What may fail anyway may be missing too.
    applyPlan(plan(), handsIn(folder, () => 0, 'udevadm').machine, () => undefined);
  });
});

describe('the unit, to systemd itself', () => {
  const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

  function verify(change: (text: string) => string = (text) => text): { code: number | null; out: string } {
    const program = [process.execPath, join(folder, 'main.js')];
    writeFileSync(join(folder, 'main.js'), '');
    const made = changed(PI_3, { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n' });
    applyPlan(
      plan(made, ovenConfig(), { ...OPTIONS, user: 'root', program }),
      handsIn(folder).machine,
      () => undefined,
    );
    const unit = join(folder, UNIT);
    writeFileSync(unit, change(readFileSync(unit, 'utf8')));
    const env = { ...process.env, SYSTEMD_UNIT_PATH: `${dirname(unit)}:/usr/lib/systemd/system`, SYSTEMD_COLORS: '0' };
    const verified = spawnSync('systemd-analyze', ['verify', 'copycat@oven.service'], { env, encoding: 'utf8' });
    const scored = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=30', 'copycat@oven.service'],
      {
        ...{ env, encoding: 'utf8' },
      },
    );
    return { code: verified.status === 0 ? scored.status : verified.status, out: verified.stdout + verified.stderr };
  }

  it.skipIf(!hasAnalyze)('is understood in whole, and exposes little', () => {
    expect(verify()).toEqual({ code: 0, out: '' });
  });

  it.skipIf(!hasAnalyze)('and what systemd does not understand, or an open one, is noticed', () => {
    expect(verify((text) => text.replace('WatchdogSec=', 'WatchdogSecs=')).out).toContain('WatchdogSecs');
    expect(
      verify((text) => text.replace(/^(Protect|Restrict|System|Capability|Device|NoNew|Private).*\n/gm, '')).code,
    ).not.toBe(0);
  });

  it('starts again for ever, but not on a wrong configuration, and does not forbid what Node needs', () => {
    const unit = written(plan())[UNIT] ?? '';
    for (const line of [
      'Type=notify',
      'NotifyAccess=main',
      'Restart=always',
      'StartLimitIntervalSec=0',
      'RestartPreventExitStatus=2',
    ]) {
      expect(unit.split('\n')).toContain(line);
    }
    expect(unit).not.toMatch(/^(MemoryDenyWriteExecute|PrivateDevices|PrivateNetwork)=/m);
  });

  it('has a drop-in that says whose it is even where the name of the pair has lines', () => {
    const config = { ...ovenConfig(), name: 'two\nlines' };
    const text = pairDropIn({ config, ...OPTIONS, groups: [], lingers: false });
    expect(text.split('\n')[0]).toBe('# Written by copycat service install for the pair two lines');
  });
});

/** MachineWriter that write below a folder and note the commands. */
function handsIn(
  root: string,
  answer: (command: readonly string[]) => number = () => 0,
  missing = 'none',
): { machine: MachineWriter; ran: string[] } {
  const ran: string[] = [];
  const machine: MachineWriter = {
    write: (path, text) => thisMachineWriter.write(join(root, path), text),
    remove: (path) => thisMachineWriter.remove(join(root, path)),
    isProgram: (name) => name !== missing,
    run(command) {
      ran.push(command.join(' '));
      const code = answer(command);
      return { code, out: `it said ${code}` };
    },
  };
  return { machine, ran };
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
