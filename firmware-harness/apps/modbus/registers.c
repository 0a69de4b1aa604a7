/* What masters read and write, with its limits. */
#include <avr/io.h>

#include "../../ports/avr-plain/plain.h"
#include "modbus.h"

static bool is_within(uint16_t from, uint16_t count, uint16_t there) { return from < there && count <= there - from; }

static bool touches_calibration(uint16_t from, uint16_t count) { return from + count > HOLDING_CALIBRATION; }

modbus_exception registers_read_holding(uint16_t from, uint16_t count, uint8_t *words) {
  if (!is_within(from, count, HOLDING_COUNT)) return ILLEGAL_ADDRESS;
  if (touches_calibration(from, count) && !pump_calibration_holds()) return PARITY_ERROR;
  for (uint16_t i = 0; i < count; i++) put_word(&words[2 * i], pump_state.holding[from + i]);
  return NO_EXCEPTION;
}

/* It must fall at a restart and never else, so it does not wrap around with the milliseconds. */
static uint16_t uptime(void) {
  static uint16_t uptime_tenths;
  const uint32_t tenths = plain_now_ms() / 100;
  if (uptime_tenths < UINT16_MAX) uptime_tenths = tenths < UINT16_MAX ? (uint16_t)tenths : UINT16_MAX;
  return uptime_tenths;
}

static uint16_t input_register(uint16_t at) {
  switch (at) {
    case INPUT_STATUS:
      return (uint16_t)(pump_state.discretes | (pump_is_busy() ? STATUS_CALIBRATING : 0));
    case INPUT_SPEED:
      return pump_state.speed;
    case INPUT_LEVEL:
      return pump_state.level;
    case INPUT_DELIVERED:
      return (uint16_t)(pump_state.delivered_ml >> 16);
    case INPUT_DELIVERED + 1:
      return (uint16_t)pump_state.delivered_ml;
    case INPUT_UPTIME:
      return uptime();
    case INPUT_CLOCK:
      return (uint16_t)plain_now_ms();
    case INPUT_FLOW:
      return pump_take_flow();
    default:
      return function_requests();
  }
}

modbus_exception registers_read_input(uint16_t from, uint16_t count, uint8_t *words) {
  if (!is_within(from, count, INPUT_COUNT)) return ILLEGAL_ADDRESS;
  for (uint16_t i = 0; i < count; i++) put_word(&words[2 * i], input_register((uint16_t)(from + i)));
  return NO_EXCEPTION;
}

static bool is_value(uint16_t at, uint16_t value) {
  switch (at) {
    case HOLDING_MODE:
      return value < MODE_COUNT;
    case HOLDING_SPEED:
    case HOLDING_LEVEL:
    case HOLDING_GAIN:
      return value <= 1000;
    case HOLDING_RESET_S:
      return value <= 3600;
    case HOLDING_RAMP:
      return value == 0 || (value >= 100 && value <= 10000);
    case HOLDING_ANSWER_MS:
      return value == 2 || value == 30 || value == 300;
    case HOLDING_SILENCE_MS:
      return value == 0 || (value >= 100 && value <= 60000);
    case HOLDING_COMMAND:
      return value <= COMMAND_CALIBRATE;
    case HOLDING_ADDRESS:
      return value >= 1 && value <= 247;
    default:
      return true; /* the dose, and calibration */
  }
}

modbus_exception registers_write(uint16_t from, uint16_t count, const uint8_t *words) {
  if (!is_within(from, count, HOLDING_COUNT)) return ILLEGAL_ADDRESS;
  for (uint16_t i = 0; i < count; i++) {
    if (!is_value((uint16_t)(from + i), word_at(&words[2 * i]))) return ILLEGAL_VALUE;
  }
  uint16_t command = COMMAND_NONE;
  for (uint16_t i = 0; i < count; i++) {
    const uint16_t word = word_at(&words[2 * i]);
    if (from + i == HOLDING_COMMAND) {
      command = word;
    } else {
      pump_state.holding[from + i] = word;
    }
  }
  if (touches_calibration(from, count)) pump_keep_calibration();
  return pump_command_now((pump_command)command);
}

static modbus_exception read_bits(uint8_t all, uint16_t there, uint16_t from, uint16_t count, uint8_t *bits) {
  if (!is_within(from, count, there)) return ILLEGAL_ADDRESS;
  const uint8_t asked = (uint8_t)((1u << count) - 1u); /* there are never more than eight */
  *bits = (uint8_t)(all >> from & asked);
  return NO_EXCEPTION;
}
_Static_assert(COIL_COUNT <= 8 && DISCRETE_COUNT <= 8, "they fit a byte");

modbus_exception coils_read(uint16_t from, uint16_t count, uint8_t *bits) {
  return read_bits(pump_state.coils, COIL_COUNT, from, count, bits);
}

modbus_exception discretes_read(uint16_t from, uint16_t count, uint8_t *bits) {
  return read_bits(pump_state.discretes, DISCRETE_COUNT, from, count, bits);
}

modbus_exception coils_write(uint16_t from, uint16_t count, const uint8_t *bits) {
  if (!is_within(from, count, COIL_COUNT)) return ILLEGAL_ADDRESS;
  const uint8_t written = (uint8_t)(((1u << count) - 1u) << from);
  const uint8_t coils = (uint8_t)((pump_state.coils & ~written) | ((bits[0] << from) & written));
  if (written & _BV(COIL_RUN)) {
    const modbus_exception exception = pump_run((coils & _BV(COIL_RUN)) != 0);
    if (exception != NO_EXCEPTION) return exception;
  }
  pump_state.coils = coils;
  return NO_EXCEPTION;
}
