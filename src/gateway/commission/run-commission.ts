import type { Config } from '../../config/config.js';
import { withRealParts } from '../host-parts.js';
import { type CommissionOptions, commission } from './commission.js';
import type { CommissionReport } from './commission-report.js';

/** Commissioning on this machine's own ports, lines and clock. */
export function runCommission(config: Config, options: CommissionOptions): Promise<CommissionReport> {
  return withRealParts(config, (parts) => commission(config, parts, options));
}
