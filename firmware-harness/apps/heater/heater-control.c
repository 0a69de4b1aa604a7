#include "heater.h"

int16_t heater_degrees(int32_t adc) {
  if (adc < 0) adc = 0;
  if (adc > 1023) adc = 1023;
  return (int16_t)((adc * 4000 + 511) / 1023);
}

void heater_step(heater_state_t *state, int16_t measured) {
  if (measured >= HEATER_TRIP) {
    state->duty = 0;
    state->trip = 1;
    state->integrator = 0;
    return;
  }
  const int32_t error = (int32_t)state->set_point - measured;
  int32_t next = state->integrator + HEATER_KI * error;
  if (next < 0) next = 0;
  if (next > HEATER_INTEGRATOR_MAX) next = HEATER_INTEGRATOR_MAX;
  const int32_t sum = HEATER_KP * error + next;
  state->trip = 0;
  if (sum > HEATER_SUM_MAX) {
    state->duty = HEATER_DUTY_MAX;
    if (error < 0) state->integrator = next;
  } else if (sum < 0) {
    state->duty = 0;
    if (error > 0) state->integrator = next;
  } else {
    state->duty = (uint8_t)(sum / 256);
    state->integrator = next;
  }
}
