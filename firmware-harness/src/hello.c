#include <string.h>

#include "core.h"

/* R27: what a board with a larger window keeps beyond that is found by its execution count alone. */
enum { HELLO_KEPT = (CC_BODY_BYTES - CC_HELLO_FIXED_BYTES) / 4 };
_Static_assert(HELLO_KEPT >= 4, "HELLO names all kept results of a window of 4");

/* For a frame that cannot be served: at once, but at most one such HELLO in CC_HELLO_INTERVAL_MS, whatever comes in. */
void cc_ask_hello(cc_context *c) { c->hello_due = true; }

bool cc_hello_ready(const cc_context *c) {
  return c->hello_asked || (c->hello_due && c->now_ms - c->hello_ms >= CC_HELLO_INTERVAL_MS);
}

static void list_kept(cc_context *c, cc_hello_message *hello) {
  uint8_t skipped = 0;
#if CC_WINDOW > 4
  for (const cc_slot *slot = NULL; (slot = cc_executed_after(c, slot)) != NULL;) skipped++;
  skipped = skipped > HELLO_KEPT ? (uint8_t)(skipped - HELLO_KEPT) : 0;
#endif
  for (const cc_slot *slot = NULL; (slot = cc_executed_after(c, slot)) != NULL;) {
    if (skipped > 0) {
      skipped--;
      continue;
    }
    if (slot->phase == CC_ACTED) hello->acted_bits = (uint8_t)(hello->acted_bits | 1u << hello->kept_count);
    hello->kept[hello->kept_count++] = slot->seq;
  }
}

void cc_send_hello(cc_context *c) {
  cc_hello_message hello;
  memset(&hello, 0, sizeof hello);
  hello.protocol = CC_PROTOCOL_VERSION;
  hello.boot = c->start.boot;
  hello.image_hash = c->start.image_hash;
  hello.app_id = (uint16_t)cc_crc_text(c->name);
  hello.app_version = c->version;
  uint32_t layout = ~c->layout;
  layout = cc_crc_byte(layout, (uint8_t)c->state_bytes);
  hello.state_layout = ~cc_crc_byte(layout, (uint8_t)(c->state_bytes >> 8));
  hello.state_bytes = c->state_bytes;
  hello.wire_bytes = CC_WIRE_BYTES;
  hello.rx_bytes = c->start.rx_bytes;
  hello.window = CC_WINDOW;
  hello.reset_cause = c->start.reset_cause;
  if (c->failed_reason != CC_FAILED_REASON_NONE) hello.flags |= CC_HELLO_FAILED;
  if (c->parked) hello.flags |= CC_HELLO_PARKED;
#if !CC_WITH_STATE_TRANSFER
  hello.flags |= CC_HELLO_REPLAYS;
#endif
  hello.execution_count = c->execution_count;
  hello.digest = c->digest;
  list_kept(c, &hello);

  cc_send_message(c, CC_HELLO, c->start.unit, &hello, CC_HELLO_SHAPE);
  if (!c->hello_asked) c->hello_ms = c->now_ms;
  c->hello_due = false;
  c->hello_asked = false;
}

/* Refused when the board has restarted since, or is in a session the gateway does not know of: HELLO tells it. */
void cc_take_open(cc_context *c, const cc_open_message *open) {
  c->hello_asked = true;
  if (open->boot != c->start.boot || open->new_session == 0) return;
  if (c->session == open->new_session) {
    cc_heard(c); /* a repeat: its HELLO was lost. It must not drop what has been done since. */
    return;
  }
  if (c->session != open->was_session) return;
  c->session = open->new_session;
  c->report_due = false; /* it was asked for in the session before */
  cc_heard(c);
  if (open->flags & CC_OPEN_RESUME) {
    cc_keep_results(c);
    if (c->parked) cc_outputs_acted(c);
  } else {
    cc_drop_results(c);
    c->put_closed = false;
    for (uint8_t i = 0; i < c->output_count; i++) c->outputs[i].acted_level = c->outputs[i].written_level;
  }
  c->parked = false;
}
