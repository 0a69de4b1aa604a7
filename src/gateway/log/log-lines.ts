import type { Logger } from 'pino';
import type { LedgerHealth } from '../../ledger/ledger.js';
import type { LinkNote } from '../../link/link-notes.js';
import type { PairEffect } from '../../pair/state/effects.js';

/** The log tells what changes; what happens to every input is the ledger's to keep. */
export function logEffect(log: Logger, effect: PairEffect): void {
  switch (effect.type) {
    case 'openFault': {
      const { faultId, code, board, seq, evidence } = effect.fault;
      if (code === 'switched-over' || code === 'updating') {
        log.warn({ fault: faultId, evidence }, `fault ${faultId} (planned, none): ${code}`);
        return;
      }
      log.warn(
        { fault: faultId, board, input: seq, evidence },
        `fault ${faultId}: ${code}${board ? ` (board ${board})` : ''}`,
      );
      return;
    }
    case 'noteFault':
      // R26: on the path of a takeover, and nobody has failed.
      if (effect.detail['planned'] === true) log.info({ fault: effect.faultId }, 'the lease is given up as planned');
      else if (effect.step !== 'evidence') log.info({ fault: effect.faultId, ...effect.detail }, effect.step);
      return;
    case 'moveRelay':
      log.warn({ to: effect.to }, 'relay commanded');
      return;
    case 'holdReset':
    case 'releaseReset':
      log.warn({ board: effect.board }, effect.type === 'holdReset' ? 'held in RESET' : 'RESET let go');
      return;
    case 'cutOff':
      log.warn(effect.cut ? 'actuator cut off' : 'actuator no longer cut off');
      return;
    case 'recordSession':
      log.info({ board: effect.board, session: effect.session }, 'opening a session');
      return;
    case 'commandDone':
      log.info({ ref: effect.ref }, effect.outcome);
      return;
    case 'commandRefused':
      log.info({ ref: effect.ref }, `refused: ${effect.why}`);
      return;
    case 'refuse':
      log.debug({ ref: effect.ref, reason: effect.reason }, 'input refused');
      return;
    default:
      return;
  }
}

export function logHealth(log: Logger, health: LedgerHealth): void {
  if (health.trouble === null) log.info('the ledger is recorded to disk again');
  else log.error({ trouble: health.trouble }, 'NOT RECORDED TO DISK');
}

/** Why a port does not open is told by whoever opens it, where somebody does (BoardPorts). */
export function logLinkNote(log: Logger, board: string, note: LinkNote, portsAreTold: boolean): void {
  if (note.kind === 'openFailed' && portsAreTold) return;
  log.info({ ...note, board }, 'board');
}
