#include "core.h"

/* The first reason is kept: what follows from a failure must not hide it. */
void cc_stop(cc_context *c, uint8_t reason, uint32_t detail) {
  if (c->failed_reason != CC_FAILED_REASON_NONE) return;
  c->failed_reason = reason; /* first: an output of the sketch's own may itself come to cc_fail */
  c->failed_detail = detail;
  c->failed_due = true;
  cc_outputs_safe(c);
}
