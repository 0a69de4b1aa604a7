#include <string.h>

#include "core.h"

/* Once, and before cc_begin: of a second one a board that joins would get nothing, and the digest would not cover the first. */
bool cc_register_state(cc_context *c, void *state, uint16_t bytes) {
  if (c->state != NULL) {
    cc_stop(c, CC_FAILED_REASON_INTERNAL, bytes);
    return false;
  }
  c->state = state;
  c->state_bytes = bytes;
  return true;
}

/* Of one block they are the bytes from c->state on. Noinline: with its own copy at every place it costs more than a call. */
CC_NOINLINE uint32_t cc_access_state(const cc_context *c, uint8_t how, uint16_t offset, uint8_t *bytes, uint16_t length) {
  if (c->access_pieces != NULL) return c->access_pieces(c, how, offset, bytes, length);
  uint8_t *at = (uint8_t *)c->state + offset;
  if (how == CC_STATE_SUM) return cc_crc_bytes(CC_CRC_BEGIN, at, length);
  if (how == CC_STATE_READ) {
    memcpy(bytes, at, length);
  } else {
    memcpy(at, bytes, length);
  }
  return 0;
}

uint32_t cc_state_digest(const cc_context *c) { return ~cc_access_state(c, CC_STATE_SUM, 0, NULL, c->state_bytes); }

bool cc_state_intact(const cc_context *c) { return c->state_torn || cc_state_digest(c) == c->digest; }

#if CC_WITH_STATE_TRANSFER
static void answer(cc_context *c, uint16_t offset, uint8_t flags, bool with_data) {
  c->state_due = true;
  c->state_data = with_data;
  c->state_offset = offset;
  c->state_flags = flags;
}

/* R25: state is given out only at rest, and only when it is what the last input left. */
void cc_take_state_get(cc_context *c, uint16_t offset) {
  if (!cc_state_intact(c)) {
    cc_stop(c, CC_FAILED_REASON_STATE_CORRUPT, cc_state_digest(c) ^ c->digest);
    return;
  }
  const bool busy = cc_busy(c) || c->state_torn;
  answer(c, offset, busy ? CC_STATE_BUSY : 0, !busy);
}

static bool put_chunk(cc_context *c, const cc_state_put_message *put) {
  const uint16_t length = put->data_length;
  if (length > c->state_bytes || put->offset > c->state_bytes - length) return false;
  if (put->offset == 0) {
    c->put_offset = 0;
    c->state_torn = true;
    c->put_taken = false;
  }
  if (!c->state_torn || put->offset > c->put_offset) return false; /* a chunk before this one was lost */
  cc_access_state(c, CC_STATE_WRITE, put->offset, (uint8_t *)put->data, length);
  if (put->offset + length > c->put_offset) c->put_offset = (uint16_t)(put->offset + length);
  return true;
}

static bool same_outputs(const cc_context *c, const cc_state_put_message *put) {
  for (uint8_t i = 0; i < put->outputs_count; i++) {
    if (c->outputs[i].acted_level != put->outputs[i]) return false;
  }
  return put->outputs_count == c->output_count || put->outputs_count == 0;
}

/* The end of the transfer that was just taken, once more, because its answer was lost. */
static bool taken_already(const cc_context *c, const cc_state_put_message *put) {
  if (!c->put_taken || put->execution_count != c->execution_count) return false;
  if (put->data_length > c->state_bytes || put->offset != c->state_bytes - put->data_length) return false;
  const uint32_t has = cc_access_state(c, CC_STATE_SUM, put->offset, NULL, put->data_length);
  return same_outputs(c, put) && has == cc_crc_bytes(CC_CRC_BEGIN, put->data, put->data_length);
}

/* The last chunk makes it one: state, execution count and output levels, the one exception to R7. */
void cc_take_state_put(cc_context *c, const cc_state_put_message *put) {
  /* R25: a chunk that comes late, or twice, must not throw a board back that has gone on from the state it was given. */
  if (c->put_closed || cc_busy(c)) {
    if (put->flags & CC_STATE_PUT_LAST) answer(c, c->put_offset, CC_STATE_BUSY, false);
    return;
  }
  if ((put->flags & CC_STATE_PUT_LAST) && taken_already(c, put)) {
    answer(c, c->state_bytes, CC_STATE_ACCEPTED | CC_STATE_LAST, false);
    return;
  }
  const bool taken = put_chunk(c, put);
  if (!(put->flags & CC_STATE_PUT_LAST)) return;
  const bool whole = taken && c->put_offset == c->state_bytes;
  if (whole && (put->outputs_count == c->output_count || put->outputs_count == 0)) {
    c->state_torn = false;
    c->put_taken = true;
    c->put_offset = 0;
    c->digest = cc_state_digest(c);
    c->execution_count = put->execution_count;
    cc_drop_results(c);
    for (uint8_t i = 0; i < put->outputs_count; i++) cc_output_take(c, i, put->outputs[i]);
    answer(c, c->state_bytes, CC_STATE_ACCEPTED | CC_STATE_LAST, false);
  } else {
    answer(c, c->put_offset, 0, false);
  }
}

void cc_send_state(cc_context *c) {
  cc_state_message state;
  state.execution_count = c->execution_count;
  state.flags = c->state_flags;
  state.offset = c->state_offset;
  state.digest = c->digest;
  state.outputs_count = c->output_count;
  for (uint8_t i = 0; i < c->output_count; i++) state.outputs[i] = c->outputs[i].acted_level;
  uint8_t data[CC_BODY_BYTES];
  state.data = data;
  state.data_length = 0;
  if (c->state_data && state.offset <= c->state_bytes) {
#if CC_LINES > 4
    const uint8_t room = CC_STATE_CHUNK_BYTES; /* R25: the joiner may speak the version with the shorter frames */
#else
    const uint8_t room = (uint8_t)(CC_BODY_BYTES - CC_STATE_FIXED_BYTES - 2 * c->output_count);
#endif
    const uint16_t left = (uint16_t)(c->state_bytes - state.offset);
    state.data_length = (uint8_t)(left < room ? left : room);
    cc_access_state(c, CC_STATE_READ, state.offset, data, state.data_length);
    if (left <= room) state.flags |= CC_STATE_LAST;
  }
  cc_send_message(c, CC_STATE, 0, &state, CC_STATE_SHAPE);
  c->state_due = false;
}
#endif
