import type { Config } from '../config/config.js';
import { checkBrltty } from './check-brltty.js';
import { checkClock } from './check-clock.js';
import { checkFsync } from './check-fsync.js';
import { checkGatewayDeath } from './check-gateway-death.js';
import { checkGpio } from './check-gpio.js';
import { checkGroups } from './check-groups.js';
import { checkHardwareWatchdog } from './check-hardware-watchdog.js';
import { checkJournal } from './check-journal.js';
import { checkLedgerMode } from './check-ledger-mode.js';
import { checkLogStorage } from './check-log-storage.js';
import { checkModemManager } from './check-modem-manager.js';
import { checkNode } from './check-node.js';
import { checkOtherGateway } from './check-other-gateway.js';
import { checkPorts } from './check-ports.js';
import { checkService } from './check-service.js';
import { checkSpace } from './check-space.js';
import { checkStorage } from './check-storage.js';
import { checkSupply } from './check-supply.js';
import { checkUdevRules } from './check-udev-rules.js';
import { checkUsbLatency } from './check-usb-latency.js';
import { checkUsbPower } from './check-usb-power.js';
import type { DoctorCheck, DoctorFinding } from './doctor-finding.js';
import type { Machine } from './machine.js';

/** In the order in which a person mends: what keeps the gateway from running first. */
const CHECKS: readonly DoctorCheck[] = [
  ...[checkNode, checkGroups, checkPorts, checkModemManager, checkBrltty],
  ...[checkUdevRules, checkUsbLatency, checkUsbPower],
  ...[checkGpio, checkGatewayDeath, checkSupply],
  ...[checkStorage, checkFsync, checkJournal, checkLedgerMode, checkSpace, checkLogStorage],
  ...[checkClock, checkHardwareWatchdog, checkService, checkOtherGateway],
];

/** Everything that the doctor looks at; `config` null: what needs none. */
export function examine(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  return CHECKS.flatMap((check) => check(machine, config));
}
