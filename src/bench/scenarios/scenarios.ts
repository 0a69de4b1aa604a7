import type { Scenario } from '../stage/run-plan.js';
import { coldStart } from './cold-start.js';
import { backupCorruptsState, backupHalts, primaryCorruptsState } from './corrupted-state.js';
import { doubleFault } from './double-fault.js';
import { gatewayKilled, gatewayPowerCycledAfterTakeover } from './gateway-lost.js';
import { hostPowerCut } from './host-power-cut.js';
import { killedWhileJoining } from './killed-while-joining.js';
import { lineNoise } from './line-noise.js';
import { bothWrongSameWay, mismatchBackupWrong, mismatchPrimaryWrong } from './mismatch.js';
import { needsBothAlone, needsBothWrongOutput } from './needs-both.js';
import { poisonInput } from './poison-input.js';
import { primaryDies } from './primary-dies.js';
import { primaryHalts, primaryRestarts, primarySlow, primaryUnplugged } from './primary-lost.js';
import { rejoin } from './rejoin.js';
import { reordered } from './reordered.js';
import { rollingUpdateDifferent, rollingUpdateIdentical } from './rolling-update.js';
import { sensorDrift } from './sensor-drift.js';
import { steady } from './steady.js';
import { ledgerFull, ledgerGone, ledgerSlow } from './storage-lost.js';
import { switchover } from './switchover.js';
import { thirdCopySlow } from './third-copy.js';
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
