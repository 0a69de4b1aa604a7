/* What the board says for people. Every file may call it, so it stands below them: it knows frames alone. */
#include <string.h>

#include "core.h"

/* LOG: nothing depends on it. */
static void send_log(cc_context *c, uint32_t seq, const char *text, uint8_t length) {
  const cc_log_message log = {(const uint8_t *)text, length};
  cc_send_message(c, CC_LOG, seq, &log, CC_LOG_SHAPE);
}

/* Dropped when there is no room, or nobody to read it. */
bool cc_can_say(cc_context *c) { return c->running && cc_can_send(c); }

/* A line that is longer than a frame says so at its end. */
void cc_say(cc_context *c, const char *text, size_t length) {
  if (!cc_can_say(c)) return;
  if (length <= CC_BODY_BYTES) {
    send_log(c, 0, text, (uint8_t)length);
    return;
  }
  char cut[CC_BODY_BYTES];
  memcpy(cut, text, CC_BODY_BYTES - 3);
  memset(cut + CC_BODY_BYTES - 3, '.', 3);
  send_log(c, 0, cut, CC_BODY_BYTES);
}

#if CC_WITH_TEXTS
void cc_say_why_flash(cc_context *c, uint32_t seq, const char *text) {
  if (!cc_can_say(c)) return;
  char copy[CC_BODY_BYTES];
  uint8_t length = 0;
  while (length < CC_BODY_BYTES && (copy[length] = (char)CC_FLASH_U8(text + length)) != '\0') length++;
  send_log(c, seq, copy, length);
}
#endif
