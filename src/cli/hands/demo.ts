import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handsPath } from '../../api/socket/send-hand.js';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { makeTemporaryFolder } from '../../private-files/temporary-folder.js';
import { runPair } from '../pair/run.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { DemoCompanion } from './demo-companion.js';

const CONTROL_SOCKET = 'demo.sock';
const CONFIG = `# A pair on two emulated boards, for as long as copycat run --demo runs.
name: demo
boards:
  a: { kind: uno, port: emulated, firmware: heater.hex }
  b: { kind: uno, port: emulated, firmware: heater.hex }
relay: { kind: latching, pins: { a: GPIO17, b: GPIO22 }, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
fields:
  result: [{ name: duty, type: u8, offset: 0, unit: / 255 }, { name: tripped, type: bool, offset: 1 }]
sources: [{ name: temperature, unit: degC, scale: 0.2442, tolerance: 2 }]
control: ${CONTROL_SOCKET}
ledger: { path: demo.sqlite, journal: journal }
`;

export interface DemoOptions {
  readonly config?: string;
  readonly verbose?: boolean;
}

/**
 * copycat run --demo: an emulated pair without a configuration file, in a folder that goes when it ends, and somebody who lays hands on it.
 * Throws USAGE where a configuration is named as well, and where there is no place for the folder.
 */
export async function demo({ config: named, verbose }: DemoOptions): Promise<ExitCode> {
  if (named !== undefined) {
    throw new CopycatError('USAGE', `the demo is a pair of its own, and ${named} was named as well`, {
      expected: 'copycat run --demo, or copycat run -c FILE',
    });
  }
  const folder = makeTemporaryFolder('copycat-demo-', handsPath(CONTROL_SOCKET));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'copycat.yaml');
  writeFileSync(file, CONFIG);
  const config = loadConfig(file);
  const companion = new DemoCompanion({ file, controlPath: config.controlPath });
  // Nothing real is driven: what there would be to say of a relay has its place in copycat check.
  return runPair({ config, file, option: ` -c ${file}`, findings: [], companion, isVerbose: verbose === true });
}
