// A push button starts and stops a blinking light.
const int BUTTON_PIN = 2;  // to GND
const int LIGHT_PIN = 13;

struct { uint8_t wasPressed, isBlinking, isLit; } s;

void setup() {
  pinMode(BUTTON_PIN, INPUT_PULLUP);
  pinMode(LIGHT_PIN, OUTPUT);
}

void loop() {
  bool isPressed = digitalRead(BUTTON_PIN) == LOW;
  if (isPressed && !s.wasPressed) s.isBlinking = !s.isBlinking;
  s.wasPressed = isPressed;
  s.isLit = s.isBlinking && !s.isLit;
  digitalWrite(LIGHT_PIN, s.isLit);
  delay(100);
}
