import { describe, expect, inject, test } from 'vitest';
import { arduinoKind, megaKind, simulatedKind, unoKind } from './bench-kinds.js';
import type { BoardKind } from './board-under-test.js';
import { posixKind } from './posix-kind.js';
import { Talk } from './talk.js';

/** With `ramBytes` only boards with so much RAM hold it. */
export type Conversation = (
  title: string,
  hold: (talk: Talk) => Promise<void>,
  options?: { readonly ramBytes?: number },
) => void;

/** The first second of a board's life, bootloader aside: it has said HELLO and waits. */
const START_MS = 35;

/**
 * Holds the same conversations with every kind of board, and then compares what they said, byte for byte, and what their
 * pins showed: the simulated board must not drift from the firmware.
 */
export function conformance(topic: string, list: (conversation: Conversation) => void): void {
  const arduino = inject('arduinoHeater');
  const kinds: readonly BoardKind[] = [
    ...[simulatedKind, posixKind(inject('posixHeater')), unoKind, megaKind],
    ...(arduino === null ? [] : [arduinoKind(arduino)]),
  ];
  const transcripts = new Map<string, Map<string, readonly string[]>>();
  for (const { name, start, ramBytes: hasBytes } of kinds) {
    describe(`${topic}: ${name}`, () => {
      list((title, hold, { ramBytes = hasBytes } = {}) => {
        if (ramBytes !== hasBytes) return;
        test(title, async () => {
          const board = await start();
          const talk = new Talk(board);
          try {
            await hold(talk);
          } finally {
            await board.close();
          }
          const of = transcripts.get(title) ?? new Map<string, readonly string[]>();
          transcripts.set(title, of.set(name, talk.transcript));
        });
      });
    });
  }
  describe(`${topic}: all boards say and show the same`, () => {
    list((title, _hold, { ramBytes } = {}) => {
      test(title, () => {
        const of = transcripts.get(title);
        const held = kinds.filter((kind) => ramBytes === undefined || kind.ramBytes === ramBytes);
        expect(held.length).toBeGreaterThan(1);
        const [first, ...others] = held.map(({ name }) => of?.get(name));
        expect(first).toBeDefined();
        expect(first?.length).toBeGreaterThan(0);
        for (const other of others) expect(other).toEqual(first);
      });
    });
  });
}

/** A board that has started and is open in `session`, with nothing left to hear. */
export async function serving(talk: Talk, session = 7): Promise<Talk> {
  await talk.listen(START_MS);
  await talk.open(session);
  return talk;
}
