import { changedInMemory } from '../changed-state.js';
import { differsText, imagesText, runsDifferentImages, selfTestsText } from '../dispute-text.js';
import type { FaultView } from '../fault-view.js';
import { limitText } from '../limit-text.js';
import { cap, count, fact } from '../plain-words.js';
import type { StoredFault } from '../stored-fault.js';
import type { FaultKind } from './fault-kind.js';
import { JOINING_KINDS } from './joining-kinds.js';
import { MISTAKE_KINDS } from './mistake-kinds.js';
import { SENSOR_KINDS } from './sensor-kinds.js';
import { STORAGE_KINDS } from './storage-kinds.js';
import { SWITCHOVER_KINDS } from './switchover-kinds.js';
import { UPDATE_KINDS } from './update-kinds.js';

/** Every fault there is. A code that is not here is still told, with its own name as the title. */
export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  silent: {
    title: ({ who }) => `${who} stopped answering`,
    happened: silence,
    cause: 'Its program hangs, runs with interrupts off for too long, or needs longer than the deadline.',
    look: 'Does the board still blink or print? Reset it and watch whether it comes back; look for loops that wait.',
  },
  unplugged: {
    title: ({ who }) => `the link to ${who} was lost`,
    happened: ({ who, fault }) => `The serial link to ${who} went away: ${fact(fault, 'link') ?? 'its port closed'}.`,
    cause: 'The cable was pulled, a connector is loose, the USB hub or the board lost its power.',
    look: 'Check the plug and the cable at both ends, and the supply of the board and of the hub.',
  },
  restarted: {
    title: ({ who }) => `${who} restarted`,
    happened: ({ who, fault }) =>
      fault.evidence['byOpening'] === true
        ? `Opening its port restarted ${who} (DTR), and it lost the state it had. That does not count against it; a capacitor of 10 uF between RESET and GND keeps it from happening (docs/ports.md).`
        : `${cap(who)} started anew (cause of the reset: ${fact(fault, 'resetCause') ?? 'not known'}) and lost the state it had.${signText(fault)}`,
    cause: 'The supply dropped (motor or coil on the same supply), its watchdog bit, or someone pressed reset.',
    look: 'Measure the supply while the actuator switches; a watchdog reset means that its program hung.',
  },
  failed: {
    title: ({ who, fault }) => `${who} declared itself failed: ${shortReason(fault) ?? 'no reason given'}`,
    happened: ({ who, fault, fields }) =>
      `${cap(who)} found something wrong with itself and said so: ${fact(fault, 'reason') ?? 'it gave no reason'}.${whatItChecks(fault, fields)} It took its outputs to their safe levels.`,
    cause: 'A memory cell flipped, an output does not follow, or a limit of the sketch itself was passed.',
    look: 'If it comes again on the same board, replace the board; if it follows the sketch, look at its limits.',
  },
  'unknown-result': {
    title: ({ who }) => `${who} answered something it was not asked`,
    happened: ({ who, fault }) =>
      `${cap(who)} gave a result for input ${fact(fault, 'result') ?? 'unknown'}, which does not belong to what it was given.`,
    cause: 'Its memory or its program is damaged, or another program writes to its port.',
    look: 'Make sure that nothing else has the port open (fuser PORT), then load the firmware anew.',
  },
  'done-without-commit': {
    title: ({ who }) => `${who} acted without leave`,
    happened: ({ who, fault }) =>
      `${cap(who)} said that it had acted on input ${fact(fault, 'done') ?? 'unknown'} before it was allowed to.`,
    cause: 'Its memory or its program is damaged, or its firmware is not the one the pair was set up with.',
    look: 'Load the firmware anew and check that both boards run the same image.',
  },
  mismatch: {
    title: ({ fault }) =>
      fault.board === null ? 'the two boards differ' : `board ${fault.board} differs from the other board`,
    happened: ({ fault }) =>
      `For the same input the two boards came to something different: they differ in ${differsText(fault)}. ${aboutImages(fault)}One of them is wrong; nothing here tells which.${aboutTests(fault)}`,
    cause:
      'A memory cell flipped, the firmware differs, or the sketch uses something the pair does not share (its own clock, a pin it reads itself).',
    look: 'Compare the two results in the evidence with what you expect; check that both boards run the same image.',
  },
  'judged-wrong': {
    title: ({ who }) => `${who} came to a wrong result`,
    happened: ({ fault }) =>
      fault.evidence['committedResult'] === undefined
        ? arbiterText(fault)
        : `For the same input board ${fact(fault, 'otherBoard') ?? '?'} and board ${fact(fault, 'committedBy') ?? '?'} came to something different (they differ in ${differsText(fault)}). ${aboutImages(fault)}${arbiterText(fault)}`,
    cause:
      'A memory cell flipped, or the processor miscounted; where it happens again, the board is damaged or badly supplied.',
    look: 'Compare the two results in the evidence; look at the board’s supply and at what was switched near it at that moment.',
  },
  'backup-behind': {
    title: ({ who }) => `${who} fell too far behind`,
    happened: ({ who, fault, isThirdCopy }) =>
      `${cap(who)}${isThirdCopy ? '' : ', the backup,'} was ${fact(fault, 'behind') ?? 'too many'} inputs behind; ${fact(fault, 'allowed') ?? 'max-lag'} are allowed. The primary never waited for it.`,
    cause:
      'It or its link is slower than the primary (another board kind, another hub, a slower bit rate); of a third copy: its host has no time for it.',
    look: 'Compare the two links; give both boards the same kind of port. Of a third copy: see what else the host does.',
  },
  'link-degraded': {
    title: ({ who, fault }) =>
      isAsked(fault) ? `an answer of ${who} did not come` : `messages to ${who} had to be repeated`,
    happened: ({ who, fault }) =>
      isAsked(fault)
        ? `${cap(who)} did not answer within its deadline, and no other board could take over. What it had in its hands changes nothing there. It was asked whether it is there: if it had not answered that either, the next fault would say so.`
        : `${cap(fact(fault, 'repeated') ?? 'A message')} for ${who} had to be sent again; then the answer came. No board failed.`,
    cause:
      'Noise on the cable, a bit rate the board does not make exactly, a USB hub at its limit; or an answer that took longer than a third of the deadline, because board or host were busy.',
    look: 'If it comes often: a shorter or shielded cable, 500000 baud, cables away from relay and motor leads; or a longer deadline.',
  },
  'relay-stuck': {
    title: ({ fault }) =>
      fault.evidence['handover'] === 'reset'
        ? 'the old primary cannot be held in RESET'
        : `the relay did not move to board ${fact(fault, 'to') ?? 'unknown'}`,
    happened: ({ fault }) =>
      fault.evidence['handover'] === 'reset'
        ? `Board ${fact(fault, 'to') ?? 'unknown'} was to take over, and the RESET line of the other board could not be driven.`
        : `The relay was commanded to board ${fact(fault, 'to') ?? 'unknown'}, several times, and its feedback line never showed that it moved.`,
    cause:
      'The contact is welded, the coil has no supply, its driver is broken, or the feedback line is wired to the wrong contact.',
    look: 'Take the actuator off its supply, then move the relay by hand and measure the coil and the contacts.',
  },
  'pair-stopped': {
    title: ({ fault }) => `the pair was stopped: ${fact(fault, 'why') ?? 'nothing safe was left to do'}`,
    happened: ({ fault }) =>
      `The gateway stopped the pair, because ${fact(fault, 'why') ?? 'nothing safe was left to do by itself'}. It accepts no inputs and grants no commits until a person has decided.`,
    cause:
      'A second fault came while there was no healthy board left to take over; the faults just before this one say which.',
    look: 'Read the faults just before this one.',
  },
  'input-quarantined': {
    title: ({ fault }) => `input ${fault.seq ?? 'unknown'} was set aside: two boards failed on it`,
    happened: ({ fault }) =>
      `Both boards (${fact(fault, 'diedOnIt') ?? 'a and b'}) failed while they worked on the same input. It is not given to anybody again.`,
    cause: 'The input itself brings the program down: a value the sketch does not expect.',
    look: 'Run the sketch on the bench with this very input.',
  },
  'input-in-doubt': {
    title: ({ fault }) =>
      `it is not known whether board ${fault.board ?? 'unknown'} carried out input ${fact(fault, 'inDoubt') ?? 'unknown'}`,
    happened: ({ fault }) =>
      fault.evidence['saysSo'] === true
        ? `Board ${fault.board ?? 'unknown'} answered that it failed while it carried the input out: what came of it nobody knows. The answer was passed on. Where it may have changed something, the boards are compared before they count as protected.`
        : fault.evidence['isCopy'] === true
          ? `Board ${fault.board ?? 'unknown'} was being given copies of inputs that the other board had answered, and its answers were lost. This kind of board cannot tell a repeat: they are not given to it again.`
          : `Board ${fault.board ?? 'unknown'} had the inputs, and its answers were lost. This kind of board cannot tell a repeat: they are not given again, and whoever waits for them was told so.`,
    cause:
      'While it was at work the gateway ended, the link to the board was lost, or a byte of an answer was, with no other board to take over.',
    look: 'Whoever sent the inputs decides: look at the plant, and send them again only where doing it twice does no harm. Where bytes are lost, see to cables and ground.',
  },
  'gateway-restarted': {
    title: ({ fault }) => (isPlanned(fault) ? 'planned restart of the gateway' : 'the gateway was restarted'),
    happened: ({ fault }) =>
      `${isPlanned(fault) ? 'Somebody had ended the gateway, in good order, and it was started again. This is no fault: it is kept here so that the record is whole.' : "The gateway's own program had ended and was started again."} It read the ledger, took the running boards back without resetting them and had ${count(fault.evidence['unfinished'], 'unfinished input')} to finish.`,
    cause: 'It was killed (out of memory, or by hand), or it crashed.',
    look: 'Ask the service manager why it ended:',
    lookCommand: (service) => `journalctl -u ${service}`,
    event: 'where-planned',
  },
  'host-restarted': {
    title: ({ fault }) => (isPlanned(fault) ? 'planned restart of the host' : 'the host was restarted'),
    happened: ({ fault }) =>
      `${isPlanned(fault) ? 'Somebody had ended the gateway, in good order, before the host was. This is no fault: it is kept here so that the record is whole. ' : ''}The host had been started anew since the ledger was last written; its last lines may be gone. What the boards did beyond it was read back from them. Inputs not finished by then: ${fact(fault, 'unfinished') ?? '0'}.`,
    cause: 'A reboot, or a loss of power.',
    look: 'Check the supply of the host, and whether the pair is protected again.',
    event: 'where-planned',
  },
  'pair-restarted': {
    title: () => 'both boards started anew',
    happened: ({ fault }) =>
      `Both boards came without the state they had before, so the pair began from a fresh start. Inputs not finished by then: ${fact(fault, 'unfinished') ?? '0'}.`,
    cause: 'Both boards lost power, or both were reset.',
    look: 'Check the supply that the boards share.',
  },
  'late-commit-refused': {
    title: ({ who }) => `a late commit of ${who} was refused`,
    happened: ({ who }) => `${cap(who)}, locked out, asked for leave to act; the ledger refused it.`,
    cause: 'The board was slow, not dead: it finished after its deadline.',
    look: 'Find out what takes the board so long, or give it a longer deadline.',
  },
  ...JOINING_KINDS,
  ...SWITCHOVER_KINDS,
  ...STORAGE_KINDS,
  ...SENSOR_KINDS,
  ...UPDATE_KINDS,
  ...MISTAKE_KINDS,
};

function silence({ who, fault }: FaultView): string {
  const again = fault.evidence['repeats'] === 0 ? '' : ', although it was asked again';
  const within = `within the deadline of ${fact(fault, 'deadlineMs')}${again}`;
  switch (fault.evidence['waitedFor']) {
    case undefined:
      return `${cap(who)} did not answer when the gateway asked who it is.`;
    case 'DONE':
      return `${cap(who)} had leave to act on input ${fault.seq}, and did not say that it had done so (DONE) ${within}.`;
    default:
      return `${cap(who)} gave no result for input ${fault.seq} ${within}.`;
  }
}

/** A board's own reasons in as few words as a list has room for. */
const SHORT_REASONS: Readonly<Record<string, string>> = {
  stateCorrupt: 'its memory changed by itself',
  outputCorrupt: 'its outputs changed by themselves',
  localTrip: 'its own limit tripped',
};

function shortReason(fault: StoredFault): string | undefined {
  return SHORT_REASONS[String(fault.evidence['reason'])] ?? fact(fault, 'reason');
}

function changedText(fault: StoredFault, state: FaultView['fields']['state']): string {
  const changed = changedInMemory(fault, state);
  return changed === null ? '' : `, and only there: ${changed}`;
}

/** R29: what a board checks by itself, and when. */
function whatItChecks(fault: StoredFault, { state }: FaultView['fields']): string {
  switch (fault.evidence['reason']) {
    case 'stateCorrupt':
      return ` Before it works on an input, a board compares its memory with the digest it left after the one before: it had changed in between${changedText(fault, state)}. So nothing was computed from it.`;
    case 'outputCorrupt':
      return ' Before it works on an input, a board compares its outputs with what it last set: they had changed in between.';
    default:
      return '';
  }
}

/** R31: its answer did not come, and it was asked whether it is there. */
function isAsked({ evidence }: StoredFault): boolean {
  return evidence['asked'] === true;
}

/** What says of a planned thing that may also come by itself that somebody wanted it so. */
export function isPlanned({ evidence }: Pick<StoredFault, 'evidence'>): boolean {
  return evidence['planned'] === true;
}

/** The kind of a fault; what a newer or older Copycat wrote is told by its bare code. */
export function kindOf(code: string): FaultKind {
  return (
    FAULT_KINDS[code] ?? {
      title: ({ who }) => `${who}: ${code}`,
      happened: ({ who }) => `Something this version has no words for (${code}) happened to ${who}.`,
      cause: 'Not known to this version.',
      look: 'Read the evidence and the timeline.',
    }
  );
}

/** R15: nobody has said so: a register showed it, when it was read next. */
function signText(fault: StoredFault): string {
  if (fault.evidence['decidedBy'] !== 'restart-sign') return '';
  return ` Its register that only a restart makes smaller (protocol.restart-sign) fell, to ${fact(fault, 'sign') ?? '?'}: it may have answered and acted without its state since shortly before.`;
}

/** R18: the first thing to look at: two programs may differ without any board being wrong. */
function aboutImages(fault: StoredFault): string {
  const text = imagesText(fault);
  if (text === null) return '';
  return runsDifferentImages(fault) ? `${cap(text)}: that may be all of it. ` : `${cap(text)}. `;
}

function aboutTests(fault: StoredFault): string {
  const text = selfTestsText(fault);
  return text === null ? '' : ` Their self-tests: ${text}.`;
}

/** R19: who told which of the two is wrong. */
function arbiterText(fault: StoredFault): string {
  const wrong = `board ${fact(fault, 'wrong') ?? '?'} is the wrong one`;
  switch (fault.evidence['decidedBy']) {
    case 'plausibility':
      return `Only one of the two results is plausible: ${limitText(fault)}. So ${wrong}.`;
    case 'third-copy':
      return `The third copy came to the same as one of them: ${wrong}, two against one.`;
    case 'self-test':
      return `The self-test of one of them failed: ${wrong}.`;
    case 'written':
      return `Register ${fact(fault, 'register') ?? '?'} no longer reads back what was last written to it, twice: ${wrong}.`;
    case 'restart-sign':
      return `The register that shows a restart fell: ${wrong}.`;
    case 'the other board':
      return `The other board came to the same as the primary: ${wrong}, two against one.`;
    default:
      return `Nobody else was there to ask: ${wrong}, as far as can be known.`;
  }
}
