/* Twenty pins that exist in memory; every change of an output is a line on standard output. */
#include <stdio.h>

#include "port.h"

void cc_hal_output_begin(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  posix_board *board = c->port;
  (void)kind;
  board->levels[pin] = level;
  printf("output %u %d\n", pin, level);
}

void cc_hal_output_write(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  posix_board *board = c->port;
  (void)kind;
  if (board->levels[pin] == level) return;
  board->levels[pin] = level;
  printf("output %u %d\n", pin, level);
}

int16_t cc_hal_output_read(cc_context *c, uint8_t pin, uint8_t kind) {
  const posix_board *board = c->port;
  (void)kind;
  return board->levels[pin];
}

void cc_hal_source_begin(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  (void)pin;
  (void)kind;
}

int32_t cc_hal_source_read(cc_context *c, uint8_t pin, uint8_t kind) {
  const posix_board *board = c->port;
  (void)kind;
  return board->readings[pin];
}
