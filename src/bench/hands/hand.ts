import type { OutsideLevel } from '../../emulator/peripherals/pin-inputs.js';
import type { BoardName } from '../bench-board.js';

/** What a person may do to a running emulated pair (docs/try.md). */
export type Hand =
  | { readonly do: 'halt' | 'restart' | 'unplug' | 'plug'; readonly at: BoardName }
  /** Each byte between board and gateway is damaged with this probability, 0 to 1. */
  | { readonly do: 'noise'; readonly at: BoardName; readonly share: number }
  /** The board takes so much longer for each input. */
  | { readonly do: 'slow'; readonly at: BoardName; readonly byUs: number }
  /** A bit of its memory, by data address. */
  | { readonly do: 'flip'; readonly at: BoardName; readonly address: number; readonly bit: number }
  /** `pin`: Arduino's number; `level` null: nothing is wired there. */
  | { readonly do: 'pin'; readonly at: BoardName; readonly pin: number; readonly level: OutsideLevel }
  | { readonly do: 'analog'; readonly at: BoardName; readonly channel: number; readonly counts: number }
  | { readonly do: 'relay-stuck' }
  /** Each transaction of the ledger takes so much longer. */
  | { readonly do: 'ledger-slow'; readonly byUs: number }
  | { readonly do: 'release' };

/** How each is typed, by its first word, and what it does. */
export const HANDS: Readonly<Record<string, { readonly typed: string; readonly does: string }>> = {
  halt: { typed: 'halt a', does: 'its program hangs, pins as they are' },
  restart: { typed: 'restart a', does: 'it is reset' },
  unplug: { typed: 'unplug a', does: 'its cable is pulled; it goes on, and nobody hears it' },
  plug: { typed: 'plug a', does: 'its cable is put back' },
  noise: { typed: 'noise a 1%', does: 'so many of the bytes from and to it are damaged or lost' },
  slow: { typed: 'slow a 80ms', does: 'it takes so much longer for each input' },
  flip: { typed: 'flip a 0x123.4', does: 'one bit of its memory, once: address and bit' },
  pin: { typed: 'pin a D2 high', does: 'a level at a pin that it reads: high, low or open' },
  analog: { typed: 'analog a A0 512', does: 'what its converter shows of a channel: 0 to 1023' },
  relay: { typed: 'relay stuck', does: 'the relay moves no more' },
  ledger: { typed: 'ledger slow 500ms', does: 'each transaction takes so much longer' },
  release: {
    typed: 'release',
    does: 'every hand is taken off; what hangs is restarted, what is unplugged is plugged in',
  },
};
