// Fills a tank: the pump starts below 30 % and stops above 70 %, or when it has run for 2 s and no water flows.
const int LEVEL_PIN = A0;  // a level sensor of 0 to 5 V
const int FLOW_PIN = 2;    // a flow meter: a pulse for every 2 ml
const int PUMP_PIN = 8;

bool isPumping, isDry;
uint32_t flowedAt, inAll;
volatile int pulses;  // since they were last taken

void onPulse() { pulses++; }

int takePulses() {
  noInterrupts();
  int taken = pulses;
  pulses = 0;
  interrupts();
  return taken;
}

void setup() {
  pinMode(PUMP_PIN, OUTPUT);
  attachInterrupt(digitalPinToInterrupt(FLOW_PIN), onPulse, RISING);
}

void loop() {
  uint32_t now = millis();
  int level = analogRead(LEVEL_PIN);
  int flow = takePulses();
  inAll += flow;
  if (flow > 0 || !isPumping) flowedAt = now;
  if (now - flowedAt > 2000) isDry = true;
  if (level < 307) isPumping = true;
  if (level > 716) isPumping = false;
  digitalWrite(PUMP_PIN, isPumping && !isDry);
  delay(100);
}
