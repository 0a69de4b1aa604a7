/* The world around the board, and faults, as lines on standard input. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../src/core.h"
#include "port.h"

enum { LINE_BYTES = 80 };

static void obey(cc_context *c, const char *line) {
  posix_board *board = c->port;
  unsigned pin;
  unsigned at;
  unsigned bit;
  unsigned stuck;
  int value;
  unsigned run_ms;
  bool known = true;
  if (sscanf(line, "source %u %d", &pin, &value) == 2 && pin < 20) {
    board->readings[pin] = value;
  } else if (sscanf(line, "pin %u %d", &pin, &value) == 2 && pin < 20) {
    board->levels[pin] = (int16_t)value; /* behind the library's back */
  } else if (sscanf(line, "flip %u", &bit) == 1 && bit / 8 < c->state_bytes) {
    const uint16_t place = (uint16_t)(bit / 8);
    uint8_t byte;
    cc_access_state(c, CC_STATE_READ, place, &byte, 1);
    byte ^= (uint8_t)(1u << bit % 8);
    cc_access_state(c, CC_STATE_WRITE, place, &byte, 1);
  } else if (sscanf(line, "stick %u %u %u", &at, &bit, &stuck) == 3) {
    known = posix_stick(board, at, bit, stuck);
  } else if (strcmp(line, "registers") == 0) {
    board->wrong_registers = true;
  } else if (posix_stepped() && sscanf(line, "run %u", &run_ms) == 1) {
    posix_run(c, run_ms);
    return;
  } else if (strcmp(line, "halt") == 0) {
    if (posix_stepped()) posix_restart("watchdog");
    for (;;) pause(); /* until the watchdog bites */
  } else if (strcmp(line, "reset") == 0) {
    posix_restart("external");
  } else {
    known = false;
    fprintf(stderr, "not a command: %s (source PIN VALUE, pin PIN LEVEL, flip BIT, stick BYTE BIT VALUE, registers, halt, reset, in stepped time run MS)\n", line);
  }
  if (known) printf("ok %s\n", line);
}

bool posix_take_commands(cc_context *c) {
  static char line[LINE_BYTES];
  static size_t used;
  char byte;
  if (read(STDIN_FILENO, &byte, 1) != 1) return false;
  if (byte != '\n') {
    if (used < LINE_BYTES - 1) line[used++] = byte;
    return true;
  }
  line[used] = '\0';
  used = 0;
  obey(c, line);
  return true;
}
