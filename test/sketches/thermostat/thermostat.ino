// Heats below the set point - 1 degC, stops above + 1 degC. A LM35 at A0: 10 mV per degC.
#include <Copycat.h>
const int TEMP_PIN = A0;
const int HEATER_PIN = 9;
enum { HEATER, TEMP = 0 };

int setPoint = 40;  // degC
bool isHeating;
int temperature;  // tenths of a degree, of the last input

void setup() {
  cc_output(HEATER, HEATER_PIN, CC_DIGITAL, LOW);
  cc_source(TEMP, TEMP_PIN, CC_ADC);
  CC_STATE(setPoint, isHeating, temperature);
  cc_begin("thermostat", 1, onInput);
}

void onInput(const cc_input *input) {
  if (input->length == 1 && input->payload[0] <= 90) setPoint = input->payload[0];
  temperature = cc_read(TEMP) * 5000L / 1024;
  if (temperature < (setPoint - 1) * 10) isHeating = true;
  if (temperature > (setPoint + 1) * 10) isHeating = false;
  cc_write(HEATER, isHeating);
  cc_reply_state();
}

void loop() { cc_poll(); }
