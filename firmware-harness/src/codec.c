#include "../include/copycat/codec.h"

#include <string.h>

/* Behind the fixed bytes and the whole list of a struct. */
typedef struct {
  const uint8_t *bytes;
  uint8_t length;
} CC_PACKED tail_of_struct;

static uint8_t fixed_of(uint16_t shape) { return shape & 63; }
static uint8_t item_of(uint16_t shape) { return shape >> 6 & 7; }
static uint8_t max_of(uint16_t shape) { return shape >> 9 & 31; }
static bool has_tail(uint16_t shape) { return shape >> 14; }
static uint8_t product(uint8_t count, uint8_t item) { return (uint8_t)(count * item); }

uint8_t *cc_pack(uint8_t *at, const void *from, uint16_t shape) {
  const uint8_t *fields = from;
  uint8_t length = fixed_of(shape);
  const uint8_t *tail_at = fields + length + product(max_of(shape), item_of(shape));
  if (item_of(shape) != 0) length = (uint8_t)(length + product(fields[length - 1], item_of(shape)));
  memcpy(at, fields, length);
  at += length;
  if (!has_tail(shape)) return at;
  tail_of_struct tail;
  memcpy(&tail, tail_at, sizeof tail);
  for (; tail.length > 0; tail.length--) *at++ = *tail.bytes++; /* not memcpy: an empty tail may have no bytes at all */
  return at;
}

bool cc_unpack(const uint8_t *at, const uint8_t *end, void *into, uint16_t shape) {
  uint8_t *fields = into;
  const uint8_t given = (uint8_t)(end - at);
  uint8_t length = fixed_of(shape);
  if (given < length) return false;
  uint8_t *tail_at = fields + length + product(max_of(shape), item_of(shape));
  if (item_of(shape) != 0) {
    const uint8_t count = at[length - 1];
    if (count > max_of(shape)) return false;
    length = (uint8_t)(length + product(count, item_of(shape)));
    if (given < length) return false;
  }
  memcpy(fields, at, length);
  if (!has_tail(shape)) return given == length;
  const tail_of_struct tail = {at + length, (uint8_t)(given - length)};
  memcpy(tail_at, &tail, sizeof tail);
  return true;
}
