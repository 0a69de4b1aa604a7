#include "core.h"

void cc_heard(cc_context *c) { c->heard_ms = c->now_ms; }

/* R11, R27: without a gateway the board parks. Waiting results are kept, nothing is acted on until an OPEN takes the
 * board back, and the outputs follow the sketch's policy. */
void cc_check_silence(cc_context *c) {
  if (c->session == 0 || c->parked || c->failed_reason != CC_FAILED_REASON_NONE) return;
  if (c->now_ms - c->heard_ms < c->silence_ms) return;
  c->parked = true;
  if (c->silence_policy == CC_SAFE) cc_outputs_safe(c);
}
