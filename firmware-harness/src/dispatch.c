/* Which frame is for whom: by type, session and the board's own condition. */
#include "core.h"

static bool take_input(cc_context *c, const cc_frame *frame) {
  cc_input_message input;
  if (!cc_unpack_input(frame->body, frame->end, &input)) return false;
  cc_take_input(c, frame->seq, &input);
  return true;
}

static bool take_commit(cc_context *c, const cc_frame *frame) {
  cc_commit_message commit;
  if (!cc_unpack_commit(frame->body, frame->end, &commit)) return false;
  cc_take_commit(c, frame->seq, commit.result_hash);
  return true;
}

static bool take_violation(cc_context *c, const cc_frame *frame) {
  cc_violation_message violation;
  if (!cc_unpack_violation(frame->body, frame->end, &violation)) return false;
  cc_stop(c, CC_FAILED_REASON_VIOLATION, violation.reason);
  return true;
}

#if CC_WITH_STATE_TRANSFER
static bool take_state(cc_context *c, const cc_frame *frame) {
  if (frame->type == CC_STATE_GET) {
    cc_state_get_message get;
    if (!cc_unpack_state_get(frame->body, frame->end, &get)) return false;
    cc_take_state_get(c, get.offset);
    return true;
  }
  cc_state_put_message put;
  if (!cc_unpack_state_put(frame->body, frame->end, &put)) return false;
  cc_take_state_put(c, &put);
  return true;
}
#endif

static bool take_self_test(cc_context *c, const cc_frame *frame) {
  cc_self_test_message test;
  if (!cc_unpack_self_test(frame->body, frame->end, &test)) return false;
  c->report_slice = test.slice;
  c->report_due = CC_WITH_SELF_TEST; /* no answer says that there is none */
  return true;
}

/* For a board that is opened, well and not parked. */
static bool serve(cc_context *c, const cc_frame *frame) {
  switch (frame->type) {
    case CC_INPUT:
      return take_input(c, frame);
    case CC_COMMIT:
      return take_commit(c, frame);
    case CC_WAIT:
      return frame->body == frame->end; /* that it was heard is all it says */
#if CC_WITH_STATE_TRANSFER
    case CC_STATE_GET:
    case CC_STATE_PUT:
      return take_state(c, frame);
#endif
    case CC_SELFTEST:
      return take_self_test(c, frame);
    default:
      return false;
  }
}

static bool take_open(cc_context *c, const cc_frame *frame) {
  cc_open_message open;
  if (!cc_unpack_open(frame->body, frame->end, &open)) return false;
  if (c->failed_reason != CC_FAILED_REASON_NONE) {
    c->failed_due = true;
  } else {
    cc_take_open(c, &open);
  }
  return true;
}

static bool for_a_board(uint8_t type) { return type >= CC_HELLO_REQ && type <= CC_RESET; }

/* False when the frame is none that this protocol knows. */
bool cc_dispatch(cc_context *c, const cc_frame *frame) {
  if (!for_a_board(frame->type)) return false;
  if (frame->type == CC_HELLO_REQ) {
    c->hello_asked = true;
    return frame->body == frame->end;
  }
  if (frame->type == CC_OPEN) return take_open(c, frame);
  if (frame->session != c->session) {
    if (c->session == 0) cc_ask_hello(c); /* R15: a board that has restarted says so to whoever speaks */
    return true;                          /* an old session's frame: nobody waits for an answer */
  }
  if (frame->type == CC_RESET) {
    if (frame->body != frame->end) return false;
    c->restarting = true;
    cc_outputs_safe(c);
    cc_hal_restart(c);
    return true;
  }
  if (c->failed_reason != CC_FAILED_REASON_NONE) {
    c->failed_due = true;
    return true;
  }
  if (c->session == 0) {
    cc_ask_hello(c);
    return true;
  }
  if (frame->type == CC_VIOLATION) return take_violation(c, frame);
  if (c->parked) {
    cc_ask_hello(c); /* R11: it serves again on the next valid OPEN */
    return true;
  }
  if (!serve(c, frame)) return false;
  cc_heard(c);
  return true;
}
