import { accuse } from '../state/accuse.js';
import type { Dispute, Examination, PairState, Step } from '../state/pair-state.js';
import { boardOf } from '../state/roles.js';

/** What was lost on the way is asked for again so often, a deadline later each time. */
const MAX_ASKS = 3;

/**
 * R19, the first arbiter: what the link of both boards finds when it reads what would show that one is not as it was left. What it finds
 * comes as a failure of that board (state-lost.ts). Null: their link can find out nothing.
 */
export function examine(step: Step, dispute: Dispute): Examination | null {
  if (step.pair.config.wire.examines !== true) return null;
  if (dispute.examination === null) {
    dispute.examination = {
      unread: new Set([dispute.primary, dispute.backup]),
      found: new Map(),
      askedAtUs: step.atUs,
      asks: 0,
    };
    ask(step, dispute.examination);
  }
  dispute.stage = dispute.examination.unread.size > 0 ? 'registers' : dispute.stage;
  return dispute.examination;
}

/** Called at every event while a dispute is open. Who has left can be asked nothing; who does not answer shows nothing. */
export function continueExamination(step: Step, dispute: Dispute): void {
  const { examination } = dispute;
  if (examination === null || examination.unread.size === 0) return;
  for (const board of examination.unread) {
    if (boardOf(step.pair, board).session.state !== 'open') examination.unread.delete(board);
  }
  if (examination.unread.size > 0 && step.atUs >= examination.askedAtUs + step.pair.config.deadlineUs) {
    if (examination.asks >= MAX_ASKS) examination.unread.clear();
    else ask(step, examination);
  }
  if (examination.unread.size === 0) dispute.stage = 'limits';
}

/** When `continueExamination` next wants to hear the time. */
export function examinationDueUs({ config }: PairState, { examination }: Dispute): number | null {
  return examination === null || examination.unread.size === 0 ? null : examination.askedAtUs + config.deadlineUs;
}

/** All that it was to be read for has been read. */
export function examined({ comparison: { dispute } }: PairState, board: string): void {
  dispute?.examination?.unread.delete(board);
}

/** The dispute is over without a judgement: what was found of a board is evidence against it all the same. */
export function accuseWhoWasFound(step: Step, { seq, examination }: Dispute): void {
  for (const [board, { reason, evidence }] of examination?.found ?? []) {
    accuse(step, boardOf(step.pair, board), reason, seq, evidence);
  }
}

function ask(step: Step, examination: Examination): void {
  examination.askedAtUs = step.atUs;
  examination.asks++;
  for (const board of examination.unread) {
    const { number } = boardOf(step.pair, board).session;
    step.effects.push({ type: 'send', board, session: number, message: { kind: 'examine' } });
  }
}
