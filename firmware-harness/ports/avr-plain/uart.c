/* USART0: bytes go out through a ring, and come in by a call of the program. Pin 4 is high while something goes out: it
 * switches the driver of an RS-485 transceiver, and is open on a board without one. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "plain.h"

#define DRIVER_ENABLE _BV(PORTD4)

/* As many as a uint8_t counts, so that places wrap around by themselves; one stays free to tell full from empty. */
static volatile uint8_t ring[UINT8_MAX + 1];
static volatile uint8_t head;
static volatile uint8_t tail;
static volatile bool is_sending;

ISR(USART_RX_vect) {
  const uint8_t status = UCSR0A; /* before UDR0: reading the byte moves the flags on (datasheet 19.7.3) */
  const uint8_t byte = UDR0;
  plain_has_work = true;
  plain_received(byte, (status & (_BV(FE0) | _BV(DOR0) | _BV(UPE0))) != 0);
}

ISR(USART_UDRE_vect) {
  const uint8_t at = tail;
  UCSR0A = _BV(U2X0) | _BV(TXC0); /* written as one, TXC is cleared: it counts from this byte */
  UDR0 = ring[at];
  tail = (uint8_t)(at + 1u);
  if (tail == head) UCSR0B &= (uint8_t)~_BV(UDRIE0);
}

/* The last stop bit is out. Between two bytes of one answer it does not come: the next one is there in time. */
ISR(USART_TX_vect) {
  if (tail != head) return;
  PORTD &= (uint8_t)~DRIVER_ENABLE;
  is_sending = false;
  plain_has_work = true;
}

void plain_uart_begin(uint16_t divider, plain_parity parity, bool two_stop_bits) {
  DDRD |= DRIVER_ENABLE;
  UBRR0 = divider;
  UCSR0A = _BV(U2X0);
  UCSR0C = (uint8_t)((uint8_t)parity << UPM00 | (two_stop_bits ? _BV(USBS0) : 0) | _BV(UCSZ01) | _BV(UCSZ00));
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0) | _BV(TXCIE0);
}

void plain_send(const uint8_t *bytes, uint8_t length) {
  if (length == 0) return;
  uint8_t at = head;
  while (length-- > 0 && (uint8_t)(at + 1u) != tail) {
    ring[at] = *bytes++;
    at = (uint8_t)(at + 1u);
  }
  /* UCSR0B cannot be changed in one instruction, and the interrupts change it too. */
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    head = at;
    is_sending = true;
    PORTD |= DRIVER_ENABLE;
    UCSR0B |= _BV(UDRIE0);
  }
}

bool plain_is_sending(void) { return is_sending; }
