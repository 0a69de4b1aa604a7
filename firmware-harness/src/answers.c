/* What is due to the gateway goes out as the transmit buffer has room; nothing waits for it. */
#include <string.h>

#include "core.h"

static void send_failed(cc_context *c) {
  const cc_failed_message failed = {c->failed_reason, c->failed_detail};
  cc_send_message(c, CC_FAILED, 0, &failed, CC_FAILED_SHAPE);
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
  cc_send_message(c, CC_RESULT, slot->seq, &message, CC_RESULT_SHAPE);
}

static void send_done(cc_context *c, uint32_t seq, const int16_t *levels, uint8_t flags) {
  cc_done_message done;
  done.flags = flags;
  done.read_back_count = c->output_count;
  int16_t shown[CC_MAX_OUTPUTS];
  if (levels == NULL) {
    cc_outputs_read(c, shown);
    levels = shown;
  }
  memcpy(done.read_back, levels, sizeof done.read_back);
  cc_send_message(c, CC_DONE, seq, &done, CC_DONE_SHAPE);
}

/* DONE before RESULT; of each the oldest, so parts of two results never mix. */
static bool send_exchange(cc_context *c) {
  cc_slot *result_due = NULL;
  for (cc_slot *slot = NULL; (slot = cc_executed_after(c, slot)) != NULL;) {
    if (slot->phase == CC_ACTED && slot->done_due) {
      slot->done_due = false;
      send_done(c, slot->seq, slot->result.read_back, 0);
      return true;
    }
    if (result_due == NULL && slot->due_part != CC_NOTHING_DUE) result_due = slot;
  }
  if (result_due != NULL) {
    send_result_part(c, result_due);
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
#if CC_WITH_STATE_TRANSFER
  if (c->state_due) {
    cc_send_state(c);
    return true;
  }
#endif
  return false;
}

/* R11: a result without an answer is said again, until the board parks. */
void cc_repeat_results(cc_context *c) {
  if (c->parked || c->failed_reason != CC_FAILED_REASON_NONE) return;
  for (cc_slot *slot = c->slots; slot < c->slots + CC_WINDOW; slot++) {
    if (slot->phase != CC_EXECUTED || slot->due_part != CC_NOTHING_DUE) continue;
    if (c->now_ms - slot->result.repeated_ms < CC_REPEAT_MS) continue;
    slot->due_part = 0;
    slot->result.repeated_ms = c->now_ms;
  }
}
