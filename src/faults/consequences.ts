import type { FaultView } from './fault-view.js';
import { count, milliseconds } from './plain-words.js';
import type { StoredFault } from './stored-fault.js';

/** What the gateway did about it, in one or two sentences. */
export function whatWasDone(view: FaultView): string {
  const { fault, who, drives, step } = view;
  const late =
    step('late-commit-refused') === undefined
      ? ''
      : ` Its late commit was refused by the ledger${step('violation-sent') === undefined ? '.' : ', and it was told to shut itself down.'}`;
  switch (view.outcome) {
    case 'took-over':
      return `${whyThisOne(fault)}${who} was declared failed and locked out: the ledger refuses its commits from then on. The relay was moved to board ${drives ?? 'b'}, which was given what was unfinished and took over.${late}`;
    case 'taking-over':
      return `${who} was declared failed${step('fenced') === undefined ? '' : ' and locked out'}; the takeover${drives === null ? '' : ` by board ${drives}`} had not ended when this was written.${late}`;
    case 'set-aside':
      return `${whyThisOne(fault)}${who} was set aside. Board ${drives ?? 'of the two that is left'} goes on alone, and was not delayed.`;
    case 'stopped':
      return 'The pair was stopped: no input is accepted and no commit is granted.';
    case 'noted':
      return notedAction(fault, who);
  }
}

/** R19: where nothing tells who is wrong, the policy of the configuration decided, and the story says so. */
function whyThisOne(fault: StoredFault): string {
  const policy = fault.evidence['policy'];
  return fault.code === 'mismatch' && typeof policy === 'string' ? `As on-mismatch: ${policy} says, ` : '';
}

function notedAction({ code, evidence }: StoredFault, who: string): string {
  const { backup, takingOver, primary } = evidence;
  if (backup !== undefined && code === 'unplugged') {
    return `There was no backup in sync that could take over, so ${who} is waited for; inputs wait with it.`;
  }
  switch (code) {
    case 'link-degraded':
      return 'The message was sent again and the answer came; it was counted.';
    case 'relay-stuck':
      return takingOver === false
        ? 'The relay was commanded again, in vain. No takeover waited for it, so the board that drives goes on.'
        : 'The relay was commanded again, in vain; then the pair was stopped (the next fault).';
    case 'gateway-restarted':
    case 'host-restarted':
      return `The gateway took up the ledger and the boards where they were${primary === undefined ? '' : `, with board ${primary} as the primary`}; answers that may have been given before are marked as repeats.`;
    case 'pair-restarted':
      return 'What was committed was answered and never redone; the rest was worked on from the fresh start.';
    case 'input-quarantined':
      return 'The input was refused upstream and is kept; the pair was stopped (the next fault).';
    default:
      return 'It was noted; the faults that follow say what came of it.';
  }
}

/** What the oven, the valve or the pump felt of it. */
export function effectOnActuator(view: FaultView): string {
  const { fault, drives, step } = view;
  switch (view.outcome) {
    case 'took-over':
    case 'taking-over':
      return takeoverEffect(view);
    case 'set-aside':
      return `None: board ${drives ?? 'in charge'} goes on driving it.${whoIsRight(fault)} But the pair is NOT PROTECTED: if that board fails too, nobody takes over.`;
    case 'stopped':
      return 'It gets no new levels. The board that the relay connects keeps its last output until its silence time is over and then goes to its safe level, unless its firmware says hold.';
    case 'noted':
      break;
  }
  if (step('ended') !== undefined || fault.code === 'pair-restarted') {
    return 'While the boards started, their outputs were off; since then the primary drives it again.';
  }
  switch (fault.code) {
    case 'link-degraded':
      return 'None: the answer came in time.';
    case 'gateway-restarted':
      return 'None by itself: the relay stayed where it was, and the boards kept their outputs for their silence time.';
    case 'host-restarted':
      return 'If the host had lost its power, the relay was at the board at rest meanwhile (unless it latches), and a board on USB power was off as well.';
    case 'relay-stuck':
      if (fault.evidence['takingOver'] === false)
        return 'None as long as the board that drives it goes on; a takeover would fail.';
      return 'It is still connected to the board that was locked out, which goes to its safe level.';
    case 'unplugged':
      return 'It keeps the last output of the board until its silence time is over; then the board goes to its safe level, unless its firmware says hold.';
    default:
      return 'None that is known from this fault; see the ones that follow.';
  }
}

function takeoverEffect(view: FaultView): string {
  const { fault, drives, step, msTo } = view;
  const moved = msTo('relay-moved');
  const commanded = msTo('relay-commanded');
  const until = `until the relay had moved${moved === null ? '' : `, ${milliseconds(moved)} after the evidence`}`;
  const before =
    fault.code === 'restarted'
      ? `It was not driven ${until}: the pins of a board that restarts float.`
      : fault.code === 'failed'
        ? `It was at the safe level of board ${fault.board} ${until}.`
        : `It stayed at the last output of board ${fault.board}${waited(fault)} ${until}.${whoIsRight(fault)}`;
  const gap =
    moved === null || commanded === null
      ? ''
      : ` The contact was open for a part of the ${milliseconds(moved - commanded)} between command and move.`;
  const proof =
    step('relay-moved')?.detail['proved'] === true
      ? ' The feedback line proved the move.'
      : moved === null
        ? ''
        : ' There is no feedback line, so the move is assumed after the settle time, not proved.';
  const since = drives === null ? '' : ` Since then board ${drives} drives it.`;
  return `${before}${gap}${proof}${staleness(view)}${since}`;
}

/** The time of waiting comes before the evidence, and the actuator felt it too. */
function waited(fault: StoredFault): string {
  const ms = fault.evidence['waitedForMs'];
  return typeof ms === 'number' ? ` while the gateway waited for an answer (${ms} ms) and` : '';
}

/** R19: what a difference means for what was already put out. */
function whoIsRight({ code, evidence }: StoredFault): string {
  if (code !== 'mismatch') return '';
  return evidence['differs'] === 'state'
    ? ' For this input both boards came to the same output.'
    : ` Board ${String(evidence['committedBy'] ?? 'in charge')} had acted on its own result by then: if it is the wrong one, so was its output.`;
}

/** R10: when the time for catching up was over, the contact closed on an output that was not yet the last one. */
function staleness({ drives, step }: FaultView): string {
  const unfinished = step('relay-commanded')?.detail['unfinished'];
  if (typeof unfinished !== 'number' || unfinished === 0) return '';
  return ` When the relay was commanded, board ${drives ?? 'that took over'} still had ${count(unfinished, 'committed input')} to act on: until it had caught up, its output may have been that much older than what the actuator had had.`;
}
