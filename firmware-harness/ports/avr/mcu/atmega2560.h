/* ATmega2560: Arduino Mega 2560 and its like. */
#define MCU_RX_vect USART0_RX_vect
#define MCU_UDRE_vect USART0_UDRE_vect

/* In the order of the Arduino numbers: 0 to 13, 14 to 21, 22 to 53, and A0 to A15, which are 54 to 69. */
enum { MCU_FIRST_ANALOG = 54, MCU_ANALOG_PINS = 16 };
#define MCU_PINS                                                                                                     \
  {&PORTE, 1u << 0}, {&PORTE, 1u << 1}, {&PORTE, 1u << 4}, {&PORTE, 1u << 5}, {&PORTG, 1u << 5}, {&PORTE, 1u << 3},  \
  {&PORTH, 1u << 3}, {&PORTH, 1u << 4}, {&PORTH, 1u << 5}, {&PORTH, 1u << 6}, {&PORTB, 1u << 4}, {&PORTB, 1u << 5},  \
  {&PORTB, 1u << 6}, {&PORTB, 1u << 7}, {&PORTJ, 1u << 1}, {&PORTJ, 1u << 0}, {&PORTH, 1u << 1}, {&PORTH, 1u << 0},  \
  {&PORTD, 1u << 3}, {&PORTD, 1u << 2}, {&PORTD, 1u << 1}, {&PORTD, 1u << 0}, {&PORTA, 1u << 0}, {&PORTA, 1u << 1},  \
  {&PORTA, 1u << 2}, {&PORTA, 1u << 3}, {&PORTA, 1u << 4}, {&PORTA, 1u << 5}, {&PORTA, 1u << 6}, {&PORTA, 1u << 7},  \
  {&PORTC, 1u << 7}, {&PORTC, 1u << 6}, {&PORTC, 1u << 5}, {&PORTC, 1u << 4}, {&PORTC, 1u << 3}, {&PORTC, 1u << 2},  \
  {&PORTC, 1u << 1}, {&PORTC, 1u << 0}, {&PORTD, 1u << 7}, {&PORTG, 1u << 2}, {&PORTG, 1u << 1}, {&PORTG, 1u << 0},  \
  {&PORTL, 1u << 7}, {&PORTL, 1u << 6}, {&PORTL, 1u << 5}, {&PORTL, 1u << 4}, {&PORTL, 1u << 3}, {&PORTL, 1u << 2},  \
  {&PORTL, 1u << 1}, {&PORTL, 1u << 0}, {&PORTB, 1u << 3}, {&PORTB, 1u << 2}, {&PORTB, 1u << 1}, {&PORTB, 1u << 0},  \
  {&PORTF, 1u << 0}, {&PORTF, 1u << 1}, {&PORTF, 1u << 2}, {&PORTF, 1u << 3}, {&PORTF, 1u << 4}, {&PORTF, 1u << 5},  \
  {&PORTF, 1u << 6}, {&PORTF, 1u << 7}, {&PORTK, 1u << 0}, {&PORTK, 1u << 1}, {&PORTK, 1u << 2}, {&PORTK, 1u << 3},  \
  {&PORTK, 1u << 4}, {&PORTK, 1u << 5}, {&PORTK, 1u << 6}, {&PORTK, 1u << 7}

/* Timer 0 is the millisecond, so 4 has no PWM (13 shares its output with timer 1). Timer 2 counts to 8 bits and divides otherwise. */
#define MCU_PWMS                                                    \
  {2, _BV(COM3B1), _BV(CS31) | _BV(CS30), true, &TCCR3A, &OCR3B},   \
  {3, _BV(COM3C1), _BV(CS31) | _BV(CS30), true, &TCCR3A, &OCR3C},   \
  {5, _BV(COM3A1), _BV(CS31) | _BV(CS30), true, &TCCR3A, &OCR3A},   \
  {6, _BV(COM4A1), _BV(CS41) | _BV(CS40), true, &TCCR4A, &OCR4A},   \
  {7, _BV(COM4B1), _BV(CS41) | _BV(CS40), true, &TCCR4A, &OCR4B},   \
  {8, _BV(COM4C1), _BV(CS41) | _BV(CS40), true, &TCCR4A, &OCR4C},   \
  {9, _BV(COM2B1), _BV(CS22), false, &TCCR2A, &OCR2B},              \
  {10, _BV(COM2A1), _BV(CS22), false, &TCCR2A, &OCR2A},             \
  {11, _BV(COM1A1), _BV(CS11) | _BV(CS10), true, &TCCR1A, &OCR1A},  \
  {12, _BV(COM1B1), _BV(CS11) | _BV(CS10), true, &TCCR1A, &OCR1B},  \
  {13, _BV(COM1C1), _BV(CS11) | _BV(CS10), true, &TCCR1A, &OCR1C},  \
  {44, _BV(COM5C1), _BV(CS51) | _BV(CS50), true, &TCCR5A, &OCR5C},  \
  {45, _BV(COM5B1), _BV(CS51) | _BV(CS50), true, &TCCR5A, &OCR5B},  \
  {46, _BV(COM5A1), _BV(CS51) | _BV(CS50), true, &TCCR5A, &OCR5A}
