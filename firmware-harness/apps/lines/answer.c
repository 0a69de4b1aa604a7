#include <stdlib.h>
#include <string.h>

#include "../../ports/avr-plain/plain.h"
#include "lines.h"

void answer_text(const char *text) { plain_send((const uint8_t *)text, (uint8_t)strlen(text)); }

void answer_number(int16_t number) {
  char digits[7];
  answer_text(itoa(number, digits, 10));
}

void answer_end_line(void) { answer_text("\r\n"); }

static void prompt(void) {
  if (LINES_ANSWER == ANSWER_PROMPT) answer_text("> ");
}

void answer_banner(void) {
  answer_text("\r\nvalve 1.0 ready\r\n");
  prompt();
}

/* A command that has nothing to say is answered by `ok` where there is a line for each. */
void answer_done(bool has_said_something) {
  if (LINES_ANSWER == ANSWER_ENDS_OK || (LINES_ANSWER == ANSWER_ONE_LINE && !has_said_something)) answer_text("ok\r\n");
  prompt();
}

void answer_error(const char *why) {
  answer_text("error: ");
  answer_text(why);
  answer_end_line();
  prompt();
}

void answer_echo(uint8_t byte) {
  if (LINES_ANSWER != ANSWER_PROMPT) return;
  if (byte == '\r') {
    answer_end_line();
  } else {
    plain_send(&byte, 1);
  }
}
