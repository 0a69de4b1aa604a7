import { kindOf } from './catalogue.js';
import type { FaultView } from './fault-view.js';

/** How commands in a story are to be spelled, so that they can be typed as they stand. */
export interface CommandNames {
  /** `npx copycat` */
  readonly copycat: string;
  /** What has to follow the command for it to find the same ledger: empty, or ` --ledger PATH`. */
  readonly ledgerOption: string;
  /** Path of the ledger. */
  readonly ledger: string;
  /** The configuration of the pair. */
  readonly config: string;
  /** What has to follow `copycat status`: empty where the configuration is found by itself, or ` -c FILE`. */
  readonly statusOption: string;
}

export const PLAIN_COMMANDS: CommandNames = {
  copycat: 'npx copycat',
  ledgerOption: '',
  ledger: 'copycat.sqlite',
  config: 'copycat.yaml',
  statusOption: '',
};

/** What to do now: a sentence, and the commands that do it. */
export interface Remedy {
  readonly text: string;
  readonly commands: readonly string[];
}

export function remediesFor(view: FaultView, names: CommandNames): readonly Remedy[] {
  const { fault } = view;
  const { copycat } = names;
  const close = `${copycat} faults close ${fault.id}${names.ledgerOption}`;
  const look: Remedy = { text: kindOf(fault.code).look, commands: [] };
  const watch: Remedy = {
    text: 'See where the pair stands now:',
    commands: [`${copycat} status${names.statusOption}`],
  };
  const mended = view.outcome === 'noted' ? 'When you are done with it' : 'When it is mended';
  const done: Remedy = { text: `${mended}, close this fault:`, commands: [close] };
  switch (view.outcome) {
    case 'took-over':
    case 'taking-over':
      return [watch, look, ...backIntoThePair(fault.board, names), done];
    case 'set-aside':
      return [watch, look, ...backIntoThePair(fault.board, names), done];
    case 'stopped':
      return [
        { text: 'Make the plant safe by hand first: the pair does nothing by itself any more.', commands: [] },
        { text: 'See what came before:', commands: [`${copycat} faults list${names.ledgerOption}`] },
        look,
        ...backIntoThePair(null, names),
        done,
      ];
    case 'noted':
      return [watch, look, done];
  }
}

/** R25: a board comes back only on purpose, never by itself. */
function backIntoThePair(board: string | null, { copycat, ledger, config }: CommandNames): readonly Remedy[] {
  const which = board === null ? 'a repaired board' : `board ${board}`;
  return [
    {
      text: `To have two boards again: mend or replace ${which}, stop the gateway, reset both boards and begin a new ledger (the old one keeps this story):`,
      commands: [`mv ${ledger} ${ledger}.old`, `${copycat} run -c ${config}`],
    },
  ];
}
