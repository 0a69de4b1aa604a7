import { createInterface } from 'node:readline';
import { setTimeout as pass } from 'node:timers/promises';
import { readStatus } from '../../api/socket/read-status.js';
import { sendCommand } from '../../api/socket/send-command.js';
import type { Handled } from '../../bench/hands/hands.js';
import type { EmulatedPair } from '../../bench/run-emulated.js';
import type { HandOutcome } from '../../control/contract/hand.js';
import type { Status } from '../../control/contract/status.js';
import { showFault } from '../faults/faults.js';
import type { EndingSignals } from '../pair/ending-signals.js';
import type { Companion } from '../pair/run.js';
import { withFaults } from '../status/status.js';
import { statusText } from '../status/status-text.js';
import { commandName } from '../terminal/command-name.js';
import { type ExitCode, reportFailure } from '../terminal/report-failure.js';
import { colours, print, printError } from '../terminal/terminal.js';
import { LEGEND, wordsOfKey } from './demo-keys.js';
import { handText } from './hand-text.js';

const LOOK_EVERY_MS = 200;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

interface DemoPlaces {
  readonly file: string;
  readonly controlPath: string;
}

/** Shows the pair once it is protected, and then does what is typed: single keys in a terminal, else words, a line each. */
export class DemoCompanion implements Companion {
  #exitCode: ExitCode = 0;
  #isOver = false;
  #lastFault: number | null = null;
  #letGoOfKeys: () => void = () => undefined;

  constructor(private readonly places: DemoPlaces) {}

  /** 2 where words said nothing, 1 where one made no sense as things stood. Keys say nothing wrong. */
  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  begin(pair: EmulatedPair, signals: EndingSignals): void {
    this.#guide(pair, signals).catch((error: unknown) => {
      this.#exitCode = reportFailure(error);
      signals.end();
    });
  }

  stop(): void {
    this.#isOver = true;
    this.#letGoOfKeys();
  }

  async #guide(pair: EmulatedPair, signals: EndingSignals): Promise<void> {
    while (!this.#isOver) {
      const status = await this.#status();
      if (status?.protected === true) break;
      await pass(LOOK_EVERY_MS);
    }
    if (this.#isOver) return;
    await this.#showStatus();
    if (process.stdin.isTTY) this.#hearKeys(pair, signals);
    else await this.#readWords(pair, signals);
  }

  /** One after the other: a word is taken when the pair has done what it does about the one before. */
  async #readWords(pair: EmulatedPair, signals: EndingSignals): Promise<void> {
    for await (const line of createInterface({ input: process.stdin })) {
      if (this.#isOver) return;
      const words = line.trim().split(/\s+/);
      if (words[0] === 'quit') break;
      if (words[0] !== '') await this.#do(words, pair);
    }
    signals.end();
  }

  /** At once: whoever types the next key has seen enough of the last. */
  #hearKeys(pair: EmulatedPair, signals: EndingSignals): void {
    const { stdin } = process;
    const hear = (typed: string): void => {
      for (const key of typed) this.#press(key, pair, signals);
    };
    stdin.setRawMode(true);
    stdin.setEncoding('utf8');
    stdin.on('data', hear);
    this.#letGoOfKeys = () => {
      stdin.off('data', hear);
      stdin.setRawMode(false);
      stdin.pause();
    };
    // A terminal that has gone takes its keys along.
    stdin.once('end', () => signals.end());
    for (const line of LEGEND) print(line);
  }

  #press(key: string, pair: EmulatedPair, signals: EndingSignals): void {
    if (this.#isOver) return;
    // Raw, a terminal makes no signal of it.
    if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
    const { driving, other } = pair.hands;
    const words = wordsOfKey(key, driving, other);
    if (key === CTRL_D || words?.[0] === 'quit') signals.end();
    else if (words !== null) void this.#do(words, pair); // it says itself what went wrong
  }

  async #do(words: readonly string[], pair: EmulatedPair): Promise<void> {
    print(colours.dim(`> ${words.join(' ')}`));
    try {
      const [first] = words;
      if (first === 'status') await this.#showStatus();
      else if (first === 'what') this.#showLastFault();
      else if (first === 'resume') this.#tell(await pair.hands.recover(() => this.#resume()));
      else this.#tell(await pair.hands.try(words));
    } catch (error) {
      this.#note(reportFailure(error, false));
    }
  }

  #tell(outcome: HandOutcome): void {
    if (this.#isOver) return;
    if ('refused' in outcome) {
      printError(`copycat: ${outcome.refused}; nothing was done`);
      this.#note(1);
      return;
    }
    this.#lastFault = outcome.noticed.at(-1)?.fault ?? this.#lastFault;
    print(handText(outcome, { command: 'copycat faults show', option: '' }));
  }

  /** As `copycat resume`: a hand too many has stopped the pair, and only a person lets it go on. */
  async #resume(): Promise<Handled> {
    const outcome = await sendCommand(this.places.controlPath, { command: 'resume' });
    if ('done' in outcome) return { did: asClause(outcome.done) };
    return { refused: asClause('refused' in outcome ? outcome.refused : outcome.underWay) };
  }

  #note(code: ExitCode): void {
    if (!process.stdin.isTTY && code > this.#exitCode) this.#exitCode = code;
  }

  async #showStatus(): Promise<void> {
    const status = await this.#status();
    const option = ` -c ${this.places.file}`;
    // What would be to warn of are a disk and a relay, and there is neither.
    if (status !== null) print(statusText({ ...withFaults(status), warnings: [] }, { name: commandName(), option }));
  }

  #showLastFault(): void {
    if (this.#lastFault === null) print('nothing has been noticed yet');
    else showFault(String(this.#lastFault), { config: this.places.file });
  }

  #status(): Promise<Status | null> {
    return readStatus(this.places.controlPath).catch(() => null);
  }
}

/** The gateway answers in sentences; what a hand did is the beginning of one. */
function asClause(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
