// Airs a greenhouse: a servo opens the flap from 20 °C on, fully at 30 °C, and lets no more than 2 ° of it pass at once.
#include <Copycat.h>
#include <Wire.h>
const int THERMOMETER = 0x48;  // LM75 on I2C: A4 and A5 of an Uno
const int FLAP_PIN = 9;        // of timer 1, which makes a pulse every 20 ms
enum { FLAP, DEGREES = 0 };    // output 0, source 0

int flap;  // degrees, 0 is closed

int32_t readDegrees() {
  Wire.requestFrom(THERMOMETER, 1);
  return Wire.available() ? (int8_t)Wire.read() : 20;
}

void turnFlap(int degrees) { OCR1A = 1088 + 20 * degrees; }  // pulses of 0.5 to 2.4 ms

int flapShown() { return ((int)OCR1A - 1088) / 20; }

void beginFlap() {
  ICR1 = 39999;  // 20 ms, in steps of half a microsecond
  TCCR1A = _BV(COM1A1) | _BV(WGM11);
  TCCR1B = _BV(WGM13) | _BV(WGM12) | _BV(CS11);
  turnFlap(0);
  pinMode(FLAP_PIN, OUTPUT);
}

void setup() {
  Wire.begin();
  Wire.setWireTimeout(3000, true);  // 3 ms: a sensor that is gone keeps no board from answering
  beginFlap();
  cc_own_source(DEGREES, readDegrees);
  cc_own_output(FLAP, turnFlap, flapShown, 0);
  CC_STATE(flap);
  cc_begin("greenhouse", 1, onInput);
}

void onInput(const cc_input *) {
  int wanted = constrain(9 * ((int)cc_read(DEGREES) - 20), 0, 90);
  flap += constrain(wanted - flap, -2, 2);
  cc_write(FLAP, flap);
}

void loop() { cc_poll(); }
