/* What the board says for people. Every file may call it, so it stands below them: it knows frames alone. */
#include <string.h>

#include "core.h"

/* LOG: dropped when there is no room, for nothing depends on it. */
void cc_say(cc_context *c, uint32_t seq, const char *text) {
  if (!c->running || !cc_can_send(c)) return;
  const size_t length = strlen(text);
  const cc_log_message log = {(const uint8_t *)text, (uint8_t)(length < CC_BODY_BYTES ? length : CC_BODY_BYTES)};
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_LOG, c->session, seq);
  cc_send(c, wire, cc_pack_log(at, &log));
}
