import type { PageStatus } from '../net/shapes.js';
import { WORDS } from '../words.js';

/** Something a person may ask of a pair, with what is said before it is asked. */
export interface Action {
  readonly command: string;
  readonly body: object;
  readonly label: string;
  readonly title: string;
  readonly text: string;
  /** What the status says is to be done next stands first. */
  readonly isAdvised: boolean;
}

const W = WORDS.actions;
const OUT = new Set(['locked out', 'set aside', 'kept out']);

/** What makes sense as the pair stands, what is advised first. The gateway has the last word. */
export function possibleActions(status: PageStatus): readonly Action[] {
  const { boards, primary, inputs, relay } = status;
  const other = boards.find(({ role }) => role === 'backup')?.board;
  // A stale status protects nobody; what could be asked before stays where it was, and waits.
  const mayMove = status.protected || status.isStale;
  return [
    ...(status.phase === 'stopped'
      ? [action('resume', {}, W.resume.label, W.resume.title(), W.resume.text, true)]
      : []),
    ...inputs.quarantined.flatMap((seq) => [
      action('retry', { seq }, W.retry.label(`${seq}`), W.retry.title(`${seq}`), W.retry.text, true),
      action('drop', { seq }, W.drop.label(`${seq}`), W.drop.title(`${seq}`), W.drop.text, true),
    ]),
    ...disputedIn(status).map((seq) =>
      action('accept', { seq }, W.accept.label(`${seq}`), W.accept.title(`${seq}`), W.accept.text, false),
    ),
    ...boards
      .filter(({ role }) => OUT.has(role))
      .map(({ board }) =>
        action(
          'rejoin',
          { board },
          W.rejoin.label(board),
          W.rejoin.title(board),
          W.rejoin.text,
          isAdvised(status, board),
        ),
      ),
    ...(other === undefined || !mayMove
      ? []
      : [action('switch', {}, W.switch.label, W.switch.title(other), W.switch.text, false)]),
    ...(relay.kind === 'none' || !mayMove
      ? []
      : [
          action(
            'relay-test',
            { back: true },
            W['relay-test'].label,
            W['relay-test'].title(),
            W['relay-test'].text,
            false,
          ),
        ]),
    ...boards
      .filter(({ board, role }) => board === primary || role !== 'third copy')
      .map(({ board }) =>
        action('identify', { board }, W.identify.label(board), W.identify.title(board), W.identify.text, false),
      ),
  ];
}

/** R22: a result that only a person can say is right; the status names it among what can be done. */
function disputedIn({ next }: PageStatus): readonly number[] {
  return (next?.commands ?? []).flatMap((command) => {
    const seq = /^inputs accept (\d+)$/.exec(command)?.[1];
    return seq === undefined ? [] : [Number(seq)];
  });
}

function isAdvised({ next }: PageStatus, board: string): boolean {
  return next?.commands.includes(`rejoin ${board}`) ?? false;
}

function action(command: string, body: object, label: string, title: string, text: string, isAdvised: boolean): Action {
  return { command, body, label, title, text, isAdvised };
}
