/* The kept results in the order of their execution, in which everything is done with them (R3). */
#include <stddef.h>

#include "core.h"

/* The kept result that was executed next after that of `slot`, the first with NULL; NULL when there is none. */
cc_slot *cc_executed_after(cc_context *c, const cc_slot *slot) {
  const uint32_t count = slot == NULL ? 0 : slot->result.execution_count;
  cc_slot *found = NULL;
  for (cc_slot *at = c->slots; at < c->slots + CC_WINDOW; at++) {
    if (at->phase < CC_EXECUTED || at->result.execution_count <= count) continue;
    if (found == NULL || at->result.execution_count < found->result.execution_count) found = at;
  }
  return found;
}
