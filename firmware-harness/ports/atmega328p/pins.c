/* Pins by their Arduino numbers: 0 to 7 are PD0 to PD7, 8 to 13 PB0 to PB5, 14 to 19 PC0 to PC5 (A0 to A5). */
#include <avr/io.h>

#include "port.h"

/* What cc_hal_output_read gives for a pin that no longer is what it was made: no level equals it. */
enum { LOST = -1 };

typedef struct {
  volatile uint8_t *port;
  volatile uint8_t *direction; /* DDRx is one below PORTx (datasheet 30, register summary) */
  uint8_t mask;
} pin_line;

static pin_line line_of(uint8_t pin) {
  pin_line line;
  if (pin < 8) {
    line.port = &PORTD;
    line.mask = (uint8_t)(1u << pin);
  } else if (pin < 14) {
    line.port = &PORTB;
    line.mask = (uint8_t)(1u << (pin - 8));
  } else {
    line.port = &PORTC;
    line.mask = (uint8_t)(1u << (pin - 14));
  }
  line.direction = line.port - 1;
  return line;
}

/* Timer 1, phase-correct 8 bit: 0 is off without a spike, 255 is on without a gap (datasheet 15.9.4), 490 Hz. */
static volatile uint16_t *compare_of(uint8_t pin) { return pin == 9 ? &OCR1A : &OCR1B; }
static uint8_t connect_of(uint8_t pin) { return pin == 9 ? _BV(COM1A1) : _BV(COM1B1); }
enum { PWM_MODE = _BV(WGM10), PWM_CLOCK = _BV(CS11) | _BV(CS10) };

void cc_hal_output_begin(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  const pin_line line = line_of(pin);
  cc_hal_output_write(c, pin, kind, level); /* before the direction: the pin shows it from its first moment */
  if (kind == CC_PWM) {
    TCCR1A = (uint8_t)(TCCR1A | PWM_MODE | connect_of(pin));
    TCCR1B = PWM_CLOCK;
  }
  *line.direction |= line.mask;
}

void cc_hal_output_write(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  (void)c;
  if (kind == CC_PWM) {
    *compare_of(pin) = (uint16_t)(level < 0 ? 0 : level > 255 ? 255 : level);
    return;
  }
  const pin_line line = line_of(pin);
  if (level != 0) {
    *line.port |= line.mask;
  } else {
    *line.port &= (uint8_t)~line.mask;
  }
}

int16_t cc_hal_output_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  const pin_line line = line_of(pin);
  if (!(*line.direction & line.mask)) return LOST;
  if (kind != CC_PWM) return *line.port & line.mask ? 1 : 0;
  if (!(TCCR1A & connect_of(pin)) || !(TCCR1A & PWM_MODE) || TCCR1B != PWM_CLOCK) return LOST;
  return (int16_t)*compare_of(pin);
}

void cc_hal_source_begin(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  if (kind != CC_ADC) return;
  if (pin < 20) DIDR0 = (uint8_t)(DIDR0 | 1u << (pin - 14));
  ADCSRA = _BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0); /* 125 kHz: 104 us a conversion */
}

int32_t cc_hal_source_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  if (kind == CC_ADC) {
    ADMUX = (uint8_t)(_BV(REFS0) | ((pin - 14) & 7)); /* against AVcc */
    ADCSRA |= _BV(ADSC);
    while (ADCSRA & _BV(ADSC)) continue;
    return ADC;
  }
  const pin_line line = line_of(pin);
  return *(line.port - 2) & line.mask ? 1 : 0; /* PINx is two below PORTx */
}
