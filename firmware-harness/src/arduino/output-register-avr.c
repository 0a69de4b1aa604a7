/* AVR: the port's output register, and under PWM the timer's compare register. */
#if defined(ARDUINO) && defined(__AVR__)
#include <Arduino.h>

#include "output-register.h"

/* What `timer` makes of its compare register on a pin, when it does: analogWrite connects it for all levels but 0 and 255. */
#define SHOW_COMPARE(timer, control, connected, compare) \
  case timer:                                            \
    if (!((control) & _BV(connected))) return false;     \
    *level = (int16_t)(compare);                         \
    return true

static bool compare_shown(uint8_t pin, int16_t *level) {
  switch (digitalPinToTimer(pin)) {
#if defined(COM0A1)
    SHOW_COMPARE(TIMER0A, TCCR0A, COM0A1, OCR0A);
#endif
#if defined(COM0B1)
    SHOW_COMPARE(TIMER0B, TCCR0A, COM0B1, OCR0B);
#endif
#if defined(COM1A1)
    SHOW_COMPARE(TIMER1A, TCCR1A, COM1A1, OCR1A);
#endif
#if defined(COM1B1)
    SHOW_COMPARE(TIMER1B, TCCR1A, COM1B1, OCR1B);
#endif
#if defined(COM1C1)
    SHOW_COMPARE(TIMER1C, TCCR1A, COM1C1, OCR1C);
#endif
#if defined(COM2A1)
    SHOW_COMPARE(TIMER2A, TCCR2A, COM2A1, OCR2A);
#endif
#if defined(COM2B1)
    SHOW_COMPARE(TIMER2B, TCCR2A, COM2B1, OCR2B);
#endif
#if defined(COM3A1)
    SHOW_COMPARE(TIMER3A, TCCR3A, COM3A1, OCR3A);
#endif
#if defined(COM3B1)
    SHOW_COMPARE(TIMER3B, TCCR3A, COM3B1, OCR3B);
#endif
#if defined(COM3C1)
    SHOW_COMPARE(TIMER3C, TCCR3A, COM3C1, OCR3C);
#endif
#if defined(COM4A1) && defined(TCCR4A) && !defined(TCCR4E) /* the ATmega32U4's timer 4 is of another make */
    SHOW_COMPARE(TIMER4A, TCCR4A, COM4A1, OCR4A);
    SHOW_COMPARE(TIMER4B, TCCR4A, COM4B1, OCR4B);
    SHOW_COMPARE(TIMER4C, TCCR4A, COM4C1, OCR4C);
#endif
#if defined(COM5A1)
    SHOW_COMPARE(TIMER5A, TCCR5A, COM5A1, OCR5A);
    SHOW_COMPARE(TIMER5B, TCCR5A, COM5B1, OCR5B);
    SHOW_COMPARE(TIMER5C, TCCR5A, COM5C1, OCR5C);
#endif
    default:
      return false;
  }
}

void cc_port_output_written(uint8_t pin, int16_t level) {
  (void)pin;
  (void)level;
}

int16_t cc_port_output_shown(uint8_t pin, bool is_pwm) {
  const uint8_t mask = digitalPinToBitMask(pin);
  const uint8_t port = digitalPinToPort(pin);
  if (!(*portModeRegister(port) & mask)) return CC_OUTPUT_LOST;
  int16_t level;
  if (is_pwm && compare_shown(pin, &level)) return level;
  const bool is_high = *portOutputRegister(port) & mask;
  return is_high ? (is_pwm ? 255 : 1) : 0;
}
#endif
