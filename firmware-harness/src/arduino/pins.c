/* Outputs and sources by the Arduino core's own functions and pin numbers. */
#if defined(ARDUINO)
#include <Arduino.h>

#include "../core.h"
#include "output-register.h"

static uint8_t duty_of(int16_t level) { return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level); }

void cc_hal_output_write(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  (void)c;
  if (kind == CC_PWM) {
    analogWrite(pin, duty_of(level));
  } else {
    digitalWrite(pin, level != 0 ? HIGH : LOW);
  }
  cc_port_output_written(pin, kind == CC_PWM ? duty_of(level) : level != 0);
}

void cc_hal_output_begin(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  /* Before the direction: on most cores the pin then shows it from its first moment. The others take it after. */
  digitalWrite(pin, level > (kind == CC_PWM ? 127 : 0) ? HIGH : LOW);
  pinMode(pin, OUTPUT);
  cc_hal_output_write(c, pin, kind, level);
}

int16_t cc_hal_output_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  return cc_port_output_shown(pin, kind == CC_PWM);
}

/* The pin's mode is the sketch's: INPUT after a reset, or what its pinMode says (INPUT_PULLUP). */
void cc_hal_source_begin(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  (void)pin;
  (void)kind;
}

int32_t cc_hal_source_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  return kind == CC_ADC ? analogRead(pin) : digitalRead(pin) == HIGH;
}
#endif
