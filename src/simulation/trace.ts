import type { PairEffect } from '../pair/state/effects.js';
import type { PairEvent } from '../pair/state/events.js';
import type { PairState } from '../pair/state/pair-state.js';
import { phaseOf } from './phase.js';
import type { WorldObserver } from './world/harness-world.js';
import type { UnmodifiedObserver } from './world/unmodified-world.js';
import type { PairObserver } from './world/world.js';

const KEPT_LINES = 20_000;

/** Writes down what happens, in words, and hands it on: for looking at a run that went wrong. */
export class Trace {
  readonly lines: string[] = [];

  /** The lines since the last one that begins with `mark` are enough, as a rule. */
  last(count: number): string[] {
    return this.lines.slice(-count);
  }

  say(atUs: number, text: string): void {
    this.lines.push(`${(atUs / 1000).toFixed(3).padStart(12)} ${text}`);
    if (this.lines.length > KEPT_LINES * 2) this.lines.splice(0, KEPT_LINES);
  }

  /** An observer that tells everything to this one first. */
  around(observer: WorldObserver, nowUs: () => number): WorldObserver {
    const say = (text: string): void => this.say(nowUs(), text);
    return {
      ...this.#aroundPair(observer, say),
      executed: (board, seq, count, answer) => {
        say(`board ${board.id} executed seq ${seq} as its ${count}th: ${answer.toString(16)}`);
        observer.executed(board, seq, count, answer);
      },
      acted: (board, seq) => {
        say(`board ${board.id} acted on seq ${seq}`);
        observer.acted(board, seq);
      },
      levelChanged: (board) => {
        say(`board ${board.id} (life ${board.life}, ${board.condition}) shows ${board.level ?? 'nothing'}`);
        observer.levelChanged(board);
      },
      heard: (board, message) => {
        say(`board ${board.id} takes ${told(message)}`);
        observer.heard(board, message);
      },
      perished: (poison) => {
        say(`poison ${poison} kills a board`);
        observer.perished(poison);
      },
      erred: (copy, wrongness) => {
        say(`board ${copy} computes wrongly: ${wrongness}`);
        observer.erred(copy, wrongness);
      },
      delivered: (port, board, message) => observer.delivered(port, board, message),
    };
  }

  /** So too, of boards with firmware of their own. */
  aroundUnmodified(observer: UnmodifiedObserver, nowUs: () => number): UnmodifiedObserver {
    const say = (text: string): void => this.say(nowUs(), text);
    return {
      ...this.#aroundPair(observer, say),
      carriedOut: (board, work) => {
        say(`board ${board.id} (life ${board.life}) carries out ${work.kind} ${work.number}`);
        observer.carriedOut(board, work);
      },
      levelChanged: (board) => {
        say(`board ${board.id} (life ${board.life}, ${board.condition}) shows ${board.level ?? 'nothing'}`);
        observer.levelChanged(board);
      },
      told: (port, message) => observer.told(port, message),
    };
  }

  #aroundPair(observer: PairObserver, say: (text: string) => void): PairObserver {
    return {
      written: (decides, requests, answers, refusals) => {
        const told = requests.filter(({ type }) => !['setCounters', 'noteFault', 'openFault'].includes(type));
        if (decides && told.length > 0) say(`ledger has ${told.map((request) => json(request)).join(' ')}`);
        if (decides) for (const answer of answers) if (answer.type !== 'inputRead') say(`  answers ${json(answer)}`);
        for (const refusal of refusals) say(`ledger refuses ${refusal}`);
        observer.written(decides, requests, answers, refusals);
      },
      sighted: (sight) => {
        say(`actuator sees ${sight.level ?? 'nothing'} from ${sight.board ?? 'an open contact'}`);
        observer.sighted(sight);
      },
      tailLost: () => {
        say('the ledger has lost its tail');
        observer.tailLost();
      },
      restored: (gateway) => {
        say(
          `gateway starts: ${gateway.pair.phase}, ${gateway.pair.lease.owner} leads, ${gateway.pair.queue.inputs.size} unfinished`,
        );
        observer.restored(gateway);
      },
      stepped: (pair, event, effects) => {
        say(`core: ${happened(event)} ${condition(pair)}`);
        observer.stepped(pair, event, effects);
      },
      performing: (effect) => {
        say(`      ${effected(effect)}`);
        observer.performing(effect);
      },
      sent: (ref, payload) => {
        say(`client asks ${ref}`);
        observer.sent(ref, payload);
      },
      accepted: (ref, seq) => observer.accepted(ref, seq),
      answered: (ref, seq, bodies, repeat) => {
        say(`client gets the answer to ${ref} (seq ${seq})${repeat ? ', marked as a repeat' : ''}`);
        observer.answered(ref, seq, bodies, repeat);
      },
      refused: (ref, reason) => {
        say(`client is refused ${ref}: ${reason}`);
        observer.refused(ref, reason);
      },
    };
  }
}

function told(message: { readonly kind: string }): string {
  const shown = Object.entries(message)
    .filter(([name, value]) => !['kind', 'payload', 'data', 'body'].includes(name) && typeof value !== 'object')
    .map(([name, value]) => `${name}=${value}`);
  return `${message.kind}{${shown.join(' ')}}`;
}

function happened(event: PairEvent): string {
  if (event.type === 'messageReceived') {
    const { kept, actedBits } = event.message as { kept?: readonly number[]; actedBits?: number };
    const more = kept === undefined ? '' : ` kept=${kept.join(',')} acted=${actedBits}`;
    return `${event.board}[${event.session}] says ${told(event.message)}${more}`;
  }
  const { type, ...rest } = event;
  return `${type} ${json(rest)}`;
}

function condition(pair: PairState): string {
  const boards = [...pair.boards.values()].map(
    (board) =>
      `${board.id}:${board.membership.state}/${board.session.state}${board.membership.joining === null ? '' : `/${board.membership.joining.step}`}`,
  );
  return `→ ${phaseOf(pair)}, ${pair.lease.owner} leads epoch ${pair.lease.epoch}, ${boards.join(' ')}`;
}

function effected(effect: PairEffect): string {
  if (effect.type === 'send') return `send ${effect.board}[${effect.session}] ${told(effect.message)}`;
  const { type, ...rest } = effect;
  return `${type} ${json(rest)}`;
}

function json(value: object): string {
  return JSON.stringify(value, (key, field: unknown) => {
    if (field instanceof Uint8Array) return undefined;
    return key === 'result' || key === 'parts' || key === 'bodies' || key === 'inputs' ? undefined : field;
  });
}
