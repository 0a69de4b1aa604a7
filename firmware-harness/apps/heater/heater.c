#include "heater.h"

#include <string.h>

#include "copycat/bytes.h"
#include "copycat/copycat.h"

enum { HEAT, TRIP }; /* outputs */
enum { TEMP };       /* sources */
#ifndef HEATER_PIN_TEMP
#define HEATER_PIN_TEMP 14 /* A0 of an Uno */
#endif
enum { PIN_HEAT = 9, PIN_TRIP = 8, PIN_TEMP = HEATER_PIN_TEMP };

heater_state_t heater_state;

static void reply_state(void) {
  uint8_t reply[6] = {heater_state.duty, heater_state.trip};
  cc_put_u32(reply + 2, (uint32_t)heater_state.integrator);
  cc_reply(reply, sizeof reply);
}

static bool asks_report(const cc_input *input) { return input->length == 6 && memcmp(input->payload, "report", 6) == 0; }

static void report(void) {
  uint8_t set_point[2];
  cc_put_u16(set_point, (uint16_t)heater_state.set_point);
  reply_state();
  cc_reply(set_point, sizeof set_point);
}

void heater_on_input(const cc_input *input) {
  int16_t measured;
  if (asks_report(input)) {
    report();
    return;
  }
  if (input->length > 4) {
    cc_reject();
    return;
  }
  if (input->length == 4) {
    heater_state.set_point = cc_signed_16(cc_get_u16(input->payload));
    measured = cc_signed_16(cc_get_u16(input->payload + 2));
  } else {
    measured = heater_degrees(cc_read(TEMP));
  }
  heater_step(&heater_state, measured);
  cc_write(HEAT, heater_state.duty);
  cc_write(TRIP, heater_state.trip);
  reply_state();
}

/* R7: what this board sees for itself needs nobody's leave to go to the safe levels. Before that it asks for an input. */
static void guard(void) {
  static uint32_t looked_ms;
  static bool asked;
  const uint32_t now_ms = cc_millis();
  if (now_ms - looked_ms < HEATER_GUARD_MS) return;
  looked_ms = now_ms;
  const int16_t measured = heater_degrees(cc_sample(TEMP));
  if (measured >= HEATER_LOCAL_TRIP) {
    cc_fail(CC_FAILED_REASON_LOCAL_TRIP, (uint32_t)measured);
  } else {
    asked = measured >= HEATER_TRIP && (asked || cc_offer(NULL, 0));
  }
}

void setup(void) {
  heater_state.set_point = HEATER_SET_POINT;
  cc_state(&heater_state, sizeof heater_state);
  cc_layout("i32 integrator, i16 setPoint, u8 duty, u8 trip");
  cc_output(HEAT, PIN_HEAT, CC_PWM, 0);
  cc_output(TRIP, PIN_TRIP, CC_DIGITAL, 1);
  cc_source(TEMP, PIN_TEMP, CC_ADC);
  cc_begin("heater", HEATER_VERSION, heater_on_input);
}

void loop(void) {
  guard();
#if defined(ARDUINO)
  if (!cc_poll()) cc_idle();
#else
  cc_poll();
#endif
}
