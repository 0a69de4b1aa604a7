import { type HandOutcome, handDoneSchema } from '../../control/contract/hand.js';
import { askGateway, strangeAnswer } from './ask-gateway.js';
import { lineFor } from './control-channel.js';

/** An emulated pair is watched for twenty seconds of its own time, which a busy machine may stretch. */
const ANSWER_MS = 120_000;

/** Where the process that emulates the boards is told, beside the control socket of its gateway. */
export function handsPath(controlPath: string): string {
  return `${controlPath}.try`;
}

/**
 * Lays a hand on a running emulated pair and waits for what it did about it. Rejects with USAGE when none runs at this path, when it
 * ends meanwhile, and when it does not answer.
 */
export async function sendHand(path: string, words: readonly string[]): Promise<HandOutcome> {
  const answer = await askGateway(path, lineFor({ try: words }), ANSWER_MS);
  if ('refused' in answer && typeof answer.refused === 'string') return { refused: answer.refused };
  const done = handDoneSchema.safeParse(answer);
  if (done.success) return done.data;
  throw strangeAnswer(path, `try ${words.join(' ')}`, answer);
}
