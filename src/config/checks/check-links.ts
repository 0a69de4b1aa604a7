import { formatLine } from '../../values/line-settings.js';
import { linkFloor } from '../budget/link-floor.js';
import type { BoardConfig, Config } from '../config.js';
import type { ProtocolConfig } from '../protocol-config.js';
import { formatDuration } from '../schema/duration.js';
import { checkLine } from './check-line.js';
import type { Finding } from './finding.js';
import type { MachineFacts } from './machine-facts.js';

/** What is wrong or surprising about one board and its link. */
export function checkBoard(board: BoardConfig, protocol: ProtocolConfig, machine: MachineFacts): Finding[] {
  const findings: Finding[] = protocol.dialect === 'harness' ? [...checkLine(board)] : [];
  const key = `boards.${board.board}`;
  const { bootloader } = board.facts;
  if (bootloader?.afterWatchdogReset === 'loops' && board.port.type !== 'emulated') {
    findings.push({
      severity: 'warning',
      key: `${key}.kind`,
      message:
        `the bootloader of this board (${bootloader.name}) may never end after a watchdog reset: ` +
        `board ${board.board}, once hung, stays out until its supply is taken away`,
      remedy: `replace the bootloader (boards/${board.kind}/board.md says how) and call the board ${board.kind.replace(/-old$/, '')}`,
    });
  }
  if (board.firmware !== null && !machine.exists(board.firmware)) {
    findings.push({
      severity: 'error',
      key: `${key}.firmware`,
      message: `there is no file ${board.firmware}`,
      remedy: 'the path is relative to the configuration file; heater.hex names the image that comes along',
    });
  }
  if (board.port.type === 'path' && /\/tty(ACM|USB)\d+$/.test(board.port.path)) {
    findings.push({
      severity: 'warning',
      key: `${key}.port`,
      message: `${board.port.path} is numbered in the order of plugging: after a restart it may be the other board`,
      remedy: 'name the place of the plug (usb-1.2) or the link below /dev/serial/by-id',
    });
  }
  if (board.port.type === 'path' && !machine.exists(board.port.path)) {
    findings.push({
      severity: 'note',
      key: `${key}.port`,
      message: `${board.port.path} is not there now`,
      remedy: 'plug the board in; the gateway waits for it',
    });
  }
  return findings;
}

/** R14: a deadline that a sound board cannot always meet would lock sound boards out. */
export function checkDeadline(config: Config): Finding[] {
  const [slowest] = config.boards
    .map((board) => ({ board, floor: linkFloor(board) }))
    .sort((one, other) => other.floor.worstUs - one.floor.worstUs);
  if (slowest === undefined || config.deadlineUs >= slowest.floor.worstUs) return [];
  const { board, floor } = slowest;
  return [
    {
      severity: 'error',
      key: 'deadline',
      message:
        `${formatDuration(config.deadlineUs)} is less than board ${board.board} may need when all is well: ` +
        `${formatDuration(floor.worstUs)} with ${floor.link} at ${formatLine(board.line)}`,
      remedy: `set it to ${Math.ceil(floor.worstUs / 1000)}ms or more; twice that leaves room`,
    },
  ];
}

/** Ticks that come faster than the link carries them. */
export function checkTicks(config: Config): Finding[] {
  const ticks = config.inputs.find((input) => input.type === 'ticks');
  if (ticks === undefined) return [];
  const slowest = Math.max(...config.boards.map((board) => linkFloor(board).worstUs));
  if (ticks.everyUs >= slowest) return [];
  return [
    {
      severity: 'warning',
      key: 'input',
      message:
        `a tick every ${formatDuration(ticks.everyUs)} is more than the link surely carries ` +
        `(${formatDuration(slowest)} at worst): ticks are skipped and counted`,
      remedy: `use every ${Math.ceil(slowest / 1000)}ms or slower, or a board with a faster link`,
    },
  ];
}
