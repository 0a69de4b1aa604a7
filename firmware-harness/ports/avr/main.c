/* An ATmega at 16 MHz without an Arduino core: the millisecond, sleep, and the sketch's two functions. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <util/atomic.h>

#include "port.h"

void setup(void);
void loop(void);

cc_context cc_port_context;

static volatile uint32_t ticks_ms;

ISR(TIMER0_COMPA_vect) { ticks_ms++; }

static void tick_begin(void) {
  TCCR0A = _BV(WGM01);
  OCR0A = (uint8_t)(F_CPU / 64 / 1000 - 1);
  TCCR0B = _BV(CS01) | _BV(CS00);
  TIMSK0 = _BV(OCIE0A);
}

uint32_t cc_hal_now_ms(cc_context *c) {
  (void)c;
  uint32_t now_ms;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now_ms = ticks_ms; }
  return now_ms;
}

/* The instruction after SEI is executed before any interrupt (datasheet 7.7.1), so no byte slips in before SLEEP. */
void cc_hal_idle(cc_context *c) {
  (void)c;
  cli();
  if (port_uart_idle()) {
    SMCR = SLEEP_MODE_IDLE | _BV(SE);
    sei();
    sleep_cpu();
    SMCR = 0;
  }
  sei();
}

int main(void) {
  cc_use(&cc_port_context);
  tick_begin();
  port_uart_begin();
  sei();
  setup();
  for (;;) {
    loop();
    if (!cc_port_context.worked) cc_hal_idle(&cc_port_context);
  }
}
