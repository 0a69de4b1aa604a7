import type { Logger } from 'pino';
import type { LedgerHealth } from '../../ledger/ledger.js';
import type { LinkNote } from '../../link/link-notes.js';
import type { PairEffect } from '../../pair/state/effects.js';
import { logFault, logFaultStep, type ToldFaults } from './fault-lines.js';

/** The log tells what changes; what happens to every input is the ledger's to keep. */
export function logEffect(log: Logger, effect: PairEffect, told: ToldFaults): void {
  switch (effect.type) {
    case 'openFault':
      logFault(log, effect.fault, told);
      return;
    case 'noteFault':
      logFaultStep(log, effect, told);
      return;
    case 'moveRelay':
      log.info({ to: effect.to }, 'relay commanded');
      return;
    case 'holdReset':
    case 'releaseReset':
      log.info({ board: effect.board }, effect.type === 'holdReset' ? 'held in RESET' : 'RESET let go');
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
  if (note.kind === 'printed') {
    log.warn(
      { ...note, board },
      'the board prints on the link: Serial is the gateway’s; what is for people goes through cc_log',
    );
  } else log.info({ ...note, board }, 'board');
}
