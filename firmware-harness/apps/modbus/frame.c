/* Modbus over serial line, RTU: a frame is what comes without a gap of 1.5 characters, and ends after 3.5. Both are counted
 * from the end of one byte to the end of the next, as most slaves do, because that is when a UART tells: so a pause of
 * half a character inside a request is one too many, and the request has no answer. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>
#include <util/crc16.h>

#include "../../ports/avr-plain/plain.h"
#include "modbus.h"

_Static_assert(PLAIN_RATE_IS_MET(MODBUS_BAUD), "this clock does not make the baud rate");

enum { FRAME_BYTES = PDU_BYTES + 3, LEAST_BYTES = 4 };

/* Timer 2 counts 16 us. Above 19200 baud the gaps no longer shrink (Modbus over serial line 1.02, 2.5.1.1). */
#define TICK_US (256UL * 1000000UL / F_CPU)
#define CHARACTER_BITS (10UL + (MODBUS_PARITY != PLAIN_PARITY_NONE) + (MODBUS_TWO_STOP_BITS))
#define HALF_CHARACTERS_US(halves) (MODBUS_BAUD > 19200UL ? 500UL * (halves) : (halves) * CHARACTER_BITS * 500000UL / MODBUS_BAUD)
#define BREAK_TICKS (HALF_CHARACTERS_US(3) / TICK_US)
#define END_TICKS (HALF_CHARACTERS_US(7) / TICK_US)
_Static_assert(END_TICKS <= UINT8_MAX, "at less than 9600 baud the gap is longer than timer 2 counts");

typedef enum {
  LISTENING, /* to what comes */
  ENDED,     /* a frame is there to be looked at */
  ANSWERING  /* an answer waits or goes out: what comes meanwhile is not for us */
} frame_state;

static volatile frame_state state;
static uint8_t frame[FRAME_BYTES];
/* The interrupts' while LISTENING, the main program's after that. */
static volatile uint16_t length;
static volatile bool is_broken;
static volatile bool has_gap;
static volatile uint32_t last_byte_ms;

static uint16_t answer_bytes;
static uint32_t heard_ms;
static bool is_heard;

static uint16_t crc_of(const uint8_t *bytes, uint16_t count) {
  uint16_t crc = 0xffff;
  while (count-- > 0) crc = _crc16_update(crc, *bytes++);
  return crc;
}

void plain_received(uint8_t byte, bool byte_is_broken) {
  TCNT2 = 0;
  TIFR2 = _BV(OCF2A) | _BV(OCF2B);
  TIMSK2 = _BV(OCIE2A) | _BV(OCIE2B);
  if (state != LISTENING) return;
  if (byte_is_broken || has_gap || length == FRAME_BYTES) {
    is_broken = true;
  } else {
    frame[length++] = byte;
  }
  last_byte_ms = plain_now_ms_in_interrupt();
}

/* A byte after this and before the end belongs to a frame with a gap. */
ISR(TIMER2_COMPA_vect) { has_gap = true; }

ISR(TIMER2_COMPB_vect) {
  TIMSK2 = 0;
  has_gap = false;
  if (state != LISTENING) return;
  if (is_broken || length < LEAST_BYTES) {
    is_broken = false;
    length = 0;
  } else {
    state = ENDED;
    plain_has_work = true;
  }
}

void frame_begin(void) {
  OCR2A = (uint8_t)BREAK_TICKS;
  OCR2B = (uint8_t)END_TICKS;
  TCCR2B = _BV(CS22) | _BV(CS21);
  plain_uart_begin(PLAIN_DIVIDER(MODBUS_BAUD), MODBUS_PARITY, MODBUS_TWO_STOP_BITS);
}

static void listen(void) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    length = 0;
    is_broken = false;
    state = LISTENING;
  }
}

/* Another slave's answer, or a frame that was damaged, is nobody's business. */
static bool is_for_us(uint16_t count) {
  const uint16_t crc = crc_of(frame, (uint16_t)(count - 2));
  if (frame[count - 2] != (uint8_t)crc || frame[count - 1] != (uint8_t)(crc >> 8)) return false;
  return frame[0] == 0 || frame[0] == (uint8_t)pump_state.holding[HOLDING_ADDRESS];
}

static void take_frame(void) {
  const uint16_t count = length;
  if (!is_for_us(count)) {
    listen();
    return;
  }
  const bool is_broadcast = frame[0] == 0;
  heard_ms = last_byte_ms;
  is_heard = true;
  const uint8_t answer = function_answer(&frame[1], (uint8_t)(count - 3), is_broadcast);
  if (is_broadcast) {
    listen();
    return;
  }
  const uint16_t crc = crc_of(frame, (uint16_t)(answer + 1));
  frame[answer + 1] = (uint8_t)crc;
  frame[answer + 2] = (uint8_t)(crc >> 8);
  answer_bytes = (uint16_t)(answer + 3);
  state = ANSWERING;
}

void frame_poll(void) {
  if (state == ENDED) take_frame();
  if (state != ANSWERING || plain_is_sending()) return;
  if (answer_bytes == 0) {
    listen();
  } else if (plain_now_ms() - heard_ms >= pump_state.holding[HOLDING_ANSWER_MS]) {
    plain_send(frame, (uint8_t)answer_bytes);
    answer_bytes = 0;
  }
}

bool frame_is_heard(uint32_t *at_ms) {
  *at_ms = heard_ms;
  return is_heard;
}
