// Airs a greenhouse: a servo opens the flap from 20 °C on, fully at 30 °C, and lets no more than 2 ° of it pass at once.
#include <Wire.h>
const int THERMOMETER = 0x48;  // LM75 on I2C: A4 and A5 of an Uno
const int FLAP_PIN = 9;        // of timer 1, which makes a pulse every 20 ms

int flap;  // degrees, 0 is closed

int readDegrees() {
  Wire.requestFrom(THERMOMETER, 1);
  return Wire.available() ? (int8_t)Wire.read() : 20;
}

void turnFlap(int degrees) { OCR1A = 1088 + 20 * degrees; }  // pulses of 0.5 to 2.4 ms

void beginFlap() {
  ICR1 = 39999;  // 20 ms, in steps of half a microsecond
  TCCR1A = _BV(COM1A1) | _BV(WGM11);
  TCCR1B = _BV(WGM13) | _BV(WGM12) | _BV(CS11);
  turnFlap(0);
  pinMode(FLAP_PIN, OUTPUT);
}

void setup() {
  Wire.begin();
  beginFlap();
}

void loop() {
  int wanted = constrain(9 * (readDegrees() - 20), 0, 90);
  flap += constrain(wanted - flap, -2, 2);
  turnFlap(flap);
  delay(100);
}
