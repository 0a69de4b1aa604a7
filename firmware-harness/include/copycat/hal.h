/* What a port provides. Nothing here waits except cc_hal_idle and a conversion in cc_hal_source_read. */
#ifndef COPYCAT_HAL_H
#define COPYCAT_HAL_H

#include "context.h"
#include "self-test.h" /* the rest of a port: flash, RAM and registers */

/* Milliseconds since some start; wraps around. */
uint32_t cc_hal_now_ms(cc_context *c);

/* Takes one received byte; false when there is none. */
bool cc_hal_receive(cc_context *c, uint8_t *byte);

/* How many bytes cc_hal_send takes now; at least CC_WIRE_BYTES when idle. */
uint8_t cc_hal_send_room(cc_context *c);
void cc_hal_send(cc_context *c, const uint8_t *bytes, uint8_t length);

/* Makes `pin` an output that shows `level` from its first moment. */
void cc_hal_output_begin(cc_context *c, uint8_t pin, uint8_t kind, int16_t level);
void cc_hal_output_write(cc_context *c, uint8_t pin, uint8_t kind, int16_t level);

/* What the output's register shows, not what was last written: that is the point (R29). */
int16_t cc_hal_output_read(cc_context *c, uint8_t pin, uint8_t kind);

void cc_hal_source_begin(cc_context *c, uint8_t pin, uint8_t kind);
int32_t cc_hal_source_read(cc_context *c, uint8_t pin, uint8_t kind);

/* Fills in what is known of this start; called once, by cc_begin. It must not take more than a few milliseconds: the
 * first HELLO comes after it, and until then a board that has restarted looks like one that is silent. So image_hash is
 * a constant that the build has put into the image, not a sum over flash. And a unit that has just been made is told
 * first and written to lasting memory later, between other work: a byte of EEPROM takes 3.4 ms. */
void cc_hal_start(cc_context *c, cc_start *start);

void cc_hal_feed_watchdog(cc_context *c);

/* Restarts the board through the watchdog, as commanded. Returns only where the port cannot (tests). */
void cc_hal_restart(cc_context *c);

/* Sleeps until the next interrupt, at most a millisecond; not at all when a byte has come meanwhile. */
void cc_hal_idle(cc_context *c);

#endif
