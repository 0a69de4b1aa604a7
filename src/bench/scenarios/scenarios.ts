import type { Scenario } from '../stage/run-plan.js';
import { backupCorruptsState, backupHalts, primaryCorruptsState } from './boards/corrupted-state.js';
import { doubleFault } from './boards/double-fault.js';
import { bothWrongSameWay, mismatchBackupWrong, mismatchPrimaryWrong } from './boards/mismatch.js';
import { needsBothAlone, needsBothWrongOutput } from './boards/needs-both.js';
import { poisonInput } from './boards/poison-input.js';
import { primaryDies } from './boards/primary-dies.js';
import { primaryHalts, primaryRestarts, primarySlow, primaryUnplugged } from './boards/primary-lost.js';
import { sensorDrift } from './boards/sensor-drift.js';
import { thirdCopySlow } from './boards/third-copy.js';
import { coldStart } from './cold-start.js';
import { gatewayKilled, gatewayPowerCycledAfterTakeover } from './host/gateway-lost.js';
import { hostPowerCut } from './host/host-power-cut.js';
import { killedWhileJoining } from './host/killed-while-joining.js';
import { ledgerFull, ledgerGone, ledgerSlow } from './host/storage-lost.js';
import { lineNoise } from './line-noise.js';
import { linesClientLeaves } from './lines/lines-client-leaves.js';
import { linesGatewayKilled } from './lines/lines-gateway-killed.js';
import { linesDiffers, linesSlow } from './lines/lines-lost.js';
import { linesPush } from './lines/lines-push.js';
import { linesRestarted } from './lines/lines-restarted.js';
import { linesSettingsDiffer } from './lines/lines-settings-differ.js';
import { linesHalted, linesSteady } from './lines/lines-steady.js';
import { modbusBroadcast } from './modbus/modbus-broadcast.js';
import { modbusCorruptsRegister } from './modbus/modbus-corrupts-register.js';
import { modbusCounter } from './modbus/modbus-counter.js';
import { modbusException } from './modbus/modbus-exception.js';
import { modbusGarbage } from './modbus/modbus-garbage.js';
import { modbusGatewayKilled } from './modbus/modbus-gateway-killed.js';
import { modbusJoinsByCopy } from './modbus/modbus-joins-by-copy.js';
import { modbusLate } from './modbus/modbus-late.js';
import { modbusMasterSilent } from './modbus/modbus-master-silent.js';
import { modbusPoll } from './modbus/modbus-poll.js';
import { modbusRestarted } from './modbus/modbus-restarted.js';
import { modbusSharedBus } from './modbus/modbus-shared-bus.js';
import { modbusTcpClients } from './modbus/modbus-tcp-clients.js';
import { modbusUnplugged } from './modbus/modbus-unplugged.js';
import { modbusHalted, modbusWrite } from './modbus/modbus-write.js';
import { rejoin } from './rejoin.js';
import { reordered } from './reordered.js';
import { rollingUpdateDifferent, rollingUpdateIdentical } from './rolling-update.js';
import { steady } from './steady.js';
import { switchover } from './switchover.js';
import { windowOfFour } from './window.js';

/** All there are, in the order in which they are told: the standard tour, then those that have to be named. */
export const scenarios: readonly Scenario[] = [
  steady,
  primaryHalts,
  primaryUnplugged,
  primaryRestarts,
  primarySlow,
  primaryCorruptsState,
  lineNoise,
  reordered,
  backupHalts,
  backupCorruptsState,
  gatewayKilled,
  gatewayPowerCycledAfterTakeover,
  coldStart,
  rejoin,
  switchover,
  windowOfFour,
  poisonInput,
  primaryDies,
  sensorDrift,
  mismatchPrimaryWrong,
  mismatchBackupWrong,
  bothWrongSameWay,
  needsBothWrongOutput,
  needsBothAlone,
  rollingUpdateIdentical,
  rollingUpdateDifferent,
  doubleFault,
  killedWhileJoining,
  hostPowerCut,
  thirdCopySlow,
  ledgerFull,
  ledgerSlow,
  ledgerGone,
  modbusPoll,
  modbusWrite,
  modbusBroadcast,
  modbusCounter,
  modbusException,
  modbusGatewayKilled,
  modbusHalted,
  modbusLate,
  modbusMasterSilent,
  modbusUnplugged,
  modbusRestarted,
  modbusCorruptsRegister,
  modbusJoinsByCopy,
  modbusTcpClients,
  modbusGarbage,
  modbusSharedBus,
  linesSteady,
  linesHalted,
  linesRestarted,
  linesSlow,
  linesDiffers,
  linesSettingsDiffer,
  linesPush,
  linesClientLeaves,
  linesGatewayKilled,
];
