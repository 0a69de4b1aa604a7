import type { Clock } from '../../clock/clock.js';
import type { Command, CommandOutcome } from '../../control/contract/command.js';
import type { Standing } from '../../control/contract/told.js';
import type { FaultDetail, LedgerRequest } from '../../pair/state/effects.js';
import type { Began } from '../parts.js';

/** How often it is looked whether the pair stands otherwise: what lasts for less is in the fault log. */
const LOOK_EVERY_US = 1_000_000;
const SEEN_EVERY_US = 60_000_000;
/** What people ask for is written so often at most; more is counted (R32). */
const ASKED_A_MINUTE = 30;
const MINUTE_US = 60_000_000;

export interface ChronicleOptions {
  /** What was started; null: nobody makes a report of it, as on the bench. */
  readonly began: Began | null;
  readonly clock: Clock;
  readonly perform: (request: LedgerRequest) => void;
}

export interface ChronicleSources {
  readonly look: () => Standing;
  /** Hashes of the programs that the boards say they run, by board. */
  readonly images: () => Readonly<Record<string, string>>;
}

type Kind = Extract<LedgerRequest, { type: 'recordChronicle' }>['what'];

/** Has the ledger keep what a report is made of: what was started, how the pair stood, who asked for what. It only looks on (R32). */
export class Chronicle {
  #cancel: () => void = () => undefined;
  #stood = '';
  #images = '';
  #seenAtUs = 0;
  #askedSinceUs = Number.NEGATIVE_INFINITY;
  #asked = 0;
  #leftOut = 0;

  constructor(private readonly options: ChronicleOptions) {
    if (options.began !== null) this.#record('started', { ...options.began });
  }

  begin(sources: ChronicleSources): void {
    if (this.options.began === null) return;
    const { clock, perform } = this.options;
    this.#look(sources);
    const nowUs = clock.nowUs();
    if (nowUs - this.#seenAtUs >= SEEN_EVERY_US) {
      this.#seenAtUs = nowUs;
      perform({ type: 'seen' });
    }
    this.#cancel = clock.alarm(nowUs + LOOK_EVERY_US, () => this.begin(sources));
  }

  /** A person has asked for it; what came of it is written when it is known. */
  async asked(command: Command, by: string | null, outcome: Promise<CommandOutcome>): Promise<CommandOutcome> {
    const { clock } = this.options;
    const beganUs = clock.nowUs();
    const came = await outcome;
    this.note(command, by, came, Math.round((clock.nowUs() - beganUs) / 1000));
    return came;
  }

  note(command: Command, by: string | null, outcome: CommandOutcome, tookMs: number): void {
    const [[result, text] = ['', '']] = Object.entries(outcome);
    // Looked at, and nothing done.
    const isDeed = command.command !== 'identify' && command.command !== 'update-check';
    if (!isDeed || !this.#mayWrite()) return;
    const left = this.#leftOut === 0 ? {} : { leftOut: this.#leftOut };
    this.#leftOut = 0;
    this.#record('asked', { ...plain(command), by, result, text, tookMs, ...left });
  }

  /** `inOrder`: not by a mistake of the gateway's own. */
  close(inOrder: boolean): void {
    this.#cancel();
    if (inOrder) this.#record('ended', {});
  }

  #look({ look, images }: ChronicleSources): void {
    const stands = look();
    const stood = JSON.stringify(stands);
    if (stood !== this.#stood) {
      this.#stood = stood;
      this.#record('stands', { ...stands });
    }
    const known = images();
    const text = JSON.stringify(known);
    if (text !== this.#images && Object.keys(known).length > 0) {
      this.#images = text;
      this.#record('images', known);
    }
  }

  #mayWrite(): boolean {
    const nowUs = this.options.clock.nowUs();
    if (nowUs - this.#askedSinceUs > MINUTE_US) {
      this.#askedSinceUs = nowUs;
      this.#asked = 0;
    }
    this.#asked++;
    if (this.#asked <= ASKED_A_MINUTE) return true;
    this.#leftOut++;
    return false;
  }

  #record(what: Kind, detail: FaultDetail): void {
    const { began, clock, perform } = this.options;
    if (began !== null) perform({ type: 'recordChronicle', what, atUs: clock.nowUs(), detail });
  }
}

/** Without what is a whole image's. */
function plain(command: Command): Record<string, string | number | boolean> {
  const said: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(command)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') said[name] = value;
  }
  return said;
}
