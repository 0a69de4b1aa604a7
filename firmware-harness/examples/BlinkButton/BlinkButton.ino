// A push button starts and stops a blinking light.
#include <Copycat.h>
const int BUTTON_PIN = 2;  // to GND
const int LIGHT_PIN = 13;
enum { LIGHT, BUTTON = 0 };  // output 0, source 0

bool wasPressed, isBlinking, isLit;

void setup() {
  pinMode(BUTTON_PIN, INPUT_PULLUP);
  cc_output(LIGHT, LIGHT_PIN, CC_DIGITAL, LOW);
  cc_source(BUTTON, BUTTON_PIN, CC_DIGITAL);
  CC_STATE(wasPressed, isBlinking, isLit);
  cc_begin("blink button", 1, onInput);
}

void onInput(const cc_input *) {
  bool isPressed = cc_read(BUTTON) == LOW;
  if (isPressed && !wasPressed) isBlinking = !isBlinking;
  wasPressed = isPressed;
  isLit = isBlinking && !isLit;
  cc_write(LIGHT, isLit);
}

void loop() { cc_poll(); }
