import type { HelloMessage } from '../../protocol/messages.generated.js';
import { ReplayBoard, type ReplayedInput } from '../replay/replay-board.js';
import { isNoAnswer } from '../replay/replay-run.js';
import type { Names } from './names.js';
import type { RecordedInput, Recording } from './recording.js';
import { type FieldDifference, resultDifferences, words } from './result-differences.js';

/** A program, by the name that people call it. */
export interface ComparedImage {
  readonly name: string;
  readonly hex: string;
}

export interface CompareOptions {
  readonly old: ComparedImage;
  readonly new: ComparedImage;
  /** The name of their microcontroller. */
  readonly mcu: string;
  /** Decides what their memory wakes up with: the same for both. */
  readonly seed: number;
  readonly recording: Recording;
  readonly names: Names;
  /** So many of the recorded inputs have been played. */
  readonly onPlayed?: (played: number) => void;
}

export interface InputDifference {
  readonly input: number;
  /** Its place among those that were compared, from 1. */
  readonly position: number;
  readonly pairTimeMs: number;
  readonly differences: readonly FieldDifference[];
}

/** What two programs made of the same inputs. */
export interface Comparison {
  /** Recorded inputs that both were given. */
  readonly compared: number;
  readonly differing: readonly InputDifference[];
  /** What could not be compared, or is to be known of what was: sentences, each said once. */
  readonly notes: readonly string[];
}

/**
 * Gives recorded inputs, each with its pair time and its readings, to two programs on an emulated board of their own, and
 * tells every difference between their results, outputs and states.
 */
export function compareImages(options: CompareOptions): Comparison {
  return new ComparedRun(options).play();
}

interface Player {
  readonly image: ComparedImage;
  board: ReplayBoard;
  hello: HelloMessage | null;
}

class ComparedRun {
  readonly #notes = new Set<string>();
  readonly #differing: InputDifference[] = [];
  readonly #old: Player;
  readonly #new: Player;
  #compared = 0;
  #comparesStates = true;
  /** Inputs of which the old program made something else than the pair did. */
  readonly #unlikeRecord = { count: 0, first: 0 };

  constructor(private readonly options: CompareOptions) {
    this.#old = this.#begin(options.old);
    this.#new = this.#begin(options.new);
    this.#meet();
  }

  play(): Comparison {
    const { inputs } = this.options.recording;
    for (const input of inputs) {
      if (input === null) {
        Object.assign(this.#old, this.#begin(this.options.old));
        Object.assign(this.#new, this.#begin(this.options.new));
      } else {
        const goesOn = this.#compare(input);
        this.options.onPlayed?.(this.#compared);
        if (!goesOn) break;
      }
    }
    this.#noteUnlikeRecord();
    return { compared: this.#compared, differing: this.#differing, notes: [...this.#notes] };
  }

  #begin(image: ComparedImage): Player {
    const { mcu, seed } = this.options;
    const board = new ReplayBoard({ hex: image.hex, mcu, seed });
    const opened = board.open();
    return { image, board, hello: isNoAnswer(opened) ? null : opened };
  }

  /** What the two say of themselves decides what can be compared. */
  #meet(): void {
    const [old, fresh] = [this.#old, this.#new];
    if (old.hello === null || fresh.hello === null) return;
    if (old.hello.imageHash === fresh.hello.imageHash) {
      this.#notes.add(`${fresh.image.name} and ${old.image.name} are the same image.`);
    }
    if (old.hello.appId !== fresh.hello.appId) {
      this.#notes.add(
        `${fresh.image.name} is another application than ${old.image.name}: cc_begin() names them differently.`,
      );
    }
    if (old.hello.stateLayout === fresh.hello.stateLayout) return;
    this.#comparesStates = false;
    const bytes = `${old.hello.stateBytes} and ${fresh.hello.stateBytes} bytes`;
    this.#notes.add(`The two lay their state out differently (${bytes}): digests of the state are not compared.`);
  }

  /** False: a program has ended, and there is nothing more to compare. */
  #compare(input: RecordedInput): boolean {
    const { number, payload, pairTimeMs, observed } = input;
    const [one, other] = [this.#old, this.#new];
    const old = one.board.play({ payload, pairTimeMs, observed });
    // Where nobody has written down what was read, both have to compute with the same.
    const given = observed ?? (isNoAnswer(old) ? null : old.observed);
    const fresh = other.board.play({ payload, pairTimeMs, observed: given });
    this.#compared++;
    if (isNoAnswer(old) || isNoAnswer(fresh)) {
      const said = [old, fresh].map((answer) => (isNoAnswer(answer) ? `none: ${answer.noAnswer}` : 'a result'));
      this.#add(input, [words('answer', said[0] ?? '', said[1] ?? '')]);
      this.#notes.add(`What comes after input ${number} was not compared: there is no answer to go on from.`);
      return false;
    }
    this.#add(input, resultDifferences(old, fresh, this.options.names, this.#comparesStates));
    this.#noteReadings(input, old, fresh);
    this.#noteOutputs(old, fresh);
    this.#holdAgainstRecord(input, old);
    return true;
  }

  #add({ number: input, pairTimeMs }: RecordedInput, differences: readonly FieldDifference[]): void {
    if (differences.length > 0) this.#differing.push({ input, position: this.#compared, pairTimeMs, differences });
  }

  #noteReadings({ observed }: RecordedInput, old: ReplayedInput, fresh: ReplayedInput): void {
    const [one, other] = [this.#old.image.name, this.#new.image.name];
    const unwired = 'its own, of pins to which nothing is wired';
    if (observed === null) {
      if (old.observed.length > 0) {
        this.#notes.add(
          `The record has no readings: both computed with what ${one} read, of pins to which nothing is wired.`,
        );
      }
      if (fresh.observed.length > old.observed.length) {
        this.#notes.add(`${other} reads more than ${one}: what it reads beyond is ${unwired}.`);
      }
      return;
    }
    for (const [name, result] of [[one, old] as const, [other, fresh] as const]) {
      if (result.observed.length <= observed.length) continue;
      this.#notes.add(`${name} reads more values than were recorded: what it reads beyond is ${unwired}.`);
    }
  }

  #noteOutputs(old: ReplayedInput, fresh: ReplayedInput): void {
    const [was, is] = [old.levels.length, fresh.levels.length];
    if (was === is) return;
    const both = Math.min(was, is);
    this.#notes.add(
      `${this.#old.image.name} has ${was} outputs and ${this.#new.image.name} ${is}: the first ${both} are compared.`,
    );
  }

  /** Whether the replay of the old program is what the pair did: else the record does not begin where a program does. */
  #holdAgainstRecord({ number, result }: RecordedInput, { parts, digest }: ReplayedInput): void {
    if (result === null) return;
    const isSame =
      parts.length === result.parts.length &&
      (result.digest === null || result.digest === digest) &&
      parts.every(({ body }, part) => Buffer.compare(body, result.parts[part]?.body ?? new Uint8Array(0)) === 0);
    if (isSame) return;
    if (this.#unlikeRecord.count === 0) this.#unlikeRecord.first = number;
    this.#unlikeRecord.count++;
  }

  #noteUnlikeRecord(): void {
    const { count, first } = this.#unlikeRecord;
    if (count === 0) return;
    const { name } = this.#old.image;
    const begins = this.options.recording.inputs[0]?.number ?? first;
    this.#notes.add(
      `In ${count} of ${this.#compared} inputs (first ${first}) ${name} came to something else than the pair has recorded: ` +
        `either the pair ran another program, or the record begins in the middle of its work (with input ${begins}), with a state that is not known here.`,
    );
  }
}
