#include "core.h"

/* A frame is shorter than COBS's longest run of 254, so encoding moves nothing: each zero becomes the distance to the
 * next one, and `code`, the byte before the frame, the distance to the first. `end` is behind the frame. */
void cc_cobs_encode(uint8_t *code, uint8_t *end) {
  for (uint8_t *at = code + 1; at < end; at++) {
    if (*at != 0) continue;
    *code = (uint8_t)(at - code);
    code = at;
  }
  *code = (uint8_t)(end - code);
}

/* Leaves the decoded frame at bytes + 1, one byte shorter. False when a distance points behind the end. */
bool cc_cobs_decode(uint8_t *bytes, uint8_t length) {
  uint8_t at = 0;
  while (at < length) {
    uint8_t distance = bytes[at];
    if (distance == 0 || distance > length - at) return false;
    bytes[at] = 0;
    at = (uint8_t)(at + distance);
  }
  return length > 0;
}
