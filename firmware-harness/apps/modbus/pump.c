/* The pump controller: what it does depends on what it was told and on what it has done since, so that two of them that were
 * told different things can be told apart at their pins.
 * Pins: 9 the pump (PWM), 8 tripped by silence, 7 the valve, 6 the lamp; 2 flow pulses, 3 low: the pump would run dry; A0 level. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "../../include/copycat/copycat.h"
#include "../../ports/avr-plain/plain.h"
#include "modbus.h"

enum { PIN_PUMP = 9, PIN_TRIPPED = 8, PIN_VALVE = 7, PIN_LAMP = 6, PIN_LEVEL = 14 };
enum { STEP_MS = 10, CALIBRATION_MS = 500, FULL_SPEED = 1000, FULL_LEVEL = 950 };
/* At full speed, in tens of microlitres a step: the first register of the calibration, 20 ml a second. */
enum { FULL_FLOW_UL_10 = 20 };

pump pump_state = {.holding = {
                       [HOLDING_SPEED] = 0,
                       [HOLDING_LEVEL] = 500,
                       [HOLDING_GAIN] = 200,
                       [HOLDING_RESET_S] = 10,
                       [HOLDING_ANSWER_MS] = MODBUS_ANSWER_MS,
                       [HOLDING_SILENCE_MS] = MODBUS_SILENCE_MS,
                       [HOLDING_ADDRESS] = MODBUS_ADDRESS,
                       [HOLDING_CALIBRATION] = FULL_FLOW_UL_10,
                   }};

static volatile uint16_t flow_pulses;
static uint32_t stepped_ms;

ISR(INT0_vect) { flow_pulses++; }

uint16_t pump_take_flow(void) {
  uint16_t taken;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    taken = flow_pulses;
    flow_pulses = 0;
  }
  return taken;
}

static uint32_t calibration_sum(void) {
  uint32_t sum = 0x5a5a;
  for (uint8_t i = 0; i < CALIBRATION_REGISTERS; i++) sum = sum * 31 + pump_state.holding[HOLDING_CALIBRATION + i];
  return sum;
}

void pump_keep_calibration(void) { pump_state.calibration_sum = calibration_sum(); }
bool pump_calibration_holds(void) { return pump_state.calibration_sum == calibration_sum(); }

void pump_begin(void) {
  pump_keep_calibration();
  cc_hal_output_begin(NULL, PIN_PUMP, CC_PWM, 0);
  cc_hal_output_begin(NULL, PIN_TRIPPED, CC_DIGITAL, 0);
  cc_hal_output_begin(NULL, PIN_VALVE, CC_DIGITAL, 0);
  cc_hal_output_begin(NULL, PIN_LAMP, CC_DIGITAL, 0);
  cc_hal_source_begin(NULL, PIN_LEVEL, CC_ADC);
  PORTD |= _BV(PORTD2) | _BV(PORTD3); /* pull-ups: open contacts read high */
  EICRA = _BV(ISC01);                 /* a pulse is a falling edge */
  EIMSK = _BV(INT0);
}

static bool is(uint8_t discrete) { return (pump_state.discretes & _BV(discrete)) != 0; }
static void set(uint8_t discrete, bool on) {
  const uint8_t others = (uint8_t)(pump_state.discretes & ~_BV(discrete));
  pump_state.discretes = (uint8_t)(others | (on ? _BV(discrete) : 0));
}

bool pump_is_busy(void) { return pump_state.calibrating_until_ms != 0; }

static uint32_t dose_ul_10(void) {
  const uint16_t *dose = &pump_state.holding[HOLDING_DOSE];
  return ((uint32_t)dose[0] << 16 | dose[1]) * 100;
}

modbus_exception pump_run(bool on) {
  if (!on) return NO_EXCEPTION;
  if (is(DISCRETE_TRIPPED) || is(DISCRETE_DRY)) return DEVICE_FAILURE;
  if (!is(DISCRETE_RUNNING)) {
    pump_state.integrator = 0;
    pump_state.dose_left_ul_10 = dose_ul_10();
  }
  return NO_EXCEPTION;
}

modbus_exception pump_command_now(pump_command command) {
  if (command == COMMAND_RESET_TRIP) set(DISCRETE_TRIPPED, false);
  if (command != COMMAND_CALIBRATE) return NO_EXCEPTION;
  pump_state.calibrating_until_ms = (plain_now_ms() + CALIBRATION_MS) | 1; /* 0: it is not */
  return ACKNOWLEDGE;
}

static void stop(void) {
  pump_state.coils &= (uint8_t)~_BV(COIL_RUN);
  pump_state.speed = 0;
}

/* A drive that nobody talks to stops; it goes on when somebody says so. Before the first request nobody is missed. */
static void watch_silence(uint32_t now_ms) {
  uint32_t heard_ms;
  const uint16_t longest_ms = pump_state.holding[HOLDING_SILENCE_MS];
  if (longest_ms == 0 || !frame_is_heard(&heard_ms) || now_ms - heard_ms <= longest_ms) return;
  if (is(DISCRETE_TRIPPED)) return;
  set(DISCRETE_TRIPPED, true);
  stop();
}

static int32_t limited(int32_t value, int32_t least, int32_t most) {
  return value < least ? least : value > most ? most : value;
}

/* PI on the level, both in per mille; the integrator stands still while the output is at an end. */
static uint16_t speed_for_level(void) {
  const int32_t error = (int32_t)pump_state.holding[HOLDING_LEVEL] - pump_state.level;
  const int32_t direct = error * pump_state.holding[HOLDING_GAIN] / 100;
  const uint16_t reset_s = pump_state.holding[HOLDING_RESET_S];
  if (reset_s == 0) return (uint16_t)limited(direct, 0, FULL_SPEED);
  const int32_t step = direct * 1024 * STEP_MS / 1000 / reset_s;
  const int32_t moved = pump_state.integrator + step;
  const int32_t wanted = direct + moved / 1024;
  if (wanted >= 0 && wanted <= FULL_SPEED) pump_state.integrator = moved;
  return (uint16_t)limited(wanted, 0, FULL_SPEED);
}

static uint16_t wanted_speed(void) {
  if (!(pump_state.coils & _BV(COIL_RUN))) return 0;
  return pump_state.holding[HOLDING_MODE] == MODE_LEVEL ? speed_for_level() : pump_state.holding[HOLDING_SPEED];
}

static void ramp_to(uint16_t wanted) {
  const uint16_t ramp = pump_state.holding[HOLDING_RAMP];
  const int32_t step = ramp == 0 ? FULL_SPEED : ramp * (int32_t)STEP_MS / 1000;
  const int32_t by = limited((int32_t)wanted - pump_state.speed, -step, step);
  pump_state.speed = (uint16_t)(pump_state.speed + by);
}

static void deliver(void) {
  const uint32_t full_ul_10 = pump_state.holding[HOLDING_CALIBRATION];
  const uint32_t step_ul = full_ul_10 * 10 * pump_state.speed / FULL_SPEED;
  pump_state.delivered_ul += step_ul;
  pump_state.delivered_ml += pump_state.delivered_ul / 1000;
  pump_state.delivered_ul %= 1000;
  if (pump_state.holding[HOLDING_MODE] != MODE_DOSE || !(pump_state.coils & _BV(COIL_RUN))) return;
  const uint32_t step_ul_10 = step_ul / 10;
  pump_state.dose_left_ul_10 -= step_ul_10 < pump_state.dose_left_ul_10 ? step_ul_10 : pump_state.dose_left_ul_10;
  if (pump_state.dose_left_ul_10 == 0) stop();
}

static void show(void) {
  cc_hal_output_write(NULL, PIN_PUMP, CC_PWM, (int16_t)((uint32_t)pump_state.speed * 255 / FULL_SPEED));
  cc_hal_output_write(NULL, PIN_TRIPPED, CC_DIGITAL, is(DISCRETE_TRIPPED));
  cc_hal_output_write(NULL, PIN_VALVE, CC_DIGITAL, (pump_state.coils & _BV(COIL_VALVE)) != 0);
  cc_hal_output_write(NULL, PIN_LAMP, CC_DIGITAL, (pump_state.coils & _BV(COIL_LAMP)) != 0);
}

static void step(void) {
  pump_state.level = (uint16_t)((uint32_t)cc_hal_source_read(NULL, PIN_LEVEL, CC_ADC) * 1000 / 1023);
  set(DISCRETE_FULL, pump_state.level > FULL_LEVEL);
  set(DISCRETE_DRY, !(PIND & _BV(PIND3)));
  if (is(DISCRETE_DRY)) stop();
  ramp_to(wanted_speed());
  deliver();
  set(DISCRETE_RUNNING, pump_state.speed != 0 || (pump_state.coils & _BV(COIL_RUN)) != 0);
}

void pump_poll(void) {
  const uint32_t now_ms = plain_now_ms();
  if (pump_is_busy() && (int32_t)(now_ms - pump_state.calibrating_until_ms) >= 0) pump_state.calibrating_until_ms = 0;
  watch_silence(now_ms);
  while (now_ms - stepped_ms >= STEP_MS) {
    stepped_ms += STEP_MS;
    step();
  }
  show();
}
