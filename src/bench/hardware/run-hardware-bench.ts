import type { Config } from '../../config/config.js';
import { withRealParts } from '../../gateway/host-parts.js';
import { type HardwareBenchOptions, hardwareBench } from './hardware-bench.js';
import type { HardwareReport } from './hardware-report.js';

/** The hardware bench on this machine's own ports, lines and clock. */
export function runHardwareBench(config: Config, options: HardwareBenchOptions): Promise<readonly HardwareReport[]> {
  return withRealParts(config, (parts) => hardwareBench(config, parts, options));
}
