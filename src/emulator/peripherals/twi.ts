import type { CPU } from 'avr8js';
import { type CycleEvents, EventSlot } from '../cycle-events.js';
import { type InterruptSource, setRequest } from '../interrupt.js';
import { TWBR, TWCR, TWDR, TWSR } from '../registers.js';

const TWINT = 0x80;
const TWEA = 0x40;
const TWSTA = 0x20;
const TWSTO = 0x10;
const TWEN = 0x04;
const TWIE = 0x01;
const PRESCALER = 0x03;

/** What TWSR says of the bus (tables 22-2 and 22-3). */
const STATUS = {
  started: 0x08,
  startedAgain: 0x10,
  writeAddressAcknowledged: 0x18,
  writeAddressRefused: 0x20,
  written: 0x28,
  readAddressAcknowledged: 0x40,
  readAddressRefused: 0x48,
  readMore: 0x50,
  readLast: 0x58,
  idle: 0xf8,
} as const;

const BITS_OF_BYTE = 9;
/** An open bus: its pull-ups. */
const NOBODY = 0xff;

const interruptAt = (address: number): InterruptSource => ({
  address,
  flagRegister: TWCR,
  flagMask: TWINT,
  enableRegister: TWCR,
  enableMask: TWIE,
  constant: true,
});

/**
 * The two-wire interface (I2C; datasheet section 22) as the only master of a bus. A device on it acknowledges whatever it is
 * written, and answers the same bytes over and over, from the first one each time it is addressed. Not modelled: being a slave, another
 * master, a bus that is held down, the pins' levels.
 */
export class Twi {
  readonly #cpu: CPU;
  readonly #events: CycleEvents;
  readonly #interrupt: InterruptSource;
  /** By address; kept by the board, so that they survive a reset. */
  readonly #devices: ReadonlyMap<number, Uint8Array>;
  /** What has to be done when the byte, or the start condition, is over. */
  #pending: () => number = () => STATUS.idle;
  /** What is read: the device's answer as it was when it was addressed. */
  #answer: Uint8Array = new Uint8Array(0);
  #read = 0;

  constructor(cpu: CPU, events: CycleEvents, vector: number, devices: ReadonlyMap<number, Uint8Array>) {
    this.#cpu = cpu;
    this.#events = events;
    this.#interrupt = interruptAt(vector);
    this.#devices = devices;
    const { data, writeHooks } = cpu;
    data[TWSR] = STATUS.idle;
    writeHooks[TWSR] = (value) => {
      data[TWSR] = ((data[TWSR] ?? 0) & ~PRESCALER) | (value & PRESCALER);
      return true;
    };
    writeHooks[TWCR] = (value) => {
      // TWINT is cleared by writing one, and that is what begins the next step.
      const flag = (data[TWCR] ?? 0) & TWINT & ~value;
      data[TWCR] = (value & (TWEA | TWSTA | TWEN | TWIE)) | flag;
      if ((value & TWEN) === 0) this.#rest();
      else if ((value & TWINT) !== 0) this.#begin(value);
      this.#request();
      return true;
    };
    events.handle(EventSlot.Twi, () => {
      this.#status = this.#pending();
      data[TWCR] = (data[TWCR] ?? 0) | TWINT;
      this.#request();
    });
  }

  get #status(): number {
    return (this.#cpu.data[TWSR] ?? 0) & ~PRESCALER;
  }

  set #status(status: number) {
    this.#cpu.data[TWSR] = ((this.#cpu.data[TWSR] ?? 0) & PRESCALER) | status;
  }

  #request(): void {
    const control = this.#cpu.data[TWCR] ?? 0;
    setRequest(this.#cpu, this.#interrupt, (control & TWINT) !== 0 && (control & TWIE) !== 0);
  }

  #rest(): void {
    this.#events.clear(EventSlot.Twi);
    this.#status = STATUS.idle;
  }

  #begin(control: number): void {
    const status = this.#status;
    const byte = this.#cpu.data[TWDR] ?? 0;
    // A stop condition raises no flag: it is over when TWSTO reads 0.
    if ((control & TWSTO) !== 0) {
      this.#rest();
      if ((control & TWSTA) === 0) return;
    }
    if ((control & TWSTA) !== 0) {
      const again = this.#status !== STATUS.idle;
      this.#after(1, () => (again ? STATUS.startedAgain : STATUS.started));
    } else if (status === STATUS.started || status === STATUS.startedAgain) {
      this.#after(BITS_OF_BYTE, () => this.#address(byte));
    } else if (status === STATUS.writeAddressAcknowledged || status === STATUS.written) {
      this.#after(BITS_OF_BYTE, () => STATUS.written);
    } else if (status === STATUS.readAddressAcknowledged || status === STATUS.readMore) {
      this.#after(BITS_OF_BYTE, () => this.#readByte((control & TWEA) !== 0));
    }
  }

  #after(bits: number, then: () => number): void {
    const { data } = this.#cpu;
    const prescaler = 4 ** ((data[TWSR] ?? 0) & PRESCALER);
    this.#pending = then;
    this.#events.set(EventSlot.Twi, this.#cpu.cycles + bits * (16 + 2 * (data[TWBR] ?? 0) * prescaler));
  }

  #address(byte: number): number {
    const device = this.#devices.get(byte >> 1);
    this.#answer = device ?? new Uint8Array(0);
    this.#read = 0;
    if ((byte & 1) === 0) return device === undefined ? STATUS.writeAddressRefused : STATUS.writeAddressAcknowledged;
    return device === undefined ? STATUS.readAddressRefused : STATUS.readAddressAcknowledged;
  }

  #readByte(wantsMore: boolean): number {
    this.#cpu.data[TWDR] = this.#answer[this.#read % this.#answer.length] ?? NOBODY;
    this.#read++;
    return wantsMore ? STATUS.readMore : STATUS.readLast;
  }
}
