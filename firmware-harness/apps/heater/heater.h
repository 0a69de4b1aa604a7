/* Heater: a fixed-point PI temperature controller that shows what a stateful sketch on Copycat looks like.
 *
 * Units: temperatures in 1/16 degC; the integrator and all sums in 1/256 of a duty step; duty 0 to 255.
 *
 * Input: payload i16 set_point, i16 measured, little-endian. A payload shorter than 4 bytes (a TICK is empty) keeps the
 * set point of the state and measures by itself: TEMP on A0, adc counts 0 to 1023 standing for 0 to 250 degC,
 *     measured = (adc * 4000 + 511) / 1023          adc first limited to 0..1023, division rounds down
 * The six bytes `report` change nothing and are answered in two parts: the reply below, then the i16 set point. Any other
 * payload longer than 4 bytes is rejected and changes nothing.
 *
 * Step, in this order (all values fit 32 bits):
 *     if measured >= HEATER_TRIP:      duty = 0, trip = 1, integrator = 0
 *     otherwise:
 *     error = set_point - measured
 *     next  = integrator + HEATER_KI * error, limited to 0 .. HEATER_INTEGRATOR_MAX
 *     sum   = HEATER_KP * error + next
 *     if sum > HEATER_SUM_MAX:         duty = HEATER_DUTY_MAX (255), integrator = next only if error < 0   (anti-windup)
 *     else if sum < 0:                 duty = 0,         integrator = next only if error > 0
 *     else:                            duty = sum / 256, integrator = next
 *     trip = 0
 *
 * Reply: u8 duty, u8 trip, i32 integrator, little-endian. Outputs: duty on pin 9, trip on pin 8 (safe: 0 and 1).
 * State, 8 bytes: i32 integrator, i16 set_point, u8 duty, u8 trip; at start 0, 960 (60 degC), 0, 0.
 *
 * Beside that a local guard, every 10 ms: 140 degC or more on A0, seen by this board itself, stops this board (R7); 120 degC
 * or more makes it offer an empty input, once until it is cooler, so that the heater trips without waiting for the next one.
 */
#ifndef HEATER_H
#define HEATER_H

#include <stdint.h>

/* What another version of the program differs in (docs/firmware-update.md). */
#ifndef HEATER_VERSION
#define HEATER_VERSION 1
#endif
#ifndef HEATER_DUTY_MAX
#define HEATER_DUTY_MAX 255
#endif

enum {
  HEATER_KP = 64, /* 4 duty steps for a degree */
  HEATER_KI = 1,  /* 1/16 duty step for a degree, each input */
  HEATER_SET_POINT = 60 * 16,
  HEATER_TRIP = 120 * 16,
  HEATER_LOCAL_TRIP = 140 * 16,
  HEATER_GUARD_MS = 10 /* between two looks of the local guard */
};

/* Beyond an int of 16 bits. */
#define HEATER_SUM_MAX INT32_C(65535)
#define HEATER_INTEGRATOR_MAX INT32_C(65280)

typedef struct {
  int32_t integrator;
  int16_t set_point;
  uint8_t duty;
  uint8_t trip;
} heater_state_t;
_Static_assert(sizeof(heater_state_t) == 8, "the digest covers every byte, so there must be no padding");

int16_t heater_degrees(int32_t adc);
void heater_step(heater_state_t *state, int16_t measured);

#endif
