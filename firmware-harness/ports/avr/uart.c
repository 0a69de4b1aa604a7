/* USART0 with a ring each way; the interrupts only move bytes. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "mcu.h"
#include "port.h"

/* Exact at 16 MHz for 250000, 500000 and 1000000 baud without U2X: 16 samples a bit tolerate more skew than 8. */
#define UBRR_VALUE (F_CPU / (16UL * CC_BAUD) - 1)
_Static_assert(F_CPU == 16UL * CC_BAUD * (UBRR_VALUE + 1), "this clock does not make the baud rate exactly");

static uint8_t after(uint8_t place) { return place == CC_TX_RING_BYTES - 1 ? 0 : (uint8_t)(place + 1); }

/* One place of each ring stays free to tell full from empty. */
static volatile uint8_t rx_ring[PORT_RX_BYTES + 1];
_Static_assert((CC_RX_RING_BYTES & PORT_RX_BYTES) == 0 && PORT_RX_BYTES >= CC_WIRE_BYTES - 1 && PORT_RX_BYTES <= UINT8_MAX,
               "a power of two that holds a frame");
static volatile uint8_t rx_head;
static volatile uint8_t rx_tail;
_Static_assert(CC_TX_RING_BYTES > CC_WIRE_BYTES && CC_TX_RING_BYTES <= UINT8_MAX, "it holds a frame");
static volatile uint8_t tx_ring[CC_TX_RING_BYTES];
static volatile uint8_t tx_head;
static volatile uint8_t tx_tail;

ISR(MCU_RX_vect) {
  const uint8_t status = UCSR0A; /* before UDR0: reading the byte moves the flags on (datasheet 19.7.3) */
  const uint8_t byte = UDR0;
  const uint8_t next = (uint8_t)((rx_head + 1u) & PORT_RX_BYTES);
  if (status & _BV(FE0)) return; /* no stop bit: not a byte. The frame's CRC notices the gap */
  if (next == rx_tail) return; /* full: dropped; the gateway never sends more than HELLO's rx bytes ahead */
  rx_ring[rx_head] = byte;
  rx_head = next;
}

ISR(MCU_UDRE_vect) {
  const uint8_t tail = tx_tail;
  if (tail == tx_head) {
    UCSR0B &= (uint8_t)~_BV(UDRIE0);
    return;
  }
  UDR0 = tx_ring[tail];
  const uint8_t next = after(tail);
  tx_tail = next;
  if (next == tx_head) UCSR0B &= (uint8_t)~_BV(UDRIE0);
}

void port_uart_begin(void) {
  UBRR0 = UBRR_VALUE;
  UCSR0A = 0;
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

bool port_uart_idle(void) { return rx_head == rx_tail; }

bool cc_hal_receive(cc_context *c, uint8_t *byte) {
  (void)c;
  const uint8_t tail = rx_tail;
  if (tail == rx_head) return false;
  *byte = rx_ring[tail];
  rx_tail = (uint8_t)((tail + 1u) & PORT_RX_BYTES);
  return true;
}

uint8_t cc_hal_send_room(cc_context *c) {
  (void)c;
  const uint8_t head = tx_head;
  const uint8_t tail = tx_tail;
  return (uint8_t)((head < tail ? tail : tail + CC_TX_RING_BYTES) - head - 1);
}

void cc_hal_send(cc_context *c, const uint8_t *bytes, uint8_t length) {
  (void)c;
  uint8_t head = tx_head;
  while (length-- > 0) {
    tx_ring[head] = *bytes++;
    head = after(head);
  }
  tx_head = head;
  /* UCSR0B cannot be changed in one instruction, and the interrupt changes it too. */
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { UCSR0B |= _BV(UDRIE0); }
}
