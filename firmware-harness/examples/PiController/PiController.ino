// A PI temperature controller: holds 60 °C with a thermometer of 0 to 5 V for 0 to 250 °C.
#include <Copycat.h>
const int TEMPERATURE_PIN = A0;
const int HEATER_PIN = 9;  // PWM, to a transistor or a solid-state relay
enum { HEATER, TEMPERATURE = 0 };  // output 0, source 0
const int SET_POINT = 60L * 1023 / 250;
const int32_t LARGEST_SUM = 255 * 16L;

int32_t sum = 0;  // of all errors so far, 1/16 of a duty step each

void setup() {
  cc_output(HEATER, HEATER_PIN, CC_PWM, 0);
  cc_source(TEMPERATURE, TEMPERATURE_PIN, CC_ADC);
  CC_STATE(sum);
  cc_begin("pi controller", 1, onInput);
}

void onInput(const cc_input *) {
  int32_t error = SET_POINT - cc_read(TEMPERATURE);
  sum = constrain(sum + error, 0, LARGEST_SUM);
  int32_t duty = 8 * error + sum / 16;
  cc_write(HEATER, constrain(duty, 0, 255));
}

void loop() { cc_poll(); }
