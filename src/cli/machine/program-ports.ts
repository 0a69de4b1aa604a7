import type { Command } from 'commander';
import { LEAST_BAUD, MOST_BAUD } from '../../values/line-settings.js';
import { lineSettings } from '../arguments/line-settings.js';
import { wholeNumber } from '../arguments/whole-number.js';
import type { ExitCode } from '../terminal/report-failure.js';
import type { IdentifyOptions } from './identify.js';
import type { PortsOptions } from './ports.js';

/** copycat ports and identify: what is plugged in, and which is which. */
export function addPorts(
  command: (name: string, description: string) => Command,
  finish: (code: ExitCode) => void,
): void {
  command('ports', 'the serial ports of this machine, what is plugged in, and what to call it in a configuration')
    .option('--json', 'print JSON')
    .action(async (options: PortsOptions) => {
      const { ports } = await import('./ports.js');
      finish(await ports(options));
    });

  command('identify', 'make the lights of a board blink, and have it say who it is; the pair is not disturbed')
    .argument('<board>', 'its name in the configuration, or a port such as usb-1.2')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml, where there is one)')
    .option(
      '--line <settings>',
      'line settings of a board that is in no configuration (default: 500000-8N1)',
      lineSettings,
    )
    .option('--baud <n>', 'the same with 8N1: the older spelling', wholeNumber(LEAST_BAUD, MOST_BAUD))
    .option('--json', 'print JSON')
    .action(async (board: string, options: IdentifyOptions) => {
      const { identify } = await import('./identify.js');
      finish(await identify(board, options));
    });
}
