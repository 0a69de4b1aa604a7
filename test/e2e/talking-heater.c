/* Linked into the heater (--wrap=heater_step): a sketch that says a line for people with every input, and one that a terminal would obey. */
#include <stdio.h>

#include "../../firmware-harness/apps/heater/heater.h"
#include "copycat/copycat.h"

void __real_heater_step(heater_state_t *state, int16_t measured);
void __wrap_heater_step(heater_state_t *state, int16_t measured);

void __wrap_heater_step(heater_state_t *state, int16_t measured) {
  static int count;
  char line[64];
  __real_heater_step(state, measured);
  if (count == 2) {
    cc_log("\033[2J\033]0;owned\a\r\n");
  } else {
    snprintf(line, sizeof line, "level %d\r\n", count);
    cc_log(line);
  }
  count++;
}
