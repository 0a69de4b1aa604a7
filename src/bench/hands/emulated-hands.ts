import { type LineServer, serveLines } from '../../api/socket/serve-lines.js';
import { type HandOutcome, handWordsFrom } from '../../control/contract/hand.js';
import { versionTrouble } from '../../control/contract/version.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Hand } from './hand.js';
import type { Handled, Hands } from './hands.js';
import type { Reactions } from './reactions.js';
import { type HandledBoards, readHand } from './read-hand.js';

/** After these the pair is to come back to what it was. */
const HEALING: ReadonlySet<Hand['do']> = new Set(['restart', 'plug', 'release']);

/** Lays hands on a running emulated pair, and says what it did about each. */
export class EmulatedHands {
  constructor(
    private readonly boards: HandledBoards,
    private readonly hands: Hands,
    private readonly reactions: Reactions,
  ) {}

  /** The board that the actuator is connected to, or was last. */
  get driving(): string {
    const { driving } = this.reactions.now();
    return (this.boards.find(({ at }) => at === driving) ?? this.boards[0]).name;
  }

  get other(): string {
    return (this.boards.find(({ name }) => name !== this.driving) ?? this.boards[1]).name;
  }

  /** Does at once what the words say. Rejects with USAGE for words that say nothing, and then nothing is done. */
  async try(words: readonly string[]): Promise<HandOutcome> {
    const hand = readHand(words, this.boards);
    const before = this.reactions.now();
    const handled = this.hands.lay(hand);
    if ('refused' in handled) return handled;
    return { ...handled, ...(await this.reactions.follow(HEALING.has(hand.do), before)) };
  }

  /** Has somebody else do what the pair is to come back from, and says whether it did. */
  async recover(act: () => Promise<Handled>): Promise<HandOutcome> {
    const before = this.reactions.now();
    const handled = await act();
    if ('refused' in handled) return handled;
    return { ...handled, ...(await this.reactions.follow(true, before)) };
  }

  /**
   * Takes them over a socket of its own, which is the emulation's and not the gateway's: a gateway with real boards has none, and the one
   * with emulated boards is never asked (R32).
   */
  serve(path: string): Promise<LineServer> {
    return serveLines({ path, answer: (line) => this.#answer(line) });
  }

  async #answer(line: string): Promise<object> {
    try {
      const request: unknown = JSON.parse(line);
      if (typeof request !== 'object' || request === null) return { error: 'expected {"try":["halt","a"]}' };
      const trouble = 'version' in request ? versionTrouble(request.version) : null;
      if (trouble !== null) return { error: trouble };
      const words = handWordsFrom(request);
      return typeof words === 'string' ? { error: words } : await this.try(words);
    } catch (error) {
      if (error instanceof CopycatError || error instanceof SyntaxError) return { error: error.message };
      throw error;
    }
  }
}
