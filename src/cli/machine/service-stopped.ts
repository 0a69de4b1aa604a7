import { releaseRelay } from '../../gateway/lines/release-relay.js';
import { findGateway } from '../arguments/reach-gateway.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { printError } from '../terminal/terminal.js';
import type { ServiceOptions } from './service.js';

/**
 * What the unit calls when its gateway has ended (ExecStopPost). After an end in good order the relay stays where it is
 * (R27); after any other it falls to rest where the configuration says on-gateway-death: release.
 */
export async function serviceStopped(
  options: ServiceOptions,
  environment: { readonly SERVICE_RESULT?: string | undefined } = process.env,
): Promise<ExitCode> {
  if (environment.SERVICE_RESULT === 'success') return 0;
  const released = await releaseRelay(findGateway(options, 'service stopped').config);
  if (released.length > 0) {
    printError(`copycat: the gateway died: the relay is released (${released.join(', ')}), as on-gateway-death says`);
  }
  return 0;
}
