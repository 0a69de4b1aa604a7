import { kindOf } from './catalogue/catalogue.js';
import { isEvent } from './catalogue/events.js';
import type { FaultView } from './fault-view.js';

/** How commands in a story are to be spelled, so that they can be typed as they stand. */
export interface CommandNames {
  /** `npx copycat` */
  readonly copycat: string;
  /** What has to follow a command for it to find the same ledger: empty, or ` --ledger PATH`. */
  readonly ledgerOption: string;
  /** What has to follow a command to the running gateway: empty where it is found by itself, or ` -c FILE`. */
  readonly gatewayOption: string;
  /** The service of this pair's gateway: `copycat@oven`; `copycat@NAME` where the pair's name is not known. */
  readonly service: string;
}

/** NAME: the name of the pair. */
export const ANY_SERVICE = 'copycat@NAME';

export const PLAIN_COMMANDS: CommandNames = {
  copycat: 'npx copycat',
  ledgerOption: '',
  gatewayOption: '',
  service: ANY_SERVICE,
};

/** What to do now: a sentence, and the commands that do it. */
export interface Remedy {
  readonly text: string;
  readonly commands: readonly string[];
}

export function remediesFor(view: FaultView, names: CommandNames): readonly Remedy[] {
  const { fault, outcome } = view;
  const { look: what, lookCommand } = kindOf(fault.code);
  const look: Remedy = { text: what, commands: lookCommand === undefined ? [] : [lookCommand(names.service)] };
  const watch: Remedy = { text: 'See where the pair stands now:', commands: [toGateway(names, 'status')] };
  const done = closing(view, names);
  switch (outcome) {
    case 'took-over':
    case 'taking-over':
    case 'set-aside':
    case 'kept-out':
      return [watch, look, ...backIntoThePair(view, names), ...done];
    case 'stopped':
      return [MAKE_SAFE, before(names), look, ...letItGoOn(view, names), ...done];
    case 'switched':
    case 'switching':
      return isEvent(fault) ? [watch] : [watch, look, ...done];
    case 'noted':
      if (fault.code !== 'updating' && isEvent(fault)) return [watch];
      return fault.code === 'input-quarantined'
        ? [MAKE_SAFE, before(names), look, ...letItGoOn(view, names), ...done]
        : [watch, look, ...tryAgain(view, names), ...done];
  }
}

const MAKE_SAFE: Remedy = {
  text: 'Make the plant safe by hand first: the pair does nothing by itself any more.',
  commands: [],
};

function before(names: CommandNames): Remedy {
  return { text: 'See what came before:', commands: [`${names.copycat} faults list${names.ledgerOption}`] };
}

/** An event is closed by itself. */
function closing({ fault, outcome, step }: FaultView, names: CommandNames): readonly Remedy[] {
  if (isEvent(fault)) return [];
  const commands = [`${names.copycat} faults close ${fault.id}${names.ledgerOption}`];
  const isDone =
    outcome === 'noted' || outcome === 'switched' || outcome === 'switching' || step('joined') !== undefined;
  return [{ text: `${isDone ? 'When you are done with it' : 'When it is mended'}, close this fault:`, commands }];
}

/** R25: a board joins by itself once it is back; one that is kept out waits for a person. It never takes the lead by itself. */
function backIntoThePair(view: FaultView, names: CommandNames): readonly Remedy[] {
  const { fault, step, isKeptOut, faultClass, outcome, isThirdCopy } = view;
  if (step('joined') !== undefined) return [];
  const board = fault.board ?? 'that is out';
  const asBackup = 'given the state of the primary, compared with it, and is then its backup';
  if (isKeptOut) {
    const which =
      fault.code === 'mismatch'
        ? 'When you know that its state may be replaced by that of the primary'
        : 'When it is mended';
    return [
      {
        text: `${which}, let board ${board} in; it is ${asBackup}:`,
        commands: [toGateway(names, `rejoin ${fault.board ?? 'BOARD'}`)],
      },
    ];
  }
  if (faultClass === 'intermittent') {
    return [
      {
        text: `Faults of board ${board} come again and again: mend or replace it. When its time is over (status says when) it joins by itself: it is ${asBackup}. To let it in before that:`,
        commands: [toGateway(names, `rejoin ${fault.board ?? 'BOARD'}`)],
      },
    ];
  }
  const lead =
    outcome === 'took-over' || outcome === 'taking-over'
      ? ` (to have it lead again after that: ${toGateway(names, 'switch')})`
      : '';
  if (isThirdCopy) {
    return [
      {
        text: 'It joins by itself as soon as it can keep up. Only when status says that it is kept out does it need:',
        commands: [toGateway(names, `rejoin ${fault.board ?? 'BOARD'}`)],
      },
    ];
  }
  return [
    {
      text: `Mend or replace board ${board}, then plug it in or reset it. It joins by itself: it is ${asBackup}${lead}. Only when status says that it is kept out does it need:`,
      commands: [toGateway(names, `rejoin ${fault.board ?? 'BOARD'}`)],
    },
  ];
}

/** R22: what a stopped pair waits for. */
function letItGoOn({ fault }: FaultView, names: CommandNames): readonly Remedy[] {
  if (fault.code === 'input-quarantined' && fault.seq !== null) {
    const { seq } = fault;
    return [
      { text: 'Look at the input:', commands: [toGateway(names, `inputs show ${seq}`)] },
      {
        text: 'Decide what becomes of it: it is given to the boards once more, or it is given up. With that the pair goes on:',
        commands: [toGateway(names, `inputs retry ${seq}`), toGateway(names, `inputs drop ${seq}`)],
      },
    ];
  }
  if (fault.code === 'pair-stopped' && fault.seq !== null && isDispute(fault.evidence['why'])) {
    const { seq } = fault;
    return [
      { text: 'See what was given out:', commands: [toGateway(names, `inputs show ${seq}`)] },
      {
        text: 'If the result of the board that is to drive is the right one, accept it: it acts on its own results from there on; what was answered before stands uncorrected, and whoever asks again gets the new one.',
        commands: [toGateway(names, `inputs accept ${seq}`)],
      },
      {
        text: 'If what was given out is right, restart that board (its reset button, or its supply) and let the pair go on: it loses its state, and the other board leads if it is in the pair, else both begin anew. Without the restart the pair stops again.',
        commands: [toGateway(names, 'resume')],
      },
    ];
  }
  return [
    {
      text: 'When everything is mended, let the pair go on; if an input waits for a decision, status names it and the commands for it:',
      commands: [toGateway(names, 'status'), toGateway(names, 'resume')],
    },
  ];
}

/** What `stopPair` says where the board that is to drive has another result than the committed one. */
function isDispute(why: unknown): boolean {
  return why === 'mismatch at takeover' || why === 'the ledger refused a commit of the primary: different';
}

function tryAgain({ fault }: FaultView, names: CommandNames): readonly Remedy[] {
  switch (fault.code) {
    case 'joining-failed':
      return [
        {
          text: 'The gateway tries again by itself. To have it tried at once:',
          commands: [toGateway(names, `rejoin ${fault.board ?? 'BOARD'}`)],
        },
      ];
    case 'updating':
    case 'update-failed':
      return [
        {
          text: 'To go on with it, or to go back with the image that was there before:',
          commands: [toGateway(names, 'flash both --image IMAGE')],
        },
      ];
    case 'switchover-failed':
      return [{ text: 'To try it again:', commands: [toGateway(names, 'switch')] }];
    default:
      return [];
  }
}

function toGateway({ copycat, gatewayOption }: CommandNames, command: string): string {
  return `${copycat} ${command}${gatewayOption}`;
}
