// A push button starts and stops a blinking light.
const int BUTTON_PIN = 2;  // to GND
const int LIGHT_PIN = 13;

bool wasPressed, isBlinking, isLit;

void setup() {
  pinMode(BUTTON_PIN, INPUT_PULLUP);
  pinMode(LIGHT_PIN, OUTPUT);
}

void loop() {
  bool isPressed = digitalRead(BUTTON_PIN) == LOW;
  if (isPressed && !wasPressed) isBlinking = !isBlinking;
  wasPressed = isPressed;
  isLit = isBlinking && !isLit;
  digitalWrite(LIGHT_PIN, isLit);
  delay(100);
}
