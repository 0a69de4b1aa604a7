import type { BenchBoard, BoardName } from '../bench-board.js';
import type { Recorder } from './recorder.js';
import type { Contact } from './relay-model.js';

/** The pins by which a board drives the actuator (Arduino's numbers). */
export interface ActuatorPins {
  readonly duty: number;
  /** High: the board has tripped. */
  readonly trip: number;
}

/** The heater behind the relay: it sees the board the contact connects, and nothing while the contact is open. */
export class BenchActuator {
  /** What it gets has changed. */
  onChange: (atUs: number, duty: number, trip: boolean) => void = () => undefined;
  readonly #boards: Readonly<Record<BoardName, BenchBoard>>;
  readonly #pins: ActuatorPins;
  readonly #recorder: Recorder;
  #contact: Contact;
  #duty = -1;
  #trip = false;
  #recordedContact: Contact = null;

  constructor(
    boards: Readonly<Record<BoardName, BenchBoard>>,
    pins: ActuatorPins,
    recorder: Recorder,
    contact: Contact,
  ) {
    this.#boards = boards;
    this.#pins = pins;
    this.#recorder = recorder;
    this.#contact = contact;
    for (const name of ['a', 'b'] as const) {
      boards[name].onOutput = (atUs, pin) => {
        if (this.#contact === name && (pin === pins.duty || pin === pins.trip)) this.#look(atUs);
      };
    }
    this.#look(0);
  }

  /** The board that drives; null while the contact is open. */
  get board(): Contact {
    return this.#contact;
  }

  /** 0 to 255. */
  get duty(): number {
    return this.#duty;
  }

  get trip(): boolean {
    return this.#trip;
  }

  /** The relay's contact has moved. */
  connect(atUs: number, contact: Contact): void {
    this.#contact = contact;
    this.#look(atUs);
  }

  #look(atUs: number): void {
    const board = this.#contact === null ? null : this.#boards[this.#contact];
    const duty = board?.duty(this.#pins.duty) ?? 0;
    const trip = (board?.duty(this.#pins.trip) ?? 0) > 0;
    if (duty === this.#duty && trip === this.#trip && this.#contact === this.#recordedContact) return;
    this.#duty = duty;
    this.#trip = trip;
    this.#recordedContact = this.#contact;
    this.#recorder.add({ atUs, board: this.#contact, duty, trip });
    this.onChange(atUs, duty, trip);
  }
}
