#include "lines.h"

#include "../../ports/avr-plain/plain.h"

_Static_assert(PLAIN_RATE_IS_MET(LINES_BAUD), "this clock does not make the baud rate");

void setup(void) {
  valve_begin();
  plain_uart_begin(PLAIN_DIVIDER(LINES_BAUD), PLAIN_PARITY_NONE, false);
  command_begin();
}

void loop(void) {
  char line[LINE_BYTES + 1];
  bool is_too_long;
  bool is_closed;
  valve_poll();
  while (command_poll() && input_take(line, &is_too_long)) {
    if (line[0] != '\0' || is_too_long) command_take(line, is_too_long);
  }
  /* Unasked, and never within an answer: each is sent as a whole. */
  if (valve_contact_changed(&is_closed)) answer_text(is_closed ? "contact closed\r\n" : "contact open\r\n");
}
