import type { BoardFacts } from '../board-facts.js';
import type { Config } from '../config.js';
import type { ProtocolConfig } from '../protocol-config.js';
import type { Finding } from './finding.js';

/** Something about a kind of board that its file does not say. */
export interface NotKnown {
  /** A clause: `whether opening its port restarts it`. */
  readonly what: string;
  /** What is done as long as it is not known, and what a person may do. */
  readonly meanwhile: string;
  /** The key of the board's file that says it. */
  readonly fact: string;
}

/** `ofHarness`: nobody needs it of boards with firmware of their own. */
type Question = NotKnown & { readonly isOpen: (facts: BoardFacts) => boolean; readonly ofHarness?: true };

const QUESTIONS: readonly Question[] = [
  {
    fact: 'supply',
    what: 'the voltage of its pins',
    meanwhile: 'measure it before anything is wired: the drawing has no levels, and a pin for 3.3 V does not bear 5 V',
    isOpen: ({ supply }) => supply === undefined,
  },
  {
    fact: 'pins',
    what: 'which pins it has, and which of them something drives before the program begins',
    meanwhile:
      'any name is taken for a pin; a resistor at the actuator has to hold the safe level until the board does',
    isOpen: ({ pins }) => pins === undefined,
  },
  {
    fact: 'uart.opensWithReset',
    what: 'whether opening its port restarts it (DTR)',
    meanwhile: 'treated as if it did: the boards are opened in turns, and a restart just then is no fault',
    isOpen: ({ uart }) => uart.opensWithReset === undefined,
  },
  {
    fact: 'bootloader',
    ofHarness: true,
    what: 'whether a bootloader listens first, and how long',
    meanwhile: 'a board that says nothing for 3 s after its port was opened counts as unresponsive, and is asked on',
    isOpen: ({ bootloader }) => bootloader === undefined,
  },
  {
    fact: 'startMs',
    ofHarness: true,
    what: 'how long it takes to start',
    meanwhile: 'copycat commission waits for it; the gateway never takes a start for a fault by its length',
    isOpen: ({ startMs }) => startMs === undefined,
  },
  {
    fact: 'uart.receiveBufferBytes',
    ofHarness: true,
    what: 'how many bytes it keeps until its program reads them',
    meanwhile: 'its HELLO says so at every opening, and never more than that is on the way',
    isOpen: ({ uart }) => uart.receiveBufferBytes === undefined,
  },
  {
    fact: 'uart.link',
    ofHarness: true,
    what: 'how long its link holds bytes back',
    meanwhile: 'counted as for an Uno (22 ms at worst at 500000-8N1); copycat commission measures it',
    isOpen: ({ uart }) => uart.link === undefined,
  },
  {
    fact: 'hasUnitNumber',
    ofHarness: true,
    what: 'whether its HELLO has a number of its own (identity)',
    meanwhile:
      'without one swapped plugs are not noticed: name the board by its place, or by match with a serial number',
    isOpen: ({ hasUnitNumber }) => hasUnitNumber === undefined,
  },
  {
    fact: 'watchdogMs',
    what: 'whether a watchdog restarts it when it hangs',
    meanwhile: 'wire its RESET (boards.a.reset), or a board that hangs stays out until somebody resets it',
    isOpen: ({ watchdogMs }) => watchdogMs === undefined,
  },
  {
    fact: 'flash',
    ofHarness: true,
    what: 'how it is flashed',
    meanwhile: 'copycat flash refuses it: upload the sketch as its maker says, with the gateway stopped',
    isOpen: ({ flash }) => flash === undefined,
  },
];

/** What its file leaves open and these boards need, what matters most first. */
export function notKnownOf(
  facts: BoardFacts,
  { dialect }: ProtocolConfig = { dialect: 'harness' },
): readonly NotKnown[] {
  return QUESTIONS.filter(({ isOpen, ofHarness }) => isOpen(facts) && (dialect === 'harness' || ofHarness !== true));
}

/** The boards of each kind of which something is not known. */
export function openKinds(
  config: Config,
): readonly { readonly facts: BoardFacts; readonly boards: readonly string[] }[] {
  const kinds = new Map(config.boards.map(({ facts }) => [facts.kind, facts]));
  return [...kinds.values()]
    .filter((facts) => notKnownOf(facts, config.protocol).length > 0)
    .map((facts) => ({
      facts,
      boards: config.boards.filter(({ kind }) => kind === facts.kind).map(({ board }) => board),
    }));
}

/** What is not known is said, with what is done meanwhile, and never filled in quietly. */
export function checkNotKnown(config: Config): readonly Finding[] {
  return openKinds(config).flatMap(({ facts, boards }) =>
    notKnownOf(facts, config.protocol).map(({ what, meanwhile, fact }): Finding => {
      const [first = ''] = boards;
      return {
        severity: 'note',
        key: `boards.${first}.kind`,
        message: `not known of kind ${facts.kind}: ${what}`,
        remedy: `${meanwhile} (a file of your own says it: ${fact}; docs/boards.md)`,
      };
    }),
  );
}
