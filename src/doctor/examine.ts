import type { Config } from '../config/config.js';
import { checkLedgerMode } from './check-ledger-mode.js';
import { checkClock } from './checks/host/clock.js';
import { checkHardwareWatchdog } from './checks/host/hardware-watchdog.js';
import { checkNativeModules } from './checks/host/native-modules.js';
import { checkNode } from './checks/host/node.js';
import { checkOtherGateway } from './checks/host/other-gateway.js';
import { checkService } from './checks/host/service.js';
import { checkSupply } from './checks/host/supply.js';
import { checkGatewayDeath } from './checks/lines/gateway-death.js';
import { checkGpio } from './checks/lines/gpio.js';
import { checkFsync } from './checks/storage/fsync.js';
import { checkJournal } from './checks/storage/journal.js';
import { checkLogStorage } from './checks/storage/log-storage.js';
import { checkSpace } from './checks/storage/space.js';
import { checkStorage } from './checks/storage/storage.js';
import { checkSwap } from './checks/storage/swap.js';
import { checkBoardKinds } from './checks/usb/board-kinds.js';
import { checkBrltty } from './checks/usb/brltty.js';
import { checkGroups } from './checks/usb/groups.js';
import { checkModemManager } from './checks/usb/modem-manager.js';
import { checkPorts } from './checks/usb/ports.js';
import { checkUdevRules } from './checks/usb/udev-rules.js';
import { checkUsbLatency } from './checks/usb/usb-latency.js';
import { checkUsbPower } from './checks/usb/usb-power.js';
import type { DoctorCheck, DoctorFinding } from './doctor-finding.js';
import type { Machine } from './machine/machine.js';

/** In the order in which a person mends: what keeps the gateway from running first. */
const CHECKS: readonly DoctorCheck[] = [
  ...[checkNode, checkNativeModules, checkGroups, checkPorts, checkModemManager, checkBrltty],
  ...[checkUdevRules, checkUsbLatency, checkUsbPower, checkBoardKinds],
  ...[checkGpio, checkGatewayDeath, checkSupply],
  ...[checkStorage, checkFsync, checkJournal, checkSwap, checkLedgerMode, checkSpace, checkLogStorage],
  ...[checkClock, checkHardwareWatchdog, checkService, checkOtherGateway],
];

/** Everything that the doctor looks at; `config` null: what needs none. */
export function examine(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  return CHECKS.flatMap((check) => check(machine, config));
}
