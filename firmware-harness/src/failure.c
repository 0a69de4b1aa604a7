#include "core.h"

/* The first reason is kept: what follows from a failure must not hide it. */
void cc_stop(cc_context *c, uint8_t reason, uint32_t detail) {
  if (c->failed_reason != CC_FAILED_REASON_NONE) return;
  cc_outputs_safe(c);
  c->failed_due = true;
  c->failed_reason = reason;
  c->failed_detail = detail;
}
