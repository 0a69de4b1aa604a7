/* cc_every (copycat.h): whether it is time again, of pair time and state alone (R21). */
#include <string.h>

#include "core.h"

static bool lies_in(const void *at, uint8_t bytes, const void *block, uint16_t block_bytes) {
  const uintptr_t offset = (uintptr_t)at - (uintptr_t)block;
  return offset < block_bytes && block_bytes - offset >= bytes;
}

static bool is_in_state(const cc_context *c, const cc_timer *timer) {
  if (c->access_pieces == NULL) return lies_in(timer, sizeof *timer, c->state, c->state_bytes);
  const cc_piece *entry = c->state;
  for (uint16_t left = c->state_bytes; left > 0; entry++) {
    cc_piece piece;
    CC_FLASH_COPY(&piece, entry, sizeof piece);
    if (lies_in(timer, sizeof *timer, piece.at, piece.bytes)) return true;
    left = (uint16_t)(left - piece.bytes);
  }
  return false;
}

/* 0 is for a timer that has not begun. The one moment in 49 days that has this number counts as the one after it. */
static uint32_t not_zero(uint32_t ms) { return ms != 0 ? ms : 1; }

bool cc_every(cc_timer *timer, uint32_t ms) {
  cc_context *c = cc_used();
  if (c->executing == NULL) return false;
  if (!is_in_state(c, timer)) {
    /* A board that joins would not get it, and the two would come to differ some day. So it shows on the first one. */
    cc_say_why(c, c->executing->seq, "cc_every with a timer that is not in the state");
    cc_stop(c, CC_FAILED_REASON_INTERNAL, c->executing->seq);
    return false;
  }
  const uint32_t now = not_zero(c->executing->pair_time_ms); /* of both: else that moment would lie before its own beginning */
  if (timer->since_ms == 0) {
    timer->since_ms = now;
    return false;
  }
  const uint32_t passed = now - timer->since_ms;
  if (passed < ms) return false;
  /* In step with its beginning; one whole time or more was missed: from now on. */
  timer->since_ms = not_zero(passed - ms < ms ? timer->since_ms + ms : now);
  return true;
}
