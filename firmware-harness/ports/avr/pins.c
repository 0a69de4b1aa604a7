/* Pins by their Arduino numbers. */
#include <avr/io.h>
#include <avr/pgmspace.h>

#include "mcu.h"
#include "port.h"

/* What cc_hal_output_read gives for a pin that no longer is what it was made, or never was: no level equals it. */
enum { LOST = -1 };

static const mcu_pin pins[] PROGMEM = {MCU_PINS};
enum { PIN_COUNT = sizeof pins / sizeof pins[0] };
#if CC_WITH_PWM
static const mcu_pwm pwms[] PROGMEM = {MCU_PWMS};
enum { PWM_COUNT = sizeof pwms / sizeof pwms[0] };
#endif

static mcu_pin line_of(uint8_t pin) {
  mcu_pin line = {&PORTB, 0};
  if (pin < PIN_COUNT) memcpy_P(&line, &pins[pin], sizeof line);
  return line;
}

static volatile uint8_t *direction_of(mcu_pin line) { return line.port - 1; }
static volatile uint8_t *input_of(mcu_pin line) { return line.port - 2; }

/* False when no timer drives the pin. */
static bool find_pwm(uint8_t pin, mcu_pwm *found) {
#if CC_WITH_PWM
  for (uint8_t i = 0; i < PWM_COUNT; i++) {
    if (pgm_read_byte(&pwms[i].pin) != pin) continue;
    memcpy_P(found, &pwms[i], sizeof *found);
    return true;
  }
#else
  (void)pin;
  (void)found;
#endif
  return false;
}

/* Phase-correct, 8 bit, 490 Hz: 0 is off without a spike, 255 is on without a gap (ATmega328P datasheet 15.9.4). It is
 * bit 0 of TCCRnA, of 16-bit timers and of timer 2 alike. */
enum { PWM_MODE = 1 };
static volatile uint8_t *clock_of(const mcu_pwm *pwm) { return pwm->control + 1; }

void cc_hal_output_begin(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  const mcu_pin line = line_of(pin);
  cc_hal_output_write(c, pin, kind, level); /* before the direction: the pin shows it from its first moment */
  mcu_pwm pwm;
  if (kind == CC_PWM && find_pwm(pin, &pwm)) {
    *pwm.control = (uint8_t)(*pwm.control | PWM_MODE | pwm.connect);
    *clock_of(&pwm) = pwm.clock;
  }
  *direction_of(line) |= line.mask;
}

void cc_hal_output_write(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  (void)c;
  if (kind == CC_PWM) {
    const uint8_t duty = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
    mcu_pwm pwm;
    if (!find_pwm(pin, &pwm)) return;
    if (pwm.wide) {
      *(volatile uint16_t *)pwm.compare = duty;
    } else {
      *(volatile uint8_t *)pwm.compare = duty;
    }
    return;
  }
  const mcu_pin line = line_of(pin);
  if (level != 0) {
    *line.port |= line.mask;
  } else {
    *line.port &= (uint8_t)~line.mask;
  }
}

int16_t cc_hal_output_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  const mcu_pin line = line_of(pin);
  if (!(*direction_of(line) & line.mask)) return LOST;
  if (kind != CC_PWM) return *line.port & line.mask ? 1 : 0;
  mcu_pwm pwm;
  if (!find_pwm(pin, &pwm)) return LOST;
  const uint8_t control = *pwm.control;
  if (!(control & pwm.connect) || !(control & PWM_MODE) || *clock_of(&pwm) != pwm.clock) return LOST;
  return pwm.wide ? (int16_t)*(volatile uint16_t *)pwm.compare : *(volatile uint8_t *)pwm.compare;
}

void cc_hal_source_begin(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  if (kind != CC_ADC) return;
  const uint8_t channel = (uint8_t)(pin - MCU_FIRST_ANALOG);
  if (line_of(pin).mask != 0 && channel < 8) DIDR0 = (uint8_t)(DIDR0 | 1u << channel);
#ifdef DIDR2
  if (channel >= 8 && channel < MCU_ANALOG_PINS) DIDR2 = (uint8_t)(DIDR2 | 1u << (channel - 8));
#endif
  ADCSRA = _BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0); /* 125 kHz: 104 us a conversion */
}

int32_t cc_hal_source_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  if (kind == CC_ADC) {
    const uint8_t channel = (uint8_t)(pin - MCU_FIRST_ANALOG);
    ADMUX = (uint8_t)(_BV(REFS0) | (channel & 7)); /* against AVcc */
#ifdef MUX5
    ADCSRB = channel & 8 ? _BV(MUX5) : 0;
#endif
    ADCSRA |= _BV(ADSC);
    while (ADCSRA & _BV(ADSC)) continue;
    return ADC;
  }
  const mcu_pin line = line_of(pin);
  return *input_of(line) & line.mask ? 1 : 0;
}
