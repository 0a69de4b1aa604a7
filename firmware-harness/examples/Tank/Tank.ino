// Fills a tank: the pump starts below 30 % and stops above 70 %, or when it has run for 2 s and no water flows.
#include <Copycat.h>
const int LEVEL_PIN = A0;  // a level sensor of 0 to 5 V
const int FLOW_PIN = 2;    // a flow meter: a pulse for every 2 ml
const int PUMP_PIN = 8;
enum { PUMP, LEVEL = 0, FLOW };  // output 0, sources 0 and 1

bool isPumping, isDry;
uint32_t flowedAt, inAll;
volatile int pulses;  // since they were last taken

void onPulse() { pulses++; }

int32_t takePulses() {
  noInterrupts();
  int taken = pulses;
  pulses = 0;
  interrupts();
  return taken;
}

void setup() {
  cc_output(PUMP, PUMP_PIN, CC_DIGITAL, LOW);
  cc_source(LEVEL, LEVEL_PIN, CC_ADC);
  cc_own_source(FLOW, takePulses);
  attachInterrupt(digitalPinToInterrupt(FLOW_PIN), onPulse, RISING);
  CC_STATE(isPumping, isDry, flowedAt, inAll);
  cc_begin("tank", 1, onInput);
}

void onInput(const cc_input *input) {
  uint32_t now = input->pair_time_ms;
  int level = cc_read(LEVEL);
  int flow = cc_read(FLOW);
  inAll += flow;
  if (flow > 0 || !isPumping) flowedAt = now;
  if (now - flowedAt > 2000) isDry = true;
  if (level < 307) isPumping = true;
  if (level > 716) isPumping = false;
  cc_write(PUMP, isPumping && !isDry);
  cc_reply_state();
}

void loop() { cc_poll(); }
