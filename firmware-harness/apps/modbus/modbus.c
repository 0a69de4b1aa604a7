#include "modbus.h"

#include "../../ports/avr-plain/plain.h"

void setup(void) {
  pump_begin();
  frame_begin();
}

void loop(void) {
  frame_poll();
  pump_poll();
}
