#include <stdlib.h>
#include <string.h>

#include "../../ports/avr-plain/plain.h"
#include "lines.h"

typedef struct {
  const char *word;
  bool takes_number;
  /* False: it is not answered yet, and command_poll says when it is. */
  bool (*carry_out)(int16_t number);
} command;

static bool is_waiting;
static uint32_t waits_until_ms;

static bool done(void) {
  answer_done(false);
  return true;
}

static bool said(int16_t number) {
  answer_number(number);
  answer_end_line();
  answer_done(true);
  return true;
}

static bool range_error(void) {
  answer_error("range");
  return true;
}

static bool set(int16_t per_cent) { return valve_set(per_cent) ? done() : range_error(); }
static bool step(int16_t by) { return valve_set((int16_t)(valve_state.set_point + by)) ? done() : range_error(); }
static bool get(int16_t number) { return (void)number, said(valve_state.set_point); }
static bool position(int16_t number) { return (void)number, said(valve_state.opening_c / 100); }
static bool count(int16_t number) { return (void)number, said((int16_t)valve_state.sets); }
static bool clock_ms(int16_t number) { return (void)number, said((int16_t)(plain_now_ms() & INT16_MAX)); }

static bool most(int16_t per_cent) {
  if (per_cent < 1 || per_cent > 100) return range_error();
  valve_limit((uint8_t)per_cent);
  return done();
}

static bool identity(int16_t number) {
  (void)number;
  answer_text("valve 1.0\r\n");
  answer_done(true);
  return true;
}

/* Its settings: several lines, but where each command has one. */
static bool settings(int16_t number) {
  (void)number;
  answer_text("max ");
  answer_number(valve_state.most);
  answer_text(LINES_ANSWER == ANSWER_ONE_LINE ? ", " : "\r\n");
  answer_text("rate 100\r\n");
  answer_done(true);
  return true;
}

static bool wait(int16_t ms) {
  if (ms < 0) return range_error();
  is_waiting = true;
  waits_until_ms = plain_now_ms() + (uint32_t)ms;
  return false;
}

static const command commands[] = {
    {"SET", true, set},        {"GET", false, get},     {"STEP", true, step},   {"POS", false, position},
    {"COUNT", false, count},   {"TIME", false, clock_ms}, {"MAX", true, most}, {"ID", false, identity},
    {"CONFIG", false, settings}, {"WAIT", true, wait},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0], LONGEST_NUMBER = 5 };

/* A decimal number that fits, with nothing behind it. */
static bool read_number(const char *text, int16_t *number) {
  const char *digits = *text == '-' ? text + 1 : text;
  const size_t length = strspn(digits, "0123456789");
  if (length == 0 || length > LONGEST_NUMBER || digits[length] != '\0') return false;
  const long value = atol(text);
  if (value > INT16_MAX || value < -INT16_MAX) return false;
  *number = (int16_t)value;
  return true;
}

void command_begin(void) { answer_banner(); }

static void carry_out(const command *found, const char *rest) {
  int16_t number = 0;
  const bool is_right = found->takes_number ? rest != NULL && read_number(rest, &number) : rest == NULL;
  if (is_right) {
    (void)found->carry_out(number);
  } else {
    answer_error("syntax");
  }
}

void command_take(char *line, bool is_too_long) {
  if (is_too_long) {
    answer_error("length");
    return;
  }
  char *rest = strchr(line, ' ');
  if (rest != NULL) *rest++ = '\0';
  for (uint8_t i = 0; i < COMMAND_COUNT; i++) {
    if (strcmp(line, commands[i].word) == 0) {
      carry_out(&commands[i], rest);
      return;
    }
  }
  answer_error("command");
}

/* False while a command is in work. */
bool command_poll(void) {
  if (is_waiting && (int32_t)(plain_now_ms() - waits_until_ms) >= 0) {
    is_waiting = false;
    answer_done(false);
  }
  return !is_waiting;
}
