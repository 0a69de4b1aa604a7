/* The serial line and the clock on an Arduino core. The smallest cores keep 63 bytes in each direction, one fewer than the
 * longest frame has: so a frame waits here, and moves into the core's buffer as there is room. Nothing waits for it. */
#if defined(ARDUINO)
#include <Arduino.h>
#include <string.h>
#if defined(__AVR__)
#include <avr/interrupt.h>
#include <avr/sleep.h>
#endif

#include "../core.h"
#include "port.h"

static uint8_t waiting[CC_WIRE_BYTES];
static uint8_t waiting_from;
static uint8_t waiting_to;

static void send_waiting(void) {
  if (waiting_from == waiting_to) return;
  const uint8_t length = (uint8_t)(waiting_to - waiting_from);
  waiting_from = (uint8_t)(waiting_from + cc_port_stream_write(waiting + waiting_from, length));
  if (waiting_from == waiting_to) waiting_from = waiting_to = 0;
}

uint32_t cc_hal_now_ms(cc_context *c) {
  (void)c;
  return (uint32_t)millis();
}

/* Every cc_poll comes here. */
bool cc_hal_receive(cc_context *c, uint8_t *byte) {
  (void)c;
  send_waiting();
  return cc_port_stream_read(byte);
}

uint8_t cc_hal_send_room(cc_context *c) {
  (void)c;
  send_waiting();
  return waiting_to == 0 ? CC_WIRE_BYTES : 0;
}

/* Only called with room for a whole frame. */
void cc_hal_send(cc_context *c, const uint8_t *bytes, uint8_t length) {
  (void)c;
  memcpy(waiting, bytes, length);
  waiting_from = 0;
  waiting_to = length;
  send_waiting();
}

#if defined(SMCR)
/* The instruction after SEI is executed before any interrupt, so no byte slips in before SLEEP. The core's millisecond wakes. */
static void sleep_until_interrupt(void) {
  cli();
  if (!cc_port_stream_has_bytes()) {
    SMCR = SLEEP_MODE_IDLE | _BV(SE);
    sei();
    sleep_cpu();
    SMCR = 0;
  }
  sei();
}
#else
static void sleep_until_interrupt(void) {}
#endif

void cc_hal_idle(cc_context *c) {
  (void)c;
  send_waiting();
  sleep_until_interrupt();
}
#endif
