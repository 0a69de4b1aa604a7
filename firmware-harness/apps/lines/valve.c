/* The valve opens and closes at 100 % a second, so that what it was told shows at its pins only after a while.
 * Pins: 9 how far it is open (PWM), 8 high while it moves; 2 a contact (pull-up; low is closed). */
#include <avr/eeprom.h>
#include <avr/io.h>

#include "../../include/copycat/copycat.h"
#include "../../ports/avr-plain/plain.h"
#include "lines.h"

enum { PIN_OPENING = 9, PIN_MOVES = 8 };
/* Hundredths of a per cent a millisecond. */
enum { STEP_C = 10, FULL_C = 10000 };
/* A contact that has not changed for so long has come to rest. */
enum { BOUNCE_MS = 5 };

valve valve_state = {.most = 100};

/* Its complement beside it: an erased EEPROM is no setting. */
static uint8_t *const most_kept = (uint8_t *)0;
static uint8_t *const most_inverted = (uint8_t *)1;

static uint32_t stepped_ms;
static uint32_t changed_ms;
static bool was_closed;
static bool is_told_closed;

void valve_begin(void) {
  const uint8_t kept = eeprom_read_byte(most_kept);
  if ((kept ^ eeprom_read_byte(most_inverted)) == 0xff && kept >= 1 && kept <= 100) valve_state.most = kept;
  cc_hal_output_begin(NULL, PIN_OPENING, CC_PWM, 0);
  cc_hal_output_begin(NULL, PIN_MOVES, CC_DIGITAL, 0);
  PORTD |= _BV(PORTD2);
}

bool valve_set(int16_t per_cent) {
  if (per_cent < 0 || per_cent > valve_state.most) return false;
  valve_state.set_point = (uint8_t)per_cent;
  valve_state.sets++;
  return true;
}

/* Writing takes 3.4 ms a byte; bytes that come meanwhile are received all the same. */
void valve_limit(uint8_t most) {
  valve_state.most = most;
  eeprom_update_byte(most_kept, most);
  eeprom_update_byte(most_inverted, (uint8_t)~most);
}

static void step(void) {
  const int16_t to = (int16_t)(valve_state.set_point * 100);
  const int16_t by = (int16_t)(to - valve_state.opening_c);
  valve_state.opening_c = (int16_t)(valve_state.opening_c + (by > STEP_C ? STEP_C : by < -STEP_C ? -STEP_C : by));
  cc_hal_output_write(NULL, PIN_OPENING, CC_PWM, (int16_t)((int32_t)valve_state.opening_c * 255 / FULL_C));
  cc_hal_output_write(NULL, PIN_MOVES, CC_DIGITAL, valve_state.opening_c != to);
}

void valve_poll(void) {
  const uint32_t now_ms = plain_now_ms();
  while (stepped_ms != now_ms) {
    stepped_ms++;
    step();
  }
}

bool valve_contact_changed(bool *is_closed) {
  const uint32_t now_ms = plain_now_ms();
  const bool closed = !(PIND & _BV(PIND2));
  if (closed != was_closed) {
    was_closed = closed;
    changed_ms = now_ms;
  }
  if (closed == is_told_closed || now_ms - changed_ms < BOUNCE_MS) return false;
  is_told_closed = closed;
  *is_closed = closed;
  return true;
}
