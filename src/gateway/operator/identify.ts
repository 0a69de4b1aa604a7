import type { Clock } from '../../clock/clock.js';
import type { CommandOutcome } from '../../control/contract/command.js';
import type { PortStatus } from '../../control/contract/port-status.js';
import { helloText } from '../../control/hello-text.js';
import type { BoardLink } from '../../link/board-link.js';
import type { PairState } from '../../pair/state/pair-state.js';
import { BEAT_US, BLINK_US, isLit } from '../ports/blink-rhythm.js';
import { roleOf } from '../status/explain-state.js';

export interface BoardIdentifierOptions {
  readonly state: PairState;
  readonly links: ReadonlyMap<string, BoardLink>;
  readonly clock: Clock;
  readonly portOf: (board: string) => PortStatus | null;
}

/**
 * Has a board of the running pair blink with its RX and TX lights: it is asked who it is, in a rhythm. The core drops the
 * answers, as it knows them; and a board that has work is not asked, so that no input waits for a light.
 */
export class BoardIdentifier {
  #asked = 0;
  #end: ((outcome: CommandOutcome) => void) | null = null;

  constructor(private readonly options: BoardIdentifierOptions) {}

  /** In bounded time; never rejects. */
  identify(board: string): Promise<CommandOutcome> {
    const { state, links, portOf } = this.options;
    const link = links.get(board);
    const known = state.boards.get(board);
    const boards = [...links.keys()].join(' or ');
    if (link === undefined || known === undefined) return refused(`this pair has no board ${board}, but ${boards}`);
    if (known.id === state.config.thirdCopy) return refused(`${board} has no lights: it is emulated on this host`);
    if (!state.config.wire.abilities.identity) {
      return refused('boards of this protocol cannot be asked who they are, so that none is made to blink');
    }
    if (this.#end !== null) return refused('another board is blinking: wait for its end');
    if (!known.link.isUp) {
      const trouble = portOf(board)?.trouble;
      return refused(`board ${board} is not connected${trouble ? `: ${trouble.text}` : ''}`);
    }
    const startUs = this.options.clock.nowUs();
    this.#asked = 0;
    return new Promise((resolve) => {
      this.#end = (outcome) => {
        this.#end = null;
        resolve(outcome);
      };
      this.#beat(board, link, startUs);
    });
  }

  /** The gateway ends. */
  close(): void {
    this.#end?.({ underWay: 'the gateway ended before it was done' });
  }

  #beat(boardId: string, link: BoardLink, startUs: number): void {
    const { state, clock, portOf } = this.options;
    const board = state.boards.get(boardId);
    if (this.#end === null || board === undefined) return;
    if (!board.link.isUp) return this.#end({ refused: `the link to board ${boardId} was lost meanwhile` });
    const sinceUs = clock.nowUs() - startUs;
    if (sinceUs >= BLINK_US) {
      if (this.#asked === 0) return this.#end({ refused: `board ${boardId} had work all the time: try again` });
      const { hello } = board.session;
      const device = portOf(boardId)?.device ?? null;
      const what =
        hello === null ? 'it has not said who it is' : helloText({ ...hello, session: board.session.number });
      return this.#end({
        done: `board ${boardId}${device === null ? '' : ` (${device})`}, ${roleOf(board, state)}: ${what}`,
      });
    }
    if (isLit(sinceUs) && board.work.exchanges.size === 0 && board.membership.joining === null) {
      this.#asked++;
      link.send(0, { kind: 'helloRequest' });
      link.flush();
    }
    clock.alarm(clock.nowUs() + BEAT_US, () => this.#beat(boardId, link, startUs));
  }
}

function refused(why: string): Promise<CommandOutcome> {
  return Promise.resolve({ refused: why });
}
