import type { CPU } from 'avr8js';
import { bitsPerCharacter } from '../../values/line-settings.js';
import { type CharacterFormat, eightNoneOne, errorsBetween, heardBits, type Parity } from '../character-format.js';
import { type CycleEvents, EventSlot } from '../cycle-events.js';
import { type InterruptSource, setRequest } from '../interrupt.js';
import type { Mcu } from '../mcu.js';
import { UBRR0H, UBRR0L, UCSR0A, UCSR0B, UCSR0C, UDR0 } from '../registers.js';
import { type ArrivingByte, ReceiveLine } from './usart-receive-line.js';

const RXC = 0x80;
const TXC = 0x40;
const UDRE = 0x20;
const FE = 0x10;
const DOR = 0x08;
const UPE = 0x04;
const U2X = 0x02;
const MPCM = 0x01;
const RXEN = 0x10;
const TXEN = 0x08;

/** UCSR0C: bits 5 and 4, of which 01 is reserved; fewer data bits than eight are not modelled. */
const parities: readonly Parity[] = ['none', 'none', 'even', 'odd'];
const USBS = 0x08;
/** The receive buffer; one more waits in the shift register. */
const bufferedBytes = 2;

interface Received {
  readonly byte: number;
  readonly frameError: boolean;
  readonly parityError: boolean;
  overrun: boolean;
}

const source = (address: number, mask: number, constant: boolean): InterruptSource => ({
  address,
  flagRegister: UCSR0A,
  flagMask: mask,
  enableRegister: UCSR0B,
  enableMask: mask,
  constant,
});

/**
 * USART0 (ATmega328P datasheet section 24; the ATmega2560 has the same), in place of avr8js's own, which loses bytes in full duplex and knows
 * no overrun: level interrupts, a receive buffer of two behind the shift register, a transmit buffer before its own.
 */
export class Usart {
  /** A byte has left the shift register completely: its last bit ended at `cycle`; one bit took `bitCycles`. */
  onTransmitted: (byte: number, cycle: number, bitCycles: number, format: CharacterFormat) => void = () => undefined;
  /**
   * For a board that keeps no wire's pace: how long a byte takes on its way out, in CPU cycles; and a byte comes in only
   * where there is room for it. Null: both as a real wire does.
   */
  byteCycles: number | null = null;
  readonly counters = { received: 0, transmitted: 0, overruns: 0, frameErrors: 0, parityErrors: 0, deaf: 0 };
  /** Bytes on their way in. */
  readonly line: ReceiveLine;
  readonly #cpu: CPU;
  readonly #events: CycleEvents;
  readonly #receiveComplete: InterruptSource;
  readonly #dataRegisterEmpty: InterruptSource;
  readonly #transmitComplete: InterruptSource;
  /** Two places of the buffer, and a third that waits in the shift register. */
  readonly #fifo: Received[] = [];
  #shifting: number | null = null;
  #buffered: number | null = null;
  #control = 0;
  #bitCycles = 16;
  #format = eightNoneOne;

  constructor(cpu: CPU, events: CycleEvents, vectors: Mcu['vectors']) {
    this.#cpu = cpu;
    this.#receiveComplete = source(vectors.receiveComplete, RXC, true);
    this.#dataRegisterEmpty = source(vectors.dataRegisterEmpty, UDRE, true);
    // TXC is cleared by being served, so this one is an edge.
    this.#transmitComplete = source(vectors.transmitComplete, TXC, false);
    this.#events = events;
    this.line = new ReceiveLine((nextCycle) => events.set(EventSlot.UsartReceive, nextCycle));
    cpu.data[UCSR0A] = UDRE;
    cpu.data[UCSR0C] = 0x06;
    cpu.writeHooks[UCSR0A] = (value) => {
      const kept = (cpu.data[UCSR0A] ?? 0) & ~(U2X | MPCM);
      cpu.data[UCSR0A] = (value & TXC ? kept & ~TXC : kept) | (value & (U2X | MPCM));
      if (value & TXC) cpu.clearInterrupt(this.#transmitComplete, false);
      this.#findBaudRate();
      return true;
    };
    cpu.writeHooks[UCSR0B] = (value) => {
      cpu.data[UCSR0B] = value;
      this.#control = value;
      if (!(value & RXEN)) this.#fifo.length = 0;
      cpu.updateInterruptEnable(this.#transmitComplete, value);
      this.#update();
      return true;
    };
    cpu.writeHooks[UCSR0C] = (value) => {
      cpu.data[UCSR0C] = value;
      this.#format = { dataBits: 8, parity: parities[(value >> 4) & 3] ?? 'none', stopBits: value & USBS ? 2 : 1 };
      return true;
    };
    for (const register of [UBRR0L, UBRR0H]) {
      cpu.writeHooks[register] = (value) => {
        cpu.data[register] = value;
        this.#findBaudRate();
        return true;
      };
    }
    cpu.readHooks[UDR0] = () => this.#read();
    cpu.writeHooks[UDR0] = (value) => {
      this.#write(value);
      return true;
    };
    events.handle(EventSlot.UsartReceive, (cycle) => this.#arrive(cycle));
    events.handle(EventSlot.UsartTransmit, (cycle) => this.#sent(cycle));
  }

  /** CPU cycles one bit takes at the rate the firmware has set. */
  get bitCycles(): number {
    return this.#bitCycles;
  }

  /** How it sends and expects each byte, as the firmware has set it. */
  get format(): CharacterFormat {
    return this.#format;
  }

  /** Nothing is on its way in or out, and nothing that came in is unread. */
  get isQuiet(): boolean {
    return this.line.length === 0 && this.#fifo.length === 0 && this.#shifting === null && this.#buffered === null;
  }

  #findBaudRate(): void {
    const divider = (((this.#cpu.data[UBRR0H] ?? 0) & 0x0f) << 8) | (this.#cpu.data[UBRR0L] ?? 0);
    this.#bitCycles = ((this.#cpu.data[UCSR0A] ?? 0) & U2X ? 8 : 16) * (divider + 1);
  }

  #arrive(cycle: number): void {
    if (this.byteCycles !== null && this.#fifo.length >= bufferedBytes) {
      this.#events.set(EventSlot.UsartReceive, cycle + this.byteCycles);
      return;
    }
    const arriving = this.line.take();
    if (arriving === null) return;
    if (!(this.#control & RXEN)) {
      this.counters.deaf += 1;
      return;
    }
    // The receiver samples ten bits from the start edge: a sender more than about 4.5 % off hits the wrong bits.
    const wrongRate = Math.abs(arriving.bitCycles / this.#bitCycles - 1) > 0.045;
    const byte = wrongRate ? (arriving.byte ^ 0xa5) & 0xff : arriving.byte;
    const errors = errorsBetween(
      byte,
      arriving.format ?? eightNoneOne,
      this.#format.parity,
      this.#isFollowed(arriving),
    );
    const frameError = wrongRate || errors.frame;
    if (frameError) this.counters.frameErrors += 1;
    if (errors.parity) this.counters.parityErrors += 1;
    const received: Received = { byte, frameError, parityError: errors.parity, overrun: false };
    if (this.#fifo.length === 3) {
      // Section 24.8.4: the buffer is full, a character waits in the shift register, and another has come over it.
      this.counters.overruns += 1;
      received.overrun = true;
      this.#fifo[2] = received;
    } else {
      this.counters.received += 1;
      this.#fifo.push(received);
    }
    this.#update();
  }

  /** Another start bit comes where this receiver, set for a parity bit, looks for the stop bit of a character without one. */
  #isFollowed({ endCycle, bitCycles }: ArrivingByte): boolean {
    const { next } = this.line;
    if (next === null) return false;
    const nextStart = next.endCycle - heardBits(next.format ?? eightNoneOne) * next.bitCycles;
    return nextStart < endCycle + bitCycles / 2;
  }

  #read(): number {
    const received = this.#fifo.shift();
    this.#update();
    return received?.byte ?? 0;
  }

  #write(byte: number): void {
    if (!(this.#control & TXEN)) return;
    if (this.#shifting === null) this.#shift(byte, this.#cpu.cycles);
    else if (this.#buffered === null) this.#buffered = byte;
    this.#update();
  }

  #shift(byte: number, cycle: number): void {
    this.#shifting = byte;
    this.#events.set(
      EventSlot.UsartTransmit,
      cycle + (this.byteCycles ?? bitsPerCharacter(this.#format) * this.#bitCycles),
    );
  }

  #sent(cycle: number): void {
    const byte = this.#shifting ?? 0;
    const bitCycles = this.#bitCycles;
    this.#shifting = null;
    if (this.#buffered !== null) {
      this.#shift(this.#buffered, cycle);
      this.#buffered = null;
    } else {
      this.#cpu.setInterruptFlag(this.#transmitComplete);
    }
    this.#update();
    this.counters.transmitted += 1;
    this.onTransmitted(byte, cycle, bitCycles, this.#format);
  }

  #update(): void {
    const [oldest] = this.#fifo;
    let status = (this.#cpu.data[UCSR0A] ?? 0) & (TXC | U2X | MPCM);
    if (oldest !== undefined)
      status |= RXC | (oldest.frameError ? FE : 0) | (oldest.overrun ? DOR : 0) | (oldest.parityError ? UPE : 0);
    if (this.#buffered === null) status |= UDRE;
    this.#cpu.data[UCSR0A] = status;
    setRequest(this.#cpu, this.#receiveComplete, (status & this.#control & RXC) !== 0);
    setRequest(this.#cpu, this.#dataRegisterEmpty, (status & this.#control & UDRE) !== 0);
  }
}
