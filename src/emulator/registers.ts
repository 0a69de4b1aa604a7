/** Data addresses that our own peripherals serve: the same in the ATmega328P (section 36) and the ATmega2560 (section 34). */
export const MCUSR = 0x54;
export const SMCR = 0x53;
export const WDTCSR = 0x60;
export const SREG = 0x5f;

export const UCSR0A = 0xc0;
export const UCSR0B = 0xc1;
export const UCSR0C = 0xc2;
export const UBRR0L = 0xc4;
export const UBRR0H = 0xc5;
export const UDR0 = 0xc6;

export const EECR = 0x3f;
export const EEDR = 0x40;
export const EEARL = 0x41;
export const EEARH = 0x42;

export const ADCL = 0x78;
export const ADCH = 0x79;
export const ADCSRA = 0x7a;
export const ADCSRB = 0x7b;
export const ADMUX = 0x7c;

export const PCIFR = 0x3b;
export const PCICR = 0x68;
/** Those of the other groups behind it. */
export const PCMSK0 = 0x6b;

export const TWBR = 0xb8;
export const TWSR = 0xb9;
export const TWDR = 0xbb;
export const TWCR = 0xbc;

/** MCUSR: why the chip started (section 15.9.1). */
export const MCUSR_PORF = 1;
export const MCUSR_EXTRF = 2;
export const MCUSR_WDRF = 8;
