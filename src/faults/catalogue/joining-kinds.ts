import type { FaultView } from '../fault-view.js';
import { cap, fact } from '../plain-words.js';
import type { FaultKind } from './fault-kind.js';

/** What can go wrong while a board joins the pair, or keeps it out (R25). */
export const JOINING_KINDS: Readonly<Record<string, FaultKind>> = {
  'joining-failed': {
    title: ({ who, fault }) => `${who} could not join: ${fact(fault, 'why') ?? 'no reason given'}`,
    happened: ({ who, fault, isThirdCopy }) =>
      `${cap(who)} was on its way into the pair (${fact(fault, 'step') ?? 'at a step that was not noted'}) when the attempt came to nothing: ${fact(fault, 'why') ?? 'no reason was noted'}.${isThirdCopy ? '' : ' Until it has joined, nobody can take over.'}`,
    cause:
      'The board or its link failed again, the primary never paused long enough to have its state read, or the sketch keeps something outside of its registered state.',
    look: 'If it was a difference: does the sketch keep anything outside of what it gave to cc_state? Else look at the board and its cable.',
  },
  'board-differs': {
    title: ({ who, fault }) =>
      `${who} does not fit the primary: ${fact(fault, 'differs') ?? 'firmware or state'} differs`,
    happened: ({ who, fault }) =>
      fault.evidence['differences'] === undefined
        ? `${cap(who)} wanted to join and differs from the primary in ${fact(fault, 'differs') ?? 'firmware or state'}: a state that was copied would mean something else there, so it was not given any.`
        : `${cap(who)} wanted to join, and answers what asks for its settings otherwise than the primary: ${fact(fault, 'differences')}. The same inputs would do something else there, so it was given none.`,
    cause:
      'Another image was flashed to one of the boards, one of them has other settings, a board of another pair was plugged in, or the gateway was restarted in the middle of a firmware update.',
    look: 'Flash the same image to both boards. Where a setting differs, give both the same one. An update that was interrupted is taken up with copycat flash both --image IMAGE.',
  },
  'boards-swapped': {
    title: ({ who, fault }) => `${otherBoard(fault)} is plugged in where ${who} belongs`,
    happened: ({ who, fault }) =>
      `At the port of ${who} the board answered that was known as board ${fact(fault, 'other') ?? 'the other'} until now. The relay is wired to boards, not to ports: it would connect one board while the gateway commands the other.`,
    cause: 'The two USB cables were swapped, or a configuration names the ports the other way round.',
    look: 'Put the cables back (copycat identify shows which board is which). If the wires of the relay were swapped as well, have the boards learnt anew with copycat commission.',
  },
  'identity-twice': {
    title: ({ who }) => `${who} says it is the very board that is already there`,
    happened: ({ who, fault }) =>
      `${cap(who)} and board ${fact(fault, 'other') ?? 'the other'} gave the same identity number. So the gateway cannot tell them apart when they are plugged in elsewhere, and one of them is not taken into the pair.`,
    cause:
      'Two ports lead to one board, or the EEPROM of one board was copied to the other together with its identity.',
    look: 'If they are two boards, erase the EEPROM of one of them (avrdude -U eeprom:w:0xff:m for its first bytes, or flash it with a chip erase): it makes itself a new identity at its next start.',
  },
  'board-flaps': {
    title: ({ who }) => `${who} left the pair too often and is kept out`,
    happened: ({ who, fault }) =>
      `${cap(who)} left the pair by faults, or failed to join it, ${fact(fault, 'leftTimes') ?? 'several'} times within ${fact(fault, 'withinMinutes') ?? 'a few'} minutes; ${fact(fault, 'allowed') ?? 'fewer'} are allowed (${fault.evidence['allowed'] === 0 ? 'flapping.limit' : 'flapping.permanent, where older ones count less'}). Such a fault is permanent: it does not go by waiting.`,
    cause: 'A loose plug, a supply that drops, a board that is about to die.',
    look: 'Read the faults of this board just before this one: they say how it left each time. Mend or replace it.',
  },
  'self-test-failed': {
    title: ({ who }) => `${who} failed its self-test and is kept out`,
    happened: ({ who }) =>
      `${cap(who)} was asked to test itself, and what it found is in the evidence (of an old primary, in that of the fault by which it lost the lead): it is broken, however seldom it has failed so far. Such a fault is permanent.`,
    cause:
      'Its flash is not what was loaded (worn out, or not loaded whole), a memory cell is stuck, or the processor errs.',
    look: 'Load the firmware anew and test it again; if the memory or the processor failed, replace the board.',
  },
};

/** The board that answered; the fault is about the port of the one that should have. */
function otherBoard(fault: FaultView['fault']): string {
  const other = fact(fault, 'other');
  return other === undefined ? 'the other board' : `board ${other}`;
}
