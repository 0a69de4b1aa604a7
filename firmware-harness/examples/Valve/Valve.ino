// Fills a tank: the valve opens below 30 % and closes above 70 %, but never moves twice within 2 s.
#include <Copycat.h>
const int LEVEL_PIN = A0;  // a level sensor of 0 to 5 V
const int VALVE_PIN = 8;
enum { VALVE, LEVEL = 0 };  // output 0, source 0

struct { uint32_t movedAt, isOpen; } valve;

void setup() {
  cc_output(VALVE, VALVE_PIN, CC_DIGITAL, LOW);
  cc_source(LEVEL, LEVEL_PIN, CC_ADC);
  cc_state(&valve, sizeof valve);
  cc_begin("valve", 1, onInput);
}

void onInput(const cc_input *input) {
  uint32_t now = input->pair_time_ms;
  int level = cc_read(LEVEL);
  bool opens = valve.isOpen ? level < 716 : level < 307;
  bool hasRested = now - valve.movedAt >= 2000;
  if (opens != valve.isOpen && hasRested) valve = {now, opens};
  cc_write(VALVE, valve.isOpen);
}

void loop() { cc_poll(); }
