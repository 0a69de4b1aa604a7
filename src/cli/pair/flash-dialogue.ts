import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { type UpdateStatus, updateText } from '../../control/contract/update-status.js';
import { print, printError } from '../terminal/terminal.js';
import { trialText } from './trial-text.js';

/** One line for each stage, and now and then how far a trial has come. */
export function progressLine(): (update: UpdateStatus) => void {
  let last = '';
  let sinceMs = 0;
  return (update) => {
    const text = updateText(update);
    const isNew = text !== last && (update.stage !== 'trial' || performance.now() - sinceMs > 2_000);
    if (!isNew) return;
    last = text;
    sinceMs = performance.now();
    printError(`copycat: ${text}`);
  };
}

/** R26: a person looks at what differs, field by field. */
export async function decide(
  tried: UpdateStatus,
  { yes, json }: { readonly yes?: boolean; readonly json?: boolean },
): Promise<'accept' | 'abandon' | 'later'> {
  if (json !== true) for (const line of trialText(tried)) print(line);
  if (yes === true) return 'accept';
  if (!process.stdin.isTTY) return 'later';
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-D leaves the question without an answer for ever: that is later.
    const ended = once(asked, 'close').then(() => 'later');
    const asking = asked.question(`Let board ${tried.board} drive with the new program? (yes, no, later) `);
    const word = (await Promise.race([asking, ended])).trim().toLowerCase();
    if (word === 'yes' || word === 'y') return 'accept';
    return word === 'no' || word === 'n' ? 'abandon' : 'later';
  } finally {
    asked.close();
  }
}
