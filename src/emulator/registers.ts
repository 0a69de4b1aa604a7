/** Data addresses of the ATmega328P (datasheet DS40002061B, section 36) that our own peripherals serve. */
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
export const ADMUX = 0x7c;

/** MCUSR: why the chip started (section 15.9.1). */
export const MCUSR_PORF = 1;
export const MCUSR_EXTRF = 2;
export const MCUSR_BORF = 4;
export const MCUSR_WDRF = 8;

export const SRAM_START = 0x100;
export const SRAM_BYTES = 2048;
export const EEPROM_BYTES = 1024;
export const FLASH_BYTES = 0x8000;
