import type { CommandOutcome } from '../../../control/contract/command.js';
import type { Pair } from '../model/pair.js';
import { postJson } from '../net/api.js';
import { WORDS } from '../words.js';

/** What became of what was asked. `gone`: nobody answered, so it may have been done or not. */
export interface Outcome {
  readonly kind: 'done' | 'refused' | 'underWay' | 'gone';
  readonly text: string;
}

export async function command(pair: Pair, name: string, body: object): Promise<Outcome> {
  const answer = await postJson<CommandOutcome>(pair.path(`commands/${name}`), body);
  if (!answer.ok) {
    return answer.isGone ? { kind: 'gone', text: WORDS.actions.gone } : { kind: 'refused', text: answer.reason };
  }
  const { value } = answer;
  if ('done' in value) return { kind: 'done', text: value.done };
  return 'refused' in value ? { kind: 'refused', text: value.refused } : { kind: 'underWay', text: value.underWay };
}

export function outcomeText({ kind, text }: Outcome): string {
  return `${WORDS.actions.outcome[kind]}: ${text}`;
}
