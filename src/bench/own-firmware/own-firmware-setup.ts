import type { CharacterFormat } from '../../emulator/character-format.js';
import type { BoardName } from '../bench-board.js';
import type { ActuatorPins } from '../plant/actuator.js';
import type { PairEnd } from '../stage/pair-end.js';
import type { ClientProtocol } from './client-protocol.js';

/** A board whose firmware knows nothing of pairs, and how its owner has paired it. */
export interface OwnFirmware {
  /** Of firmware-harness/images, without its processor. */
  readonly image: string;
  /** Keys of each board in the configuration, besides its port. */
  readonly board: Readonly<Record<string, unknown>>;
  readonly baudRate: number;
  readonly format: CharacterFormat;
  readonly pins: ActuatorPins;
  readonly protocol: Readonly<Record<string, unknown>>;
  /** Keys of `input:`, besides where it listens. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly client: ClientProtocol;
  /** A question that changes nothing. */
  readonly warmUp: Uint8Array;
  /** So long its clients wait for an answer, as stock ones do, in microseconds. */
  readonly timeoutUs: number;
}

/** What a stage is made of. */
export interface OwnFirmwareSetup {
  readonly firmware: OwnFirmware;
  /** Emulated time from one request to the next, at least. */
  readonly paceUs: number;
  readonly request: (id: number) => Uint8Array;
  /** False for what nobody answers, such as a broadcast. */
  readonly isAnswered?: (request: Uint8Array) => boolean;
  /** Keys that `protocol:` has besides those of the firmware. */
  readonly protocol?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  /** What a board's EEPROM holds; erased when not given. */
  readonly eeprom?: Readonly<Partial<Record<BoardName, Uint8Array>>>;
  /** How the pair stands before the first request, and in the end; protected when not given. */
  readonly begins?: PairEnd;
  readonly ends?: PairEnd;
}
