import type { BenchBoard, BoardName } from '../bench-board.js';
import type { Recorder } from './recorder.js';
import type { Contact } from './relay-model.js';

/** The pins by which a board drives the actuator (Arduino's numbers). */
export interface ActuatorPins {
  readonly duty: number;
  /** High: the board has tripped. Null: no pin says so. */
  readonly trip: number | null;
  /** Where there are more than these. */
  readonly others?: readonly number[];
}

/** The heater behind the relay: it sees the board the contact connects, and nothing while the contact is open. */
export class BenchActuator {
  /** What it gets has changed. */
  onChange: (atUs: number, duty: number, trip: boolean, others: readonly number[]) => void = () => undefined;
  readonly #boards: Readonly<Record<BoardName, BenchBoard>>;
  readonly #pins: ActuatorPins;
  readonly #recorder: Recorder;
  #contact: Contact;
  #duty = -1;
  #trip = false;
  #others: readonly number[] = [];
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
        const isWired = pin === pins.duty || pin === pins.trip || pins.others?.includes(pin) === true;
        if (this.#contact === name && isWired) this.#look(atUs);
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
    const { trip: tripPin, others: otherPins = [] } = this.#pins;
    const trip = tripPin !== null && (board?.duty(tripPin) ?? 0) > 0;
    const others = otherPins.map((pin) => board?.duty(pin) ?? 0);
    const isSame =
      duty === this.#duty && trip === this.#trip && others.every((one, index) => one === this.#others[index]);
    if (isSame && this.#contact === this.#recordedContact) return;
    this.#duty = duty;
    this.#trip = trip;
    this.#others = others;
    this.#recordedContact = this.#contact;
    const change = { atUs, board: this.#contact, duty, trip };
    this.#recorder.add(otherPins.length === 0 ? change : { ...change, others });
    this.onChange(atUs, duty, trip, others);
  }
}
