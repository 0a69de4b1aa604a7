/* ATmega328P: Arduino Uno, Nano and their like. */
#define MCU_RX_vect USART_RX_vect
#define MCU_UDRE_vect USART_UDRE_vect

/* 0 to 7 are PD0 to PD7, 8 to 13 PB0 to PB5, 14 to 19 PC0 to PC5 (A0 to A5); A6 and A7 are inputs of the converter alone. */
enum { MCU_FIRST_ANALOG = 14, MCU_ANALOG_PINS = 8 };
#define MCU_PINS                                                                                                        \
  {&PORTD, 1u << 0}, {&PORTD, 1u << 1}, {&PORTD, 1u << 2}, {&PORTD, 1u << 3}, {&PORTD, 1u << 4}, {&PORTD, 1u << 5},     \
  {&PORTD, 1u << 6}, {&PORTD, 1u << 7}, {&PORTB, 1u << 0}, {&PORTB, 1u << 1}, {&PORTB, 1u << 2}, {&PORTB, 1u << 3},     \
  {&PORTB, 1u << 4}, {&PORTB, 1u << 5}, {&PORTC, 1u << 0}, {&PORTC, 1u << 1}, {&PORTC, 1u << 2}, {&PORTC, 1u << 3},     \
  {&PORTC, 1u << 4}, {&PORTC, 1u << 5}

/* Timer 0 is the millisecond. */
#define MCU_PWMS                                                          \
  {9, _BV(COM1A1), _BV(CS11) | _BV(CS10), true, &TCCR1A, &OCR1A},         \
  {10, _BV(COM1B1), _BV(CS11) | _BV(CS10), true, &TCCR1A, &OCR1B}
