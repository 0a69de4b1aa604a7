/* Processors other than AVR, with what every core has. There is no watchdog here, and nothing is known of the cause of a
 * reset; a sketch that starts its core's watchdog itself feeds it in loop. */
#if defined(ARDUINO) && !defined(__AVR__)
#include <Arduino.h>

#include "../core.h"
#include "port.h"

/* Of a pin's noise and of the time its conversions took: enough that two starts get two boot numbers. */
enum { NOISE_READINGS = 16 };

/* Copycat.h, in the sketch. */
const char *cc_built(void);

static uint32_t noise(void) {
  uint32_t crc = CC_CRC_BEGIN;
  for (uint8_t i = 0; i < NOISE_READINGS; i++) {
    crc = cc_crc_u32(crc, (uint32_t)analogRead(A0));
    crc = cc_crc_u32(crc, (uint32_t)micros());
  }
  return ~crc;
}

void cc_hal_start(cc_context *c, cc_start *start) {
  (void)c;
  cc_port_stream_begin();
  start->boot = noise();
  start->image_hash = ~cc_crc_text(cc_built());
  start->reset_cause = CC_HELLO_RESET_CAUSE_UNKNOWN;
  start->rx_bytes = cc_port_stream_rx_bytes();
}

void cc_hal_feed_watchdog(cc_context *c) { (void)c; }

#if defined(ESP_PLATFORM)
void esp_restart(void);
#endif

void cc_hal_restart(cc_context *c) {
  (void)c;
#if defined(ESP_PLATFORM)
  esp_restart();
#elif defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
  *(volatile uint32_t *)0xe000ed0c = 0x05fa0004; /* SYSRESETREQ: ARMv7-M architecture reference manual, B3.2.6 */
  for (;;) continue;
#endif
}
#endif
