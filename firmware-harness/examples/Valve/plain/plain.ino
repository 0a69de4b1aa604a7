// Fills a tank: the valve opens below 30 % and closes above 70 %, but never moves twice within 2 s.
const int LEVEL_PIN = A0;  // a level sensor of 0 to 5 V
const int VALVE_PIN = 8;

struct { uint32_t movedAt, isOpen; } valve;

void setup() {
  pinMode(VALVE_PIN, OUTPUT);
}

void loop() {
  uint32_t now = millis();
  int level = analogRead(LEVEL_PIN);
  bool opens = valve.isOpen ? level < 716 : level < 307;
  bool hasRested = now - valve.movedAt >= 2000;
  if (opens != valve.isOpen && hasRested) valve = {now, opens};
  digitalWrite(VALVE_PIN, valve.isOpen);
  delay(100);
}
