/* Other processors: a digital pin is read back as the core reads any pin. A duty cannot be: what was last written to it is
 * told, so a timer that has been changed behind the library's back is not noticed there. */
#if defined(ARDUINO) && !defined(__AVR__)
#include <Arduino.h>

#include "../core.h"
#include "output-register.h"

static struct {
  uint8_t pin;
  int16_t level;
} written[CC_MAX_OUTPUTS];
static uint8_t written_count;

static uint8_t place_of(uint8_t pin) {
  uint8_t place = 0;
  while (place < written_count && written[place].pin != pin) place++;
  return place;
}

void cc_port_output_written(uint8_t pin, int16_t level) {
  const uint8_t place = place_of(pin);
  if (place == CC_MAX_OUTPUTS) return;
  if (place == written_count) written_count++;
  written[place].pin = pin;
  written[place].level = level;
}

int16_t cc_port_output_shown(uint8_t pin, bool is_pwm) {
  if (!is_pwm) return digitalRead(pin) == HIGH ? 1 : 0;
  const uint8_t place = place_of(pin);
  return place < written_count ? written[place].level : CC_OUTPUT_LOST;
}
#endif
