#include <stddef.h>

#include "../../ports/avr-plain/plain.h"
#include "lines.h"

enum { RING_BYTES = 128 };

static volatile uint8_t ring[RING_BYTES];
static volatile uint8_t head;
static volatile uint8_t tail;

static char gathered[LINE_BYTES + 1];
static uint8_t gathered_bytes;
static bool has_overflowed;

static uint8_t after(uint8_t place) { return (uint8_t)((place + 1u) % RING_BYTES); }

void plain_received(uint8_t byte, bool is_broken) {
  const uint8_t next = after(head);
  if (is_broken || next == tail) return;
  ring[head] = byte;
  head = next;
}

static bool take_byte(uint8_t *byte) {
  const uint8_t at = tail;
  if (at == head) return false;
  *byte = ring[at];
  tail = after(at);
  return true;
}

/* What ends a line, and what beside it is no part of it: a person at a prompt types CR. */
enum { END = LINES_ANSWER == ANSWER_PROMPT ? '\r' : '\n', NOTHING = LINES_ANSWER == ANSWER_PROMPT ? '\n' : '\r' };

bool input_take(char *line, bool *is_too_long) {
  uint8_t byte;
  while (take_byte(&byte)) {
    if (byte == NOTHING) continue;
    answer_echo(byte);
    if (byte == END) {
      for (uint8_t i = 0; i < gathered_bytes; i++) line[i] = gathered[i];
      line[gathered_bytes] = '\0';
      *is_too_long = has_overflowed;
      gathered_bytes = 0;
      has_overflowed = false;
      return true;
    }
    if (gathered_bytes == LINE_BYTES) {
      has_overflowed = true;
    } else {
      gathered[gathered_bytes++] = (char)byte;
    }
  }
  return false;
}
