/* What is due to the gateway goes out as the transmit buffer has room; nothing waits for it. */
#include <string.h>

#include "core.h"

static void send_failed(cc_context *c) {
  const cc_failed_message failed = {c->failed_reason, c->failed_detail};
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_FAILED, c->session, 0);
  cc_send(c, wire, cc_pack_failed(at, &failed));
  c->failed_due = false;
}

static void send_result_part(cc_context *c, cc_slot *slot) {
  const cc_result *result = &slot->result;
  const uint8_t part = slot->due_part++;
  cc_result_message message;
  message.execution_count = result->execution_count;
  message.part = part;
  message.flags = result->flags;
  if (slot->due_part == result->part_count) {
    message.flags |= CC_RESULT_LAST;
    slot->due_part = CC_NOTHING_DUE;
#ifdef PERF_ECHO
    slot->phase = CC_ACTED; /* for tools/perf: answers at once, wants no COMMIT, moves no output */
#endif
  }
  message.input_crc = slot->input_crc;
  message.digest = result->digest;
  message.observed_count = result->observed_count;
  memcpy(message.observed, result->observed, sizeof message.observed);
  message.body = result->bodies;
  for (uint8_t i = 0; i < part; i++) message.body += result->part_length[i];
  message.body_length = result->part_length[part];
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_RESULT, c->session, slot->seq);
  cc_send(c, wire, cc_pack_result(at, &message));
}

static void send_done(cc_context *c, uint32_t seq, const int16_t *levels, uint8_t flags) {
  cc_done_message done;
  done.flags = flags;
  done.read_back_count = c->output_count;
  if (levels == NULL) {
    cc_outputs_read(c, done.read_back);
  } else {
    memcpy(done.read_back, levels, sizeof done.read_back);
  }
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_DONE, c->session, seq);
  cc_send(c, wire, cc_pack_done(at, &done));
}

/* The due part of the oldest executed result: parts of two results never mix. */
static cc_slot *result_due(cc_context *c) {
  cc_slot *found = NULL;
  for (uint8_t i = 0; i < CC_WINDOW; i++) {
    cc_slot *slot = &c->slots[i];
    if (slot->phase < CC_EXECUTED || slot->due_part == CC_NOTHING_DUE) continue;
    if (found == NULL || slot->result.execution_count < found->result.execution_count) found = slot;
  }
  return found;
}

static cc_slot *done_due(cc_context *c) {
  cc_slot *found = NULL;
  for (uint8_t i = 0; i < CC_WINDOW; i++) {
    cc_slot *slot = &c->slots[i];
    if (slot->phase != CC_ACTED || !slot->done_due) continue;
    if (found == NULL || slot->result.execution_count < found->result.execution_count) found = slot;
  }
  return found;
}

static bool send_exchange(cc_context *c) {
  cc_slot *slot = done_due(c);
  if (slot != NULL) {
    slot->done_due = false;
    send_done(c, slot->seq, slot->result.read_back, 0);
    return true;
  }
  slot = result_due(c);
  if (slot != NULL) {
    send_result_part(c, slot);
    return true;
  }
  if (c->stale_due) {
    c->stale_due = false;
    send_done(c, c->stale_seq, NULL, CC_DONE_STALE);
    return true;
  }
  return false;
}

/* Sends one frame that is due; true when one was, sent or waiting for room. */
bool cc_send_due(cc_context *c) {
  if (c->failed_due || cc_hello_ready(c)) {
    if (!cc_can_send(c)) return true;
    if (cc_hello_ready(c)) {
      cc_send_hello(c);
    } else {
      send_failed(c);
    }
    return true;
  }
  if (c->failed_reason != CC_FAILED_REASON_NONE || c->parked || c->session == 0) return false;
  if (!cc_can_send(c)) return true;
  if (send_exchange(c)) return true;
  if (c->state_due) {
    cc_send_state(c);
    return true;
  }
  return false;
}

/* R11: a result without an answer is said again, until the board parks. */
void cc_repeat_results(cc_context *c) {
  if (c->parked || c->failed_reason != CC_FAILED_REASON_NONE) return;
  for (uint8_t i = 0; i < CC_WINDOW; i++) {
    cc_slot *slot = &c->slots[i];
    if (slot->phase != CC_EXECUTED || slot->due_part != CC_NOTHING_DUE) continue;
    if (c->now_ms - slot->result.repeated_ms < CC_REPEAT_MS) continue;
    slot->due_part = 0;
    slot->result.repeated_ms = c->now_ms;
  }
}
