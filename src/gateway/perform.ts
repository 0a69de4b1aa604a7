import type { RelayDriver } from '../hardware/relay/relay-driver.js';
import type { Ledger } from '../ledger/ledger.js';
import type { BoardLink } from '../link/board-link.js';
import type { PairEffect } from '../pair/state/effects.js';
import type { PairEvent } from '../pair/state/events.js';
import type { Upstream } from '../upstream/upstream.js';
import { performUpstream } from './effects/to-upstream.js';

/** What became of what a person asked for. */
export type CommandAnswer = Extract<PairEffect, { type: 'commandDone' | 'commandRefused' }>;

export type ConvertWanted = Extract<PairEffect, { type: 'convertState' }>;

export interface Performers {
  readonly links: ReadonlyMap<string, BoardLink>;
  readonly ledger: Ledger;
  readonly upstream: Upstream;
  readonly relay: RelayDriver;
  /** R13: the board's RESET line; a line that cannot be driven is told by whoever drives it. */
  readonly holdReset: (board: string, held: boolean) => void;
  /** R13: the relay that cuts the actuator off. */
  readonly cutOff: (cut: boolean) => void;
  /** Ends with `stateConverted`, whatever comes of it. */
  readonly convert: (wanted: ConvertWanted) => void;
  /** Ends with `boardFlashed`, whatever comes of it. */
  readonly flash: (board: string, image: string) => void;
  readonly answerCommand: (answer: CommandAnswer) => void;
  readonly dispatch: (event: PairEvent) => void;
}

/** Sends each effect to the one part of the house that can do it. */
export function perform(effect: PairEffect, to: Performers): void {
  switch (effect.type) {
    case 'send':
      to.links.get(effect.board)?.send(effect.session, effect.message);
      return;
    case 'moveRelay':
      to.relay.moveTo(effect.to);
      return;
    case 'holdReset':
    case 'releaseReset':
      to.holdReset(effect.board, effect.type === 'holdReset');
      return;
    case 'cutOff':
      to.cutOff(effect.cut);
      return;
    case 'flashBoard':
      to.flash(effect.board, effect.image);
      return;
    case 'convertState':
      to.convert(effect);
      return;
    case 'answer':
    case 'accepted':
    case 'refuse':
      performUpstream(effect, to.upstream, to.dispatch);
      return;
    case 'passOn':
      to.upstream.passOn?.(effect.body);
      return;
    case 'commandDone':
    case 'commandRefused':
      to.answerCommand(effect);
      return;
    default:
      // Everything else is the ledger's, in order (DESIGN 7).
      to.ledger.submit(effect);
  }
}
