import type { Config } from '../config/config.js';
import { type CommissionOptions, commission } from './commission/commission.js';
import type { CommissionReport } from './commission/commission-report.js';
import { withRealParts } from './real-parts.js';

/** Commissioning on this machine's own ports, lines and clock. */
export function runCommission(config: Config, options: CommissionOptions): Promise<CommissionReport> {
  return withRealParts(config, (parts) => commission(config, parts, options));
}
