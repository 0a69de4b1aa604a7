/* An ATmega328P for programs that speak a protocol of their own: a clock, sleep, and a serial port of any format. Pins are
 * those of ports/avr (hal.h): their functions take no context here, so it is NULL. */
#ifndef COPYCAT_AVR_PLAIN_H
#define COPYCAT_AVR_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/copycat/hal.h"

/* The program's: `setup` once, `loop` after everything that has happened (a byte, a gap, a millisecond). */
void setup(void);
void loop(void);

/* Milliseconds since the start; wraps around after 49 days. */
uint32_t plain_now_ms(void);
/* The same from within an interrupt. */
uint32_t plain_now_ms_in_interrupt(void);

/* An interrupt that gives the main program something to do says so, or the processor goes to sleep before it. */
extern volatile bool plain_has_work;

typedef enum { PLAIN_PARITY_NONE = 0, PLAIN_PARITY_EVEN = 2, PLAIN_PARITY_ODD = 3 } plain_parity; /* as in UCSR0C */

/* The rate is met within 2.5 % or the build fails: what a receiver bears. Eight data bits. */
#define PLAIN_DIVIDER(baud) ((uint16_t)((F_CPU + 4UL * (baud)) / (8UL * (baud)) - 1))
#define PLAIN_RATE(baud) (F_CPU / 8UL / (PLAIN_DIVIDER(baud) + 1UL))
#define PLAIN_RATE_IS_MET(baud) (PLAIN_RATE(baud) * 40UL < (baud) * 41UL && PLAIN_RATE(baud) * 40UL > (baud) * 39UL)

void plain_uart_begin(uint16_t divider, plain_parity parity, bool two_stop_bits);

/* The program's, called by the interrupt that took the byte; `is_broken`: its stop bit or its parity was wrong, or one
 * before it was lost. */
void plain_received(uint8_t byte, bool is_broken);

/* A ring of 255 bytes. What does not fit is dropped: nothing here waits. */
void plain_send(const uint8_t *bytes, uint8_t length);
/* Until the last stop bit is out. */
bool plain_is_sending(void);

#endif
