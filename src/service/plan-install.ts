import type { Config } from '../config/config.js';
import { instanceName } from '../config/instance-name.js';
import { checkHardwareWatchdog } from '../doctor/checks/host/hardware-watchdog.js';
import { checkJournal } from '../doctor/checks/storage/journal.js';
import type { Machine } from '../doctor/machine/machine.js';
import { pairDropIn as dropInPath, gatewayUser, groupId } from '../doctor/machine/service-user.js';
import { CopycatError } from '../errors/copycat-error.js';
import { pairDropIn, readDropIn } from './pair-drop-in.js';
import { run, type ServicePlan, tryRun, write } from './service-plan.js';
import { udevRules } from './udev-rules.js';
import { TEMPLATE_PATH, unitTemplate } from './unit-template.js';

export interface InstallOptions {
  /** Absolute. */
  readonly configFile: string;
  readonly user: string;
  /** Node and the program, absolute. */
  readonly program: readonly string[];
}

export function rulesPath(config: Config): string {
  return `/etc/udev/rules.d/70-copycat-${instanceName(config.name)}.rules`;
}

export function unitName(config: Config): string {
  return `copycat@${instanceName(config.name)}.service`;
}

/**
 * Everything that makes a service of a pair.
 * @throws CopycatError USAGE when another pair has the name already, or there is no such user
 */
export function planInstall(machine: Machine, config: Config, options: InstallOptions): ServicePlan {
  const { configFile, user, program } = options;
  const path = dropInPath(instanceName(config.name));
  const installed = readDropIn(machine.readFile(path) ?? '');
  if (installed.configFile !== null && installed.configFile !== configFile) {
    throw new CopycatError('USAGE', `a service of this name belongs to ${installed.configFile}`, {
      value: config.name,
      expected: 'another name in the configuration (name: …), or copycat service uninstall of the other one first',
    });
  }
  if (!new RegExp(`^${user}:`, 'm').test(machine.readFile('/etc/passwd') ?? '')) {
    throw new CopycatError('USAGE', `there is no user ${user}`, {
      value: user,
      expected: 'a user of this system (--user)',
    });
  }
  const groups = ['dialout', 'gpio'].filter((group) => groupId(machine, group) !== null);
  const lingers = installed.lingers !== null || needsLinger(machine, config, user);
  const rules = udevRules(machine, config);
  const unit = unitName(config);
  return {
    steps: [
      write(TEMPLATE_PATH, unitTemplate()),
      write(path, pairDropIn({ config, configFile, user, groups, program, lingers })),
      ...(rules.text === null ? [] : [write(rulesPath(config), rules.text)]),
      ...(lingers ? [run('loginctl', 'enable-linger', user)] : []),
      ...(rules.text === null ? [] : RELOAD_UDEV),
      run('systemctl', 'daemon-reload'),
      run('systemctl', 'enable', unit),
      run('systemctl', 'restart', unit),
    ],
    notes: [...rootNotes(user), ...rules.notes, ...watchdogNotes(machine), ...programNotes(program)],
  };
}

const RELOAD_UDEV = [
  tryRun('udevadm', 'control', '--reload'),
  // What is plugged in already gets the rules too.
  tryRun(
    'udevadm',
    'trigger',
    '--action=change',
    ...['usb', 'usb-serial', 'tty', 'gpio'].map((name) => `--subsystem-match=${name}`),
  ),
];

/** What a person has in /dev/shm is removed when they log out for the last time, unless they linger. */
function needsLinger(machine: Machine, config: Config, user: string): boolean {
  const asUser: Machine = { ...machine, user: { ...machine.user, name: user, uid: uidOf(machine, user) } };
  if (gatewayUser(asUser, config).name !== user) return false;
  return checkJournal(asUser, config).some(({ commands }) =>
    commands.some((command) => command.includes('enable-linger')),
  );
}

function uidOf(machine: Machine, user: string): number {
  return Number(new RegExp(`^${user}:[^:]*:(\\d+):`, 'm').exec(machine.readFile('/etc/passwd') ?? '')?.[1] ?? 0);
}

function rootNotes(user: string): readonly string[] {
  if (user !== 'root') return [];
  return [
    'the service runs as root, and needs no right that another user could not have: --user NAME, a member of dialout and gpio, is safer',
  ];
}

function watchdogNotes(machine: Machine): readonly string[] {
  return checkHardwareWatchdog(machine)
    .filter(({ verdict }) => verdict === 'mend')
    .map(({ about, found, fix, commands }) => `${about}: ${found}; ${fix}: ${commands.join(' && ')}`);
}

/** A version manager keeps Node in a folder of its version. */
function programNotes([node = '']: readonly string[]): readonly string[] {
  if (!/\/(\.nvm|\.volta|\.fnm|\.asdf|n)\//.test(node)) return [];
  return [`the service runs ${node}: install it again after another version of Node has replaced this one`];
}
