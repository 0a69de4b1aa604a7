import type { Config } from '../../config.js';
import type { LinesProtocol } from '../../protocol-config.js';
import type { Finding } from '../finding.js';

/** R25: of boards that are given the ledger's inputs once more when they join. */
export function checkResync(config: Config, { resync, banner }: LinesProtocol): readonly Finding[] {
  if (resync === null || resync.from === 'none') return [];
  const findings: Finding[] = [];
  if (config.relay.kind === 'none' && !config.switchesNothing) {
    findings.push({
      severity: 'error',
      key: 'protocol.resync',
      message:
        'without a relay the outputs of a board that joins are at the actuator: what it is given once more would be done there once more',
      remedy: 'wire a relay (relay: { pin: GPIO17, at-rest: a }), or leave resync out',
    });
  }
  const hasReset = config.boards.every(({ reset }) => reset !== null);
  if (resync.from === 'start' && banner === null && !hasReset) {
    findings.push({
      severity: 'error',
      key: 'protocol.resync',
      message:
        'from: start is for a board that has just started, and nothing tells that it has: it would be waited for without end',
      remedy:
        "name what it says when it starts (banner: '^ready$'), or wire the RESET of both boards, or say from which line on its state is known (from: '/^HOME$/')",
    });
  }
  if (resync.from === 'start' && resync.pace === 'recorded') {
    findings.push({
      severity: 'warning',
      key: 'protocol.resync',
      message:
        'with from: start and pace: recorded a board that joins takes as long as the pair has run, and comes to its end only in a pause as long',
      remedy: "say pace: full, or from which line on its state is known (from: '/^HOME$/')",
    });
  }
  return findings;
}
