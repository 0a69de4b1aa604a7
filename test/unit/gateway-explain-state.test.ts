import { describe, expect, it } from 'vitest';
import { explainState, linkWordOf, roleOf } from '../../src/gateway/status/explain-state.js';
import { newTakeover } from '../../src/pair/membership/lease.js';
import type { BoardState, Joining } from '../../src/pair/state/board-state.js';
import type { PairState } from '../../src/pair/state/pair-state.js';
import { boardOf } from '../../src/pair/state/roles.js';
import { restoredPair } from './gateway-kit.js';

/** A pair that serves, both boards in sync and open, then changed. */
function pair(change: (b: BoardState, a: BoardState, state: PairState) => void = () => undefined): PairState {
  const state = restoredPair(0, { session: 1, boot: 7 });
  state.phase = 'serving';
  for (const board of state.boards.values()) {
    board.link.isUp = true;
    board.session.state = 'open';
  }
  change(boardOf(state, 'b'), boardOf(state, 'a'), state);
  return state;
}

/** Only what a person is shown of it. */
const joining = (step: Joining['step'], done: number, of: number): Joining => ({ step, done, of }) as Joining;

function quarantine(state: PairState, seq: number): void {
  const input = {
    seq,
    ref: `tcp:${seq}`,
    kind: 'input',
    payload: new Uint8Array(),
    quarantined: true,
    doneBy: new Set(),
  };
  state.queue.inputs.set(seq, input as never);
}

function holdInReset({ membership, session, reset }: BoardState, untilUs: number | null): void {
  membership.state = 'locked-out';
  session.state = 'closed';
  Object.assign(reset, { isHeld: true, untilUs });
}

describe('where the pair stands, for people', () => {
  it('protected: both boards agree, nothing to do', () => {
    expect(explainState(pair(), 0)).toEqual({ why: 'both boards agree', next: null });
  });

  it('R25: a board that joins shows how far it is, and nobody has to do anything', () => {
    const state = pair((b) => {
      b.membership.state = 'joining';
      b.membership.joining = joining('comparing', 2, 3);
    });
    expect(explainState(state, 0)).toEqual({ why: 'b is joining: comparing 2 of 3', next: null });
    expect(roleOf(boardOf(state, 'b'), state)).toBe('joining');
  });

  it('R10: a link that the relay disturbed is waited for, and nobody has to do anything', () => {
    const grace = { sinceUs: 0, untilUs: 2_000_000, reason: 'unplugged', faultId: 1 };
    const lose = ({ link, session }: BoardState): void => {
      session.state = 'closed';
      Object.assign(link, { isUp: false, grace });
    };
    const backup = pair(lose);
    const primary = pair((_b, a) => lose(a));
    expect(explainState(backup, 0)).toMatchObject({ why: expect.stringContaining('the link to b'), next: null });
    expect(explainState(primary, 0)).toMatchObject({ why: expect.stringContaining('the link to a'), next: null });
  });

  it('R13: a relay that is not at the primary is said before anything else', () => {
    const away = pair((b, _a, state) => {
      b.membership.state = 'set-aside';
      state.relay.isAway = true;
    });
    expect(explainState(away, 0)).toMatchObject({
      why: 'the relay does not show board a, which drives: the actuator may be elsewhere, and nobody joins until it does',
      next: { text: expect.stringContaining('feedback line'), commands: ['faults list'] },
    });
    const inSync = pair((_b, _a, state) => {
      state.relay.isAway = true;
    });
    expect(explainState(inSync, 0).why).toContain('the relay does not show board a');
  });

  it('R13: a board that is held in RESET waits for a person', () => {
    const held = pair((b) => holdInReset(b, null));
    expect(explainState(held, 0).why).toContain('held in RESET');
    expect(explainState(held, 0).next?.commands).toEqual(['faults list', 'rejoin b']);
    const pulsed = pair((b) => holdInReset(b, 5));
    expect(explainState(pulsed, 0).why).not.toContain('held in RESET');
  });

  it.each([
    ['locked-out', 'locked out after a fault'],
    ['set-aside', 'set aside'],
  ] as const)('R25: %s and not connected: plug it in, the rest goes by itself', (memberState, words) => {
    const out = pair((b) => {
      b.membership.state = memberState;
      b.link.isUp = false;
      b.session.state = 'closed';
    });
    expect(explainState(out, 0)).toEqual({
      why: `b is ${words} and not connected`,
      next: { text: expect.stringContaining('then it comes back by itself'), commands: [] },
    });
    const back = pair((b) => {
      b.membership.state = memberState;
      b.session.state = 'closed';
    });
    expect(explainState(back, 0)).toEqual({ why: `b is ${words}; it joins by itself`, next: null });
    boardOf(back, 'b').membership.joining = joining('opening', 0, 0);
    expect(roleOf(boardOf(back, 'b'), back)).toBe('joining');
    expect(explainState(back, 0).why).toBe('b is joining: it is asked who it is');
  });

  it('R19: an intermittent one says how long it stays out, and how to have it in before', () => {
    const state = pair((b) => {
      b.membership.state = 'set-aside';
      b.session.state = 'closed';
      b.membership.exits = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000];
    });
    expect(explainState(state, 6_000_000)).toEqual({
      why: 'b is intermittent: 6 faults within 1 min; it stays out for another 10 min',
      next: { text: expect.stringContaining('joins by itself after that time'), commands: ['faults list', 'rejoin b'] },
    });
    // Its time is over: it is only not back yet.
    expect(explainState(state, 3_600_000_000)).toEqual({ why: 'b is set aside; it joins by itself', next: null });
  });

  it('R25: one that is kept out waits for a person, who is told the command', () => {
    const state = pair((b) => {
      b.membership.state = 'kept-out';
      b.session.state = 'closed';
    });
    expect(explainState(state, 0)).toEqual({
      why: 'b is kept out: it failed too often, or differed from the primary',
      next: { text: expect.stringContaining('only a person knows'), commands: ['faults list', 'rejoin b'] },
    });
    expect(roleOf(boardOf(state, 'b'), state)).toBe('kept out');
  });

  it('R22: a stopped pair with a quarantined input asks for that decision, another one for resume', () => {
    const state = pair((_b, _a, all) => {
      all.phase = 'stopped';
    });
    expect(explainState(state, 0).next?.commands).toEqual(['faults list', 'resume']);
    quarantine(state, 42);
    expect(explainState(state, 0)).toEqual({
      why: 'the pair is stopped: a person has to decide how it goes on; two boards failed on input 42',
      next: {
        text: expect.stringContaining('safe'),
        commands: ['inputs show 42', 'inputs retry 42', 'inputs drop 42'],
      },
    });
    quarantine(state, 44);
    expect(explainState(state, 0).why).toContain('two boards failed on 2 inputs, first 42');
  });

  it('R22: a pair stopped by a result that differs from the one given out names both ways on', () => {
    const state = pair((_b, _a, all) => {
      all.phase = 'stopped';
    });
    quarantine(state, 42);
    Object.assign(state.queue.inputs.get(42) ?? {}, {
      quarantined: false,
      disputedResult: { board: 'b', accepted: false },
    });
    const { why, next } = explainState(state, 0);
    expect(why).toContain('for input 42 board b, which is to drive, has another result');
    expect(next?.text).toContain('restart board b, then resume: it loses its state');
    expect(next?.commands).toEqual(['faults list', 'inputs accept 42', 'resume']);
  });

  it('names who is missing: the backup, or the primary that inputs wait for', () => {
    const noBackup = pair((b) => {
      b.link.isUp = false;
      b.session.state = 'closed';
    });
    expect(explainState(noBackup, 0)).toMatchObject({ why: 'b does not answer yet', next: { commands: [] } });
    const noPrimary = pair((b, a, state) => {
      b.membership.state = 'set-aside';
      a.link.isUp = false;
      a.session.state = 'closed';
      state.findings.waitingForPrimary = true;
    });
    expect(explainState(noPrimary, 0).why).toBe(
      'board a drives and is not connected; nobody can take over, so it is waited for, and inputs with it',
    );
    expect(explainState(noPrimary, 0).next?.text).toContain('plug board a in');
  });

  it('R26: a switchover under way is told as one, a takeover as one, and neither asks for anything', () => {
    const draining = pair((_b, _a, state) => {
      state.phase = 'draining';
    });
    expect(explainState(draining, 0)).toEqual({
      why: 'a switchover to board b is under way: waiting until both boards are done with what they were given',
      next: null,
    });
    const moving = (reason: 'silent' | null) =>
      pair((_b, _a, state) => {
        state.phase = 'moving';
        state.takeover = newTakeover({
          faultId: 1,
          from: 'a',
          to: 'b',
          reason,
          keepsOut: false,
          isOurDoing: false,
          isDistrusted: false,
          isReturn: false,
        });
      });
    expect(explainState(moving(null), 0).why).toBe('a switchover from board a to board b is under way');
    expect(explainState(moving('silent'), 0)).toEqual({ why: 'board b is taking over', next: null });
  });

  it('names the board that a start waits for', () => {
    const state = pair((b, _a, all) => {
      all.phase = 'starting';
      b.link.isUp = false;
    });
    expect(explainState(state, 0)).toEqual({
      why: 'the boards have not both said who they are yet',
      next: { text: expect.stringContaining('plug board b in'), commands: [] },
    });
  });
});

it.each([
  ['closed', 'closed'],
  ['hello-requested', 'greeting'],
  ['hello-received', 'greeted'],
  ['opening', 'opening'],
  ['open', 'open'],
] as const)('the link of a board whose session is %s is %s in the status, as programs know it', (state, word) => {
  const board = boardOf(pair(), 'b');
  board.session.state = state;
  expect(linkWordOf(board)).toBe(word);
  board.link.isUp = false;
  expect(linkWordOf(board)).toBe('no link');
});
