// A PI temperature controller: holds 60 °C with a thermometer of 0 to 5 V for 0 to 250 °C.
const int TEMPERATURE_PIN = A0;
const int HEATER_PIN = 9;  // PWM, to a transistor or a solid-state relay
const int SET_POINT = 60L * 1023 / 250;
const int32_t LARGEST_SUM = 255 * 16L;

int32_t sum = 0;  // of all errors so far, 1/16 of a duty step each

void setup() {
  pinMode(HEATER_PIN, OUTPUT);
}

void loop() {
  int32_t error = SET_POINT - analogRead(TEMPERATURE_PIN);
  sum = constrain(sum + error, 0, LARGEST_SUM);
  int32_t duty = 8 * error + sum / 16;
  analogWrite(HEATER_PIN, constrain(duty, 0, 255));
  delay(100);
}
