import { describe, expect, it } from 'vitest';
import type { PairEffect } from '../../../src/pair/state/effects.js';
import type { TimedPairEvent } from '../../../src/pair/state/events.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';

const RESET: HarnessOptions = { config: { handover: 'reset', resetLines: ['a', 'b'] } };
const NOTHING: HarnessOptions = { config: { handover: 'nothing' } };

type Entry = { readonly event: TimedPairEvent; readonly effects: readonly PairEffect[] };

/** A pair whose every step is written down. */
function recorded(options: HarnessOptions): { readonly pair: PairHarness; readonly steps: Entry[] } {
  const pair = PairHarness.started(options);
  const steps: Entry[] = [];
  pair.onStep = (event, effects) => steps.push({ event, effects: [...effects] });
  return { pair, steps };
}

const effectsOf = (steps: readonly Entry[]): readonly PairEffect[] => steps.flatMap(({ effects }) => effects);
const heldAt = (pair: PairHarness, board: 'a' | 'b') => pair.resets.filter((one) => one.board === board);

/** What the new primary is given or granted between the fence and the word that the old one is held. */
function givenUnheld(steps: readonly Entry[]): readonly string[] {
  const fenced = steps.findIndex(({ event }) => event.type === 'fenceRecorded');
  const held = steps.findIndex(({ event }, index) => index > fenced && event.type === 'relayMoved');
  expect(fenced).toBeGreaterThan(-1);
  expect(held).toBeGreaterThan(fenced);
  return effectsOf(steps.slice(fenced, held)).flatMap((effect) =>
    effect.type === 'send' && (effect.message.kind === 'input' || effect.message.kind === 'commit')
      ? [`${effect.message.kind} ${effect.message.seq} to ${effect.board}`]
      : [],
  );
}

describe('without a relay', () => {
  it.each(['primary', 'both'] as const)(
    'R10, R13: the old primary is held in RESET before the new one acts on anything that is left (commits need %s)',
    (commitNeeds) => {
      const { pair, steps } = recorded({ ...RESET, window: 4, config: { ...RESET.config, commitNeeds } });
      pair.inputs(6);
      pair.runUntil(() => pair.boards.a.actedSeqs.length >= 1);
      pair.boards.a.halt();
      pair.runUntil(() => pair.isProtected && pair.upstream.answers.length === 6, 10_000);
      expect(givenUnheld(steps)).toEqual([]);
      const fencedAtUs = steps.find(({ event }) => event.type === 'fenceRecorded')?.event.atUs;
      // At the fence, not after catching up: whatever b does before meets the pins of a.
      expect(heldAt(pair, 'a').map(({ held }) => held)).toEqual([false, true, false]);
      expect(heldAt(pair, 'a')[1]?.atUs).toBe(fencedAtUs);
      expect(new Set(pair.upstream.answers.map(({ ref }) => ref)).size).toBe(6);
      expect(heldAt(pair, 'b').map(({ held }) => held)).toEqual([false]);
    },
  );

  it.each(['a', 'b'] as const)(
    'R10, R13: the primary fails while the ledger is asked for a commit of %s: nothing is granted before it is held',
    (board) => {
      const { pair, steps } = recorded({ ...RESET, window: 4, config: { ...RESET.config, commitNeeds: 'both' } });
      pair.ledgerUs = () => 10_000;
      pair.inputs(6);
      const isAsked = (effect: PairEffect) => effect.type === 'requestCommit' && effect.board === board;
      pair.runUntil(() => effectsOf(steps).some(isAsked), 5_000);
      pair.boards.a.fail('state-corrupt');
      const failed = steps.length;
      pair.runUntil(() => pair.ledger.owner === 'b' && pair.upstream.answers.length === 6, 10_000);
      const held = steps.findIndex(({ event }, index) => index > failed && event.type === 'relayMoved');
      const fencing = steps.findIndex(({ effects }) => effects.some(({ type }) => type === 'recordFence'));
      expect(held).toBeGreaterThan(fencing);
      const granted = effectsOf(steps.slice(fencing, held)).filter(
        (effect) => effect.type === 'send' && effect.message.kind === 'commit',
      );
      expect(granted).toEqual([]);
    },
  );

  it('R25: the old primary is let go to be tried again, and not before the takeover is over', () => {
    const { pair, steps } = recorded(RESET);
    pair.inputs(3);
    pair.boards.a.halt();
    pair.runUntil(() => heldAt(pair, 'a').length === 3, 10_000);
    const over = steps.findIndex(({ effects }) => effects.some(({ type }) => type === 'recordTakeoverEnded'));
    const released = steps.findIndex(({ effects }) =>
      effects.some((effect) => effect.type === 'releaseReset' && effect.board === 'a'),
    );
    expect(over).toBeGreaterThan(-1);
    expect(released).toBeGreaterThan(over);
    // Nobody asks a board that is held who it is.
    const asked = effectsOf(steps.slice(over, released)).filter(
      (effect) => effect.type === 'send' && effect.board === 'a' && effect.message.kind === 'helloRequest',
    );
    expect(asked).toEqual([]);
    pair.runUntil(() => pair.isProtected, 10_000);
  });

  it('R25: a board whose link goes with its RESET comes back all the same', () => {
    const { pair } = recorded(RESET);
    pair.boards.a.halt();
    pair.inputs(2);
    pair.runUntil(() => heldAt(pair, 'a').length === 2, 10_000);
    pair.cut('a');
    pair.runUntil(() => heldAt(pair, 'a').length === 3, 10_000);
    pair.reconnect('a');
    pair.runUntil(() => pair.isProtected, 10_000);
  });

  it('R13, R24: a backup that fails is held in RESET too, until it is tried again', () => {
    const { pair } = recorded(RESET);
    pair.boards.b.halt();
    pair.inputs(2, 100);
    pair.runUntil(() => pair.isProtected && heldAt(pair, 'b').length === 3, 10_000);
    expect(heldAt(pair, 'b').map(({ held }) => held)).toEqual([false, true, false]);
    expect(heldAt(pair, 'a')).toHaveLength(1);
  });

  it('R13, R19: who is kept out is held until a person lets it in', () => {
    const { pair } = recorded({ ...RESET, config: { ...RESET.config, onMismatch: 'switch' } });
    pair.boards.a.corrupt = (seq) => (seq === pair.seqOf('x') ? 1 : 0);
    pair.input('x', 1);
    pair.runUntil(() => pair.memberStateOf('a') === 'kept-out', 5_000);
    pair.run(20_000);
    expect(heldAt(pair, 'a').map(({ held }) => held)).toEqual([false, true]);
    pair.boards.a.corrupt = () => 0;
    pair.command({ command: 'rejoin', board: 'a' });
    pair.runUntil(() => pair.isProtected, 10_000);
    expect(heldAt(pair, 'a').at(-1)?.held).toBe(false);
  });

  it('R27: a gateway that dies after the fence holds the old primary at once when it is back', () => {
    const { pair } = recorded(RESET);
    pair.inputs(3);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 1);
    pair.boards.a.halt();
    pair.runUntil(() => pair.ledger.owner === 'b', 5_000);
    pair.killGateway();
    const before = heldAt(pair, 'a').length;
    pair.startGateway();
    expect(heldAt(pair, 'a').slice(before)[0]).toMatchObject({ held: true });
    pair.runUntil(() => pair.isProtected && pair.upstream.answers.length >= 3, 10_000);
  });

  it('R13: a RESET line that does not follow stops the pair, and the new primary has been given nothing', () => {
    const { pair, steps } = recorded(RESET);
    pair.relay.stuck = true;
    pair.inputs(3);
    pair.boards.a.halt();
    pair.runUntil(() => pair.ledger.stopped, 10_000);
    const fenced = steps.findIndex(({ event }) => event.type === 'fenceRecorded');
    const sent = effectsOf(steps.slice(fenced)).filter(
      (effect) => effect.type === 'send' && effect.board === 'b' && effect.message.kind === 'input',
    );
    expect(sent).toEqual([]);
  });

  it.each([
    ['RESET', RESET],
    ['nothing', NOTHING],
  ])(
    'R26: a planned change of the primary moves nothing and holds nobody (%s in the place of a relay)',
    (_name, options) => {
      const { pair, steps } = recorded(options);
      const before = pair.resets.length;
      const ref = pair.command({ command: 'switch' });
      pair.runUntil(() => pair.commands.get(ref) !== undefined && pair.isProtected, 5_000);
      expect(pair.commands.get(ref)).toMatch(/^done/);
      expect(pair.ledger.owner).toBe('b');
      expect(pair.resets).toHaveLength(before);
      expect(effectsOf(steps).filter(({ type }) => type === 'moveRelay')).toEqual([]);
    },
  );
});

describe('where nothing is switched', () => {
  it('R10, R22: the backup takes over, everything is answered once, and no relay is commanded', () => {
    const { pair, steps } = recorded({ ...NOTHING, window: 4 });
    pair.inputs(6);
    pair.runUntil(() => pair.boards.a.actedSeqs.length >= 1);
    pair.boards.a.halt();
    pair.runUntil(() => pair.ledger.owner === 'b' && pair.upstream.answers.length === 6, 10_000);
    pair.run(100);
    expect(effectsOf(steps).filter(({ type }) => type === 'moveRelay' || type === 'holdReset')).toEqual([]);
    expect(pair.pair.phase).toBe('serving');
    expect(new Set(pair.upstream.answers.map(({ ref }) => ref)).size).toBe(6);
  });
});
