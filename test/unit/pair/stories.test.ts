import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { PairHarness } from './fixture/pair-harness.js';
import { Story } from './fixture/story.js';

/**
 * What the core asks for and in which order, told as files that a person can read (stories/*.txt). The promises are
 * proved elsewhere: here a change of the core shows whether it changes anything at all. Where a story is to be another
 * one, `npm run stories` writes them anew, and the difference is looked at before it is kept.
 */
const FOLDER = fileURLToPath(new URL('stories/', import.meta.url));
const IS_REWRITTEN = process.env['REWRITE_STORIES'] === '1';

const STORIES: Readonly<Record<string, () => Story>> = {
  'an-input': () => {
    const { pair, story } = working();
    pair.input('x', 7);
    pair.run(40);
    return story;
  },
  'takeover-silent': () => takeover(({ boards }) => boards.a.halt()),
  'takeover-restarted': () => takeover(({ boards }) => boards.a.restart()),
  'takeover-unplugged': () => takeover((pair) => pair.cut('a')),
  'takeover-failed': () => takeover(({ boards }) => boards.a.fail('state-corrupt')),
  'takeover-mismatch': () => {
    const { pair, story } = working({ onMismatch: 'switch' });
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 7);
    pair.input('y', 8);
    pair.run(120);
    return story;
  },
  'takeover-while-backup-is-in-handshake': () => {
    const { pair, story } = working();
    pair.killGateway();
    pair.boards.a.restart();
    pair.startGateway();
    pair.input('x', 7);
    pair.run(120);
    return story;
  },
  'takeover-in-vain': () => {
    const { pair, story } = working();
    pair.input('x', 7);
    pair.boards.a.halt();
    pair.boards.b.onMoment = (moment) => {
      if (moment === 'executing') pair.boards.b.halt();
    };
    pair.run(200);
    return story;
  },
  'a-join': () => {
    const pair = PairHarness.of({ config: { joinComparisons: 2 } });
    const story = new Story(pair);
    pair.startGateway();
    pair.inputs(4, 12);
    pair.run(120);
    return story;
  },
  'a-join-in-vain': () => {
    const { pair, story } = working();
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') !== null);
    pair.boards.b.halt();
    pair.run(220);
    return story;
  },
  'a-backup-leaves': () => {
    const { pair, story } = working();
    pair.boards.b.halt();
    pair.input('x', 7);
    pair.run(90);
    return story;
  },
  'a-switchover': () => {
    const { pair, story } = working();
    pair.input('x', 7);
    pair.run(3);
    pair.command({ command: 'switch' });
    pair.run(60);
    return story;
  },
  'a-switchover-and-a-loss': () => {
    const { pair, story } = working();
    pair.ledgerAnswers = false;
    pair.command({ command: 'switch' });
    pair.cut('a');
    pair.run(5);
    pair.ledgerAnswers = true;
    pair.run(60);
    return story;
  },
  'a-dispute': () => {
    const { pair, story } = working({ selfTests: true });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 7);
    pair.input('y', 8);
    pair.run(120);
    return story;
  },
  'a-restart': () => {
    const { pair, story } = working();
    pair.inputs(3);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 4);
    pair.killGateway();
    pair.startGateway();
    pair.run(60);
    return story;
  },
  'a-stop-and-a-resume': () => {
    const { pair, story } = working();
    pair.cut('b');
    pair.run(2);
    pair.boards.a.fail('state-corrupt');
    pair.input('x', 7);
    pair.run(20);
    pair.reconnect('b');
    pair.command({ command: 'resume' });
    pair.run(120);
    return story;
  },
};

/** Both boards in the pair, one input long done with, and what comes now is told. */
function working(config: Partial<PairConfig> = {}): { readonly pair: PairHarness; readonly story: Story } {
  const pair = PairHarness.started({ window: 2, config });
  pair.input('before', 1);
  pair.run(40);
  return { pair, story: new Story(pair) };
}

/** The primary is lost with one input in its hands and another that waits. */
function takeover(lose: (pair: PairHarness) => void): Story {
  const { pair, story } = working();
  pair.boards.a.onMoment = (moment, seq) => {
    if (moment === 'executing' && pair.refsOf([seq])[0] === 'x') lose(pair);
  };
  pair.input('x', 7);
  pair.input('y', 8);
  pair.run(120);
  return story;
}

describe('the stories that the core tells', () => {
  it.each(Object.keys(STORIES))('%s: the same effects in the same order', (name) => {
    const story = STORIES[name]?.();
    if (story === undefined) throw new Error(`no story ${name}`);
    const path = `${FOLDER}${name}.txt`;
    if (IS_REWRITTEN) writeFileSync(path, story.text);
    expect(story.text).toBe(readFileSync(path, 'utf8'));
  });

  it('has a file for each of them, and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(
      Object.keys(STORIES)
        .map((name) => `${name}.txt`)
        .sort(),
    );
  });
});
