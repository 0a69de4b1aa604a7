import { EventSlot } from './cycle-events.js';

/** How a timer counts in one waveform generation mode. */
export interface CountMode {
  readonly top: number | 'OCRA' | 'ICR';
  readonly upDown: boolean;
  readonly pwm: boolean;
}

/** The registers, vectors (word addresses) and prescaler of one timer; 0 means there is no such register. */
export interface TimerWiring extends TimerRegisters {
  readonly vectors: {
    readonly overflow: number;
    readonly compareA: number;
    readonly compareB: number;
    /** Where there is a third compare channel. */
    readonly compareC?: number;
  };
}

/** What is the same for a timer of that number in all of the family (ATmega328P section 36, ATmega2560 section 34). */
export interface TimerRegisters {
  readonly slot: EventSlot;
  readonly wide: boolean;
  readonly TCCRA: number;
  readonly TCCRB: number;
  readonly TCNT: number;
  readonly OCRA: number;
  readonly OCRB: number;
  readonly OCRC: number;
  readonly ICR: number;
  readonly TIFR: number;
  readonly TIMSK: number;
  readonly dividers: readonly number[];
}

const synchronousDividers = [0, 1, 8, 64, 256, 1024, 0, 0];

export const timer0Registers: TimerRegisters = {
  slot: EventSlot.Timer0,
  wide: false,
  TCCRA: 0x44,
  TCCRB: 0x45,
  TCNT: 0x46,
  OCRA: 0x47,
  OCRB: 0x48,
  OCRC: 0,
  ICR: 0,
  TIFR: 0x35,
  TIMSK: 0x6e,
  dividers: synchronousDividers,
};

export const timer2Registers: TimerRegisters = {
  slot: EventSlot.Timer2,
  wide: false,
  TCCRA: 0xb0,
  TCCRB: 0xb1,
  TCNT: 0xb2,
  OCRA: 0xb3,
  OCRB: 0xb4,
  OCRC: 0,
  ICR: 0,
  TIFR: 0x37,
  TIMSK: 0x70,
  dividers: [0, 1, 8, 32, 64, 128, 256, 1024],
};

/** The 16-bit timers are laid out alike. */
const wideTimer = (slot: EventSlot, base: number, TIFR: number, TIMSK: number): TimerRegisters => ({
  slot,
  wide: true,
  TCCRA: base,
  TCCRB: base + 1,
  TCNT: base + 4,
  ICR: base + 6,
  OCRA: base + 8,
  OCRB: base + 10,
  OCRC: base + 12,
  TIFR,
  TIMSK,
  dividers: synchronousDividers,
});

export const timer1Registers = wideTimer(EventSlot.Timer1, 0x80, 0x36, 0x6f);
export const timer3Registers = wideTimer(EventSlot.Timer3, 0x90, 0x38, 0x71);
export const timer4Registers = wideTimer(EventSlot.Timer4, 0xa0, 0x39, 0x72);
export const timer5Registers = wideTimer(EventSlot.Timer5, 0x120, 0x3a, 0x73);

const normal = (top: CountMode['top']): CountMode => ({ top, upDown: false, pwm: false });
const fast = (top: CountMode['top']): CountMode => ({ top, upDown: false, pwm: true });
const phase = (top: CountMode['top']): CountMode => ({ top, upDown: true, pwm: true });

/** Table 19-8 of the datasheet. */
export const countModes8: readonly CountMode[] = [
  normal(0xff),
  phase(0xff),
  normal('OCRA'),
  fast(0xff),
  normal(0xff),
  phase('OCRA'),
  normal(0xff),
  fast('OCRA'),
];

/** Table 20-6 of the datasheet. */
export const countModes16: readonly CountMode[] = [
  normal(0xffff),
  phase(0xff),
  phase(0x1ff),
  phase(0x3ff),
  normal('OCRA'),
  fast(0xff),
  fast(0x1ff),
  fast(0x3ff),
  phase('ICR'),
  phase('OCRA'),
  phase('ICR'),
  phase('OCRA'),
  normal('ICR'),
  normal(0xffff),
  fast('ICR'),
  fast('OCRA'),
];
