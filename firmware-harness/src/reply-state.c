/* cc_reply_state (copycat.h). */
#include "core.h"

/* Who has this in flash answers with its state: a configuration that knows the image names the values of results too
 * (src/firmware-names). Read, so that no linker takes it for something that nobody needs. */
static const uint8_t mark[] CC_FLASH = {CC_ANSWERS_MARK};

void cc_reply_state(void) {
  cc_context *c = cc_used();
  if (c->executing == NULL) return;
  uint8_t body[CC_BODY_BYTES];
  if (c->state_bytes > sizeof body || CC_FLASH_U8((const volatile uint8_t *)mark) == 0) {
    c->overflowed = true;
    return;
  }
  cc_access_state(c, CC_STATE_READ, 0, body, c->state_bytes);
  cc_reply(body, (uint8_t)c->state_bytes);
}
