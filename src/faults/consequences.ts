import { standbyAction } from './catalogue/storage-kinds.js';
import type { FaultView } from './fault-view.js';
import { cap, count, milliseconds, roughly } from './plain-words.js';
import type { StoredFault } from './stored-fault.js';

/** What the gateway did about it, in one or two sentences. */
export function whatWasDone(view: FaultView): string {
  const { fault, who, drives, step } = view;
  const { from, to } = fault.evidence;
  const late =
    step('late-commit-refused') === undefined
      ? ''
      : ` Its late commit was refused by the ledger${step('violation-sent') === undefined ? '.' : ', and it was told to shut itself down.'}`;
  switch (view.outcome) {
    case 'took-over':
      return `${whyThisOne(fault)}${who} was declared failed and locked out: the ledger refuses its commits from then on. ${handedOver(view)}, which was given what was unfinished and took over.${late}${comeback(view)}${back(view)}`;
    case 'taking-over':
      return `${who} was declared failed${step('fenced') === undefined ? '' : ' and locked out'}; the takeover${drives === null ? '' : ` by board ${drives}`} had not ended when this was written.${late}`;
    case 'set-aside':
      if (view.isThirdCopy)
        return `${cap(who)} was set aside. The pair goes on without it.${comeback(view)}${back(view)}`;
      return `${whyThisOne(fault)}${who} was set aside. Board ${drives ?? 'of the two that is left'} goes on alone, and was not delayed.${comeback(view)}${back(view)}`;
    case 'kept-out':
      if (view.isThirdCopy)
        return `${cap(who)} is kept out: it is not tried again until a person lets it in.${counted(view)} The pair goes on without it.${back(view)}`;
      return `${who} is kept out of the pair: it is not tried again until a person lets it in.${counted(view)} Board ${drives ?? 'of the two that is left'} goes on alone, and was not delayed.${back(view)}`;
    case 'switched':
      return `${fault.code === 'switched-over' ? 'New inputs waited until both boards had acted on all that they had been given. Then the' : 'The'} ledger gave the lease to board ${to ?? drives ?? 'b'}${view.handover === 'relay' ? ' and the relay was moved to it' : '; there is no relay to be moved'}. Board ${from ?? 'a'} stayed in the pair, as the backup; nobody was locked out.`;
    case 'switching':
      return `The change to board ${to ?? drives ?? 'b'} had begun and had not ended when this was written.`;
    case 'stopped':
      return 'The pair was stopped: no input is accepted and no commit is granted.';
    case 'noted':
      if (fault.code === 'not-recorded') return standbyAction(fault, step('recorded-again')?.detail);
      return `${notedAction(fault, who)}${view.faultClass === 'intermittent' ? comeback(view) : ''}`;
  }
}

/** R13: what took the actuator from the old primary. */
function handedOver({ handover, drives, fault }: FaultView): string {
  const to = `board ${drives ?? 'b'}`;
  switch (handover) {
    case 'relay':
      return `The relay was moved to ${to}`;
    case 'reset':
      return `There is no relay: board ${fault.board} was held in RESET first, in favour of ${to}`;
    case 'nothing':
      return `Nothing is switched in this pair: the work went to ${to}`;
  }
}

/** R19, R25: how the board comes back, which depends on how its faults come. */
function comeback(view: FaultView): string {
  const { isKeptOut, fault, faultClass, step } = view;
  if (fault.board === null) return '';
  // Nothing here says which of the two is wrong, so neither is overwritten with what may be the wrong one.
  if (isKeptOut && fault.code === 'mismatch')
    return ` Board ${fault.board} is kept out until a person lets it in, because only a person can tell which of the two was wrong.`;
  if (isKeptOut) return ` Board ${fault.board} is kept out until a person lets it in.${counted(view)}`;
  if (faultClass === 'transient') return ' So far it counts as transient: the board may join again at once.';
  const rest = step('intermittent')?.detail['restMs'];
  if (faultClass !== 'intermittent' || typeof rest !== 'number') return '';
  return `${counted(view)} It stays out for ${roughly(rest)} from then on, unless a person lets it in before.`;
}

/** R19: by count and threshold. */
function counted({ faultClass, step }: FaultView): string {
  const detail = (step('intermittent') ?? step('kept-out'))?.detail;
  if (detail?.['leftTimes'] === undefined) return '';
  return ` It is the ${ordinal(Number(detail['leftTimes']))} fault that counts, within ${count(detail['withinMinutes'], 'minute')}: ${faultClass ?? 'permanent'}.`;
}

function ordinal(number: number): string {
  const last = number % 100 > 10 && number % 100 < 14 ? 0 : number % 10;
  return `${number}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}

/** R25 */
function back({ fault, step, msTo }: FaultView): string {
  const joined = step('joined');
  const after = msTo('joined');
  if (joined === undefined || after === null) return '';
  const when = after < 0 ? '' : ` ${milliseconds(after)} after the evidence`;
  return ` Board ${String(joined.detail['board'] ?? fault.board)} joined the pair again${when}: ${givenTo(joined.detail)}.`;
}

function givenTo({ asItStood, givenAgain, note }: StoredFault['evidence']): string {
  if (typeof givenAgain === 'number')
    return `it was given ${count(givenAgain, 'input')} of the ledger once more, answered as was answered then, and agreed with the primary`;
  if (asItStood !== true) return 'it was given the state of the primary and agreed with it';
  return `it was given no state, and agreed with the primary as it stood${note === undefined ? '' : ` (${String(note)})`}`;
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
      return evidence['asked'] === true
        ? `${cap(who)} was asked whether it is there, and it is given once more what it had not answered.`
        : 'The message was sent again and the answer came; it was counted.';
    case 'relay-stuck':
      if (evidence['handover'] === 'reset')
        return 'The line was written again and again, in vain; then the pair was stopped (the next fault).';
      return takingOver === false
        ? 'The relay was commanded again, in vain. No takeover waited for it, so the board that drives goes on.'
        : 'The relay was commanded again, in vain; then the pair was stopped (the next fault).';
    case 'gateway-restarted':
    case 'host-restarted':
      return `The gateway took up the ledger where it was${primary === undefined ? '' : `, with board ${primary} as the primary`}, and each board that had lived on. What had happened to a board meanwhile is a fault of its own. Answers that may have been given before are marked as repeats.`;
    case 'ledger-restored':
      return 'Both boards were heard before anything was numbered, and both began anew: one drives, the other one joins. Inputs that were in work when the backup was made are not done again.';
    case 'ledger-tail-lost':
      return 'What the boards still kept was read back from them, and answers that may have been given before are marked as repeats. Where the other board had executed more than the primary, it had taken over: it leads, and that is told as a fault of its own.';
    case 'pair-restarted':
      return 'What was committed was answered and never redone; the rest was worked on from the fresh start.';
    case 'joining-failed':
      return 'The attempt was given up, and the primary went on. The next one begins clean, by itself; after each that comes to nothing the gateway waits longer.';
    case 'switchover-failed':
      return 'Nothing was changed: the same board is the primary, the other one its backup.';
    case 'sensor-drift':
      return 'Nothing was changed: both boards stay in the pair, and both go on computing with what the primary reads. It is told once, until the readings agree again.';
    case 'updating':
      return `${who} left the pair and was given the image. The primary was not touched.`;
    case 'update-failed':
      return `${who} is kept out of the pair until a person has it flashed again.`;
    case 'input-in-doubt':
      if (evidence['saysSo'] === true)
        return 'The answer was passed on, and the backup joins anew where the input may have changed something.';
      return evidence['isCopy'] === true
        ? `They count as done by ${who}; where the other board goes on as the primary, ${who} joins it anew.`
        : `They were given up, and whoever waits for one was told IN_DOUBT. A backup, which has not had them, joins anew.${evidence['waitedForMs'] === undefined ? '' : ` ${cap(who)} was asked whether it is there, and goes on.`}`;
    case 'input-quarantined':
      return 'The input was refused upstream and is kept; the pair was stopped (the next fault).';
    default:
      return 'It was noted; the faults that follow say what came of it.';
  }
}

/** What the oven, the valve or the pump felt of it. */
export function effectOnActuator(view: FaultView): string {
  const { fault, drives, step } = view;
  // R19: it never drives anything, and nobody waits for it to take over.
  if (view.isThirdCopy)
    return 'None: the third copy is never connected to it. The pair is as protected as without one; who is wrong, should the boards differ, it cannot tell until it has joined again.';
  switch (view.outcome) {
    case 'took-over':
    case 'taking-over':
      return takeoverEffect(view);
    case 'set-aside':
    case 'kept-out':
      return `None: board ${drives ?? 'in charge'} goes on driving it.${whoIsRight(fault)}${unprotected(view)}`;
    case 'switched':
    case 'switching':
      return switchoverEffect(view);
    case 'stopped':
      return 'It gets no new levels. The board that it is connected to keeps its last output until its silence time is over and then goes to its safe level, unless its firmware says hold.';
    case 'noted':
      break;
  }
  if (fault.code === 'sensor-drift') return sensorEffect(view);
  if (fault.code === 'updating' || fault.code === 'update-failed') return updateEffect(view);
  if (step('ended') !== undefined || fault.code === 'pair-restarted') {
    return 'While the boards started, their outputs were off; since then the primary drives it again.';
  }
  switch (fault.code) {
    case 'link-degraded':
      return fault.evidence['asked'] === true
        ? 'None: nothing was asked for that moves it.'
        : 'None: the answer came in time.';
    case 'not-recorded':
      return 'None: the pair went on as before. Had the gateway been killed meanwhile, it would not have known what was in memory alone.';
    case 'joining-failed':
      return 'None: the primary drives it. But nobody takes over if it fails, until the other board has joined.';
    case 'switchover-failed':
      return 'None: the same board goes on driving it.';
    case 'gateway-restarted':
    case 'ledger-tail-lost':
      return 'None by itself: the relay stayed where it was, and the boards kept their outputs for their silence time.';
    case 'ledger-restored':
      return 'Both boards began anew, at their safe levels; since then the primary drives it, and the relay is where the primary needs it.';
    case 'host-restarted':
      return 'If the host had lost its power, the relay was at the board at rest meanwhile (unless it latches), and a board on USB power was off as well.';
    case 'relay-stuck':
      if (view.handover === 'reset')
        return 'Both boards are still at it, also the one that was locked out, which goes to its safe level.';
      if (fault.evidence['takingOver'] === false)
        return 'None as long as the board that drives it goes on; a takeover would fail.';
      return 'It is still connected to the board that was locked out, which goes to its safe level.';
    case 'unplugged':
      return 'It keeps the last output of the board until its silence time is over; then the board goes to its safe level, unless its firmware says hold.';
    default:
      return 'None that is known from this fault; see the ones that follow.';
  }
}

/** R21 */
function sensorEffect({ step }: FaultView): string {
  const since = step('ended') === undefined ? '' : ' The readings agree again.';
  return `Both boards put out the same, because both compute with the reading of the primary. If that is the wrong one, so is what the actuator gets.${since}`;
}

function unprotected({ step, isKeptOut }: FaultView): string {
  if (step('joined') !== undefined) return ' Until the other one had joined again, nobody could have taken over.';
  return ` But the pair is NOT PROTECTED: if that board fails too, nobody takes over, until the other one ${isKeptOut ? 'has been let in and has joined' : 'has joined again'}.`;
}

/** R26 */
function switchoverEffect(view: FaultView): string {
  const { fault, drives, msTo } = view;
  if (fault.code === 'switchover-failed')
    return `None that is known: the contact had not left board ${drives ?? String(fault.evidence['to'] ?? 'in charge')}.`;
  const moved = msTo('relay-moved');
  if (view.handover === 'nothing') return NOTHING_SWITCHED;
  if (view.handover === 'reset') return 'None: both boards are at it, without a relay, and held the same levels.';
  if (moved === null) return 'The contact may be on its way to the other board; both hold the same levels.';
  return `Both boards held the same levels, so it saw the old level, one gap and the same level again.${contactOpen(view)}${proofOfMove(view)} Since then board ${drives ?? 'b'} drives it.`;
}

/** outputs: none */
const NOTHING_SWITCHED = 'None: no actuator is switched, the boards of this pair only measure and answer.';

function takeoverEffect(view: FaultView): string {
  const { fault, drives, msTo, handover } = view;
  if (handover === 'nothing') return NOTHING_SWITCHED;
  const moved = msTo(handover === 'reset' ? 'held-in-reset' : 'relay-moved');
  const what = handover === 'reset' ? `board ${fault.board} was held in RESET` : 'the relay had moved';
  const until = `until ${what}${moved === null ? '' : `, ${milliseconds(moved)} after the evidence`}`;
  const before =
    fault.code === 'restarted'
      ? `It was not driven ${until}: the pins of a board that restarts float.`
      : fault.code === 'failed'
        ? `It was at the safe level of board ${fault.board} ${until}.`
        : `It stayed at the last output of board ${fault.board}${waited(fault)} ${until}.${whoIsRight(fault)}`;
  const since = drives === null ? '' : ` Since then board ${drives} drives it.`;
  return `${before}${contactOpen(view)}${proofOfMove(view)}${staleness(view)}${since}`;
}

function contactOpen({ msTo }: FaultView): string {
  const moved = msTo('relay-moved');
  const commanded = msTo('relay-commanded');
  if (moved === null || commanded === null) return '';
  return ` The contact was open for a part of the ${milliseconds(moved - commanded)} between command and move.`;
}

/** R13 */
function proofOfMove({ step }: FaultView): string {
  const moved = step('relay-moved');
  if (moved === undefined) return '';
  return moved.detail['proved'] === true
    ? ' The feedback line proved the move.'
    : ' There is no feedback line, so the move is assumed after the settle time, not proved.';
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

/** R26: the board that is flashed is not the one that drives. */
function updateEffect({ step }: FaultView): string {
  const switched =
    step('accepted') === undefined ? '' : ' What the change of the primary did to it, the switchover after it tells.';
  return `None: the other board drove it. Nobody could have taken over until the board had joined again.${switched}`;
}
