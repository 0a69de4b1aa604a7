/* What the board says for people. Every file may call it, so it stands below them: it knows frames alone. */
#include <string.h>

#include "core.h"

/* LOG: dropped when there is no room, for nothing depends on it. */
static void send_log(cc_context *c, uint32_t seq, const char *text, size_t length) {
  const cc_log_message log = {(const uint8_t *)text, (uint8_t)(length < CC_BODY_BYTES ? length : CC_BODY_BYTES)};
  cc_send_message(c, CC_LOG, seq, &log, CC_LOG_SHAPE);
}

static bool can_say(cc_context *c) { return c->running && cc_can_send(c); }

void cc_say(cc_context *c, const char *text) {
  if (can_say(c)) send_log(c, 0, text, strlen(text));
}

#if CC_WITH_TEXTS
void cc_say_why_flash(cc_context *c, uint32_t seq, const char *text) {
  if (!can_say(c)) return;
  char copy[CC_BODY_BYTES];
  uint8_t length = 0;
  while (length < CC_BODY_BYTES && (copy[length] = (char)CC_FLASH_U8(text + length)) != '\0') length++;
  send_log(c, seq, copy, length);
}
#endif
