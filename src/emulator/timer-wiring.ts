import { EventSlot } from './cycle-events.js';

/** How a timer counts in one waveform generation mode. */
export interface CountMode {
  readonly top: number | 'OCRA' | 'ICR';
  readonly upDown: boolean;
  readonly pwm: boolean;
}

/** The registers, vectors (word addresses) and prescaler of one timer of the ATmega328P; 0 means there is none. */
export interface TimerWiring {
  readonly slot: EventSlot;
  readonly wide: boolean;
  readonly TCCRA: number;
  readonly TCCRB: number;
  readonly TCNT: number;
  readonly OCRA: number;
  readonly OCRB: number;
  readonly ICR: number;
  readonly TIFR: number;
  readonly TIMSK: number;
  readonly vectors: { readonly overflow: number; readonly compareA: number; readonly compareB: number };
  readonly dividers: readonly number[];
}

const synchronousDividers = [0, 1, 8, 64, 256, 1024, 0, 0];

export const timer0Wiring: TimerWiring = {
  slot: EventSlot.Timer0,
  wide: false,
  TCCRA: 0x44,
  TCCRB: 0x45,
  TCNT: 0x46,
  OCRA: 0x47,
  OCRB: 0x48,
  ICR: 0,
  TIFR: 0x35,
  TIMSK: 0x6e,
  vectors: { overflow: 0x20, compareA: 0x1c, compareB: 0x1e },
  dividers: synchronousDividers,
};

export const timer1Wiring: TimerWiring = {
  slot: EventSlot.Timer1,
  wide: true,
  TCCRA: 0x80,
  TCCRB: 0x81,
  TCNT: 0x84,
  OCRA: 0x88,
  OCRB: 0x8a,
  ICR: 0x86,
  TIFR: 0x36,
  TIMSK: 0x6f,
  vectors: { overflow: 0x1a, compareA: 0x16, compareB: 0x18 },
  dividers: synchronousDividers,
};

export const timer2Wiring: TimerWiring = {
  slot: EventSlot.Timer2,
  wide: false,
  TCCRA: 0xb0,
  TCCRB: 0xb1,
  TCNT: 0xb2,
  OCRA: 0xb3,
  OCRB: 0xb4,
  ICR: 0,
  TIFR: 0x37,
  TIMSK: 0x70,
  vectors: { overflow: 0x12, compareA: 0x0e, compareB: 0x10 },
  dividers: [0, 1, 8, 32, 64, 128, 256, 1024],
};

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
