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
];
