/* The millisecond, sleep, the watchdog, and the program's two functions. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/atomic.h>

#include "plain.h"

volatile bool plain_has_work = true;
static volatile uint32_t ticks_ms;

/* Before main: after a watchdog reset the watchdog still runs, at its shortest. */
void plain_early(void) __attribute__((naked, used, section(".init3")));
void plain_early(void) {
  MCUSR = 0;
  wdt_disable();
}

ISR(TIMER0_COMPA_vect) {
  ticks_ms++;
  plain_has_work = true;
}

static void tick_begin(void) {
  TCCR0A = _BV(WGM01);
  OCR0A = (uint8_t)(F_CPU / 64 / 1000 - 1);
  TCCR0B = _BV(CS01) | _BV(CS00);
  TIMSK0 = _BV(OCIE0A);
}

uint32_t plain_now_ms_in_interrupt(void) { return ticks_ms; }

uint32_t plain_now_ms(void) {
  uint32_t now_ms;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now_ms = ticks_ms; }
  return now_ms;
}

/* The instruction after SEI is executed before any interrupt (datasheet 7.7.1), so nothing happens unseen before SLEEP. */
static void sleep_until_work(void) {
  cli();
  if (!plain_has_work) {
    SMCR = SLEEP_MODE_IDLE | _BV(SE);
    sei();
    sleep_cpu();
    SMCR = 0;
    cli();
  }
  plain_has_work = false;
  sei();
}

int main(void) {
  tick_begin();
  setup();
  wdt_enable(WDTO_1S);
  sei();
  for (;;) {
    wdt_reset();
    sleep_until_work();
    loop();
  }
}
