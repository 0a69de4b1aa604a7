/* The least sketch: one byte of state and no pins. What is left of an image is the library (docs/firmware-costs.md). */
#include "copycat/copycat.h"

static uint8_t sum;

static void on_input(const cc_input *input) {
  for (uint8_t i = 0; i < input->length; i++) sum = (uint8_t)(sum + input->payload[i]);
  cc_reply(&sum, sizeof sum);
}

void setup(void) {
  cc_state(&sum, sizeof sum);
  cc_begin("least", 1, on_input);
}

void loop(void) { cc_poll(); }
