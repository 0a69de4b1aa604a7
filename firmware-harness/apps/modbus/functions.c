/* Functions 1 to 6, 15, 16, 17, 22, 23 and 43 (Modbus application protocol 1.1b3, 6). A request is answered in its place. */
#include "modbus.h"

enum {
  READ_COILS = 1,
  READ_DISCRETES = 2,
  READ_HOLDING = 3,
  READ_INPUT = 4,
  WRITE_COIL = 5,
  WRITE_REGISTER = 6,
  WRITE_COILS = 15,
  WRITE_REGISTERS = 16,
  SERVER_ID = 17,
  MASK_WRITE = 22,
  READ_WRITE = 23,
  DEVICE_ID = 43
};

/* The most that fits a PDU. */
enum { READ_WORDS = 125, WRITE_WORDS = 123, READ_WRITE_WORDS = 121, READ_BITS = 2000, WRITE_BITS = 1968 };
/* Where the parts of a request are. */
enum { AT_FROM = 1, AT_COUNT = 3, AT_BYTES = 5, AT_DATA = 6 };

static uint16_t requests;

static uint8_t refused(uint8_t *pdu, modbus_exception exception) {
  pdu[0] |= 0x80;
  pdu[1] = (uint8_t)exception;
  return 2;
}

static bool is_count(uint16_t count, uint16_t most) { return count >= 1 && count <= most; }

static uint8_t read_bits(uint8_t *pdu, uint8_t length) {
  const uint16_t count = word_at(&pdu[AT_COUNT]);
  const uint16_t from = word_at(&pdu[AT_FROM]);
  if (length != 5 || !is_count(count, READ_BITS)) return refused(pdu, ILLEGAL_VALUE);
  const modbus_exception exception =
      pdu[0] == READ_COILS ? coils_read(from, count, &pdu[2]) : discretes_read(from, count, &pdu[2]);
  if (exception != NO_EXCEPTION) return refused(pdu, exception);
  pdu[1] = (uint8_t)((count + 7) / 8);
  return (uint8_t)(pdu[1] + 2);
}

static uint8_t read_words(uint8_t *pdu, uint8_t length) {
  const uint16_t count = word_at(&pdu[AT_COUNT]);
  const uint16_t from = word_at(&pdu[AT_FROM]);
  if (length != 5 || !is_count(count, READ_WORDS)) return refused(pdu, ILLEGAL_VALUE);
  const modbus_exception exception = pdu[0] == READ_HOLDING ? registers_read_holding(from, count, &pdu[2])
                                                            : registers_read_input(from, count, &pdu[2]);
  if (exception != NO_EXCEPTION) return refused(pdu, exception);
  pdu[1] = (uint8_t)(2 * count);
  return (uint8_t)(pdu[1] + 2);
}

/* A request that is echoed when it is done. */
static uint8_t done(uint8_t *pdu, uint8_t answer, modbus_exception exception) {
  return exception == NO_EXCEPTION ? answer : refused(pdu, exception);
}

static uint8_t write_coil(uint8_t *pdu, uint8_t length) {
  const uint16_t value = word_at(&pdu[3]);
  if (length != 5 || (value != 0 && value != 0xff00)) return refused(pdu, ILLEGAL_VALUE);
  const uint8_t bit = value != 0;
  return done(pdu, 5, coils_write(word_at(&pdu[AT_FROM]), 1, &bit));
}

static uint8_t write_register(uint8_t *pdu, uint8_t length) {
  if (length != 5) return refused(pdu, ILLEGAL_VALUE);
  return done(pdu, 5, registers_write(word_at(&pdu[AT_FROM]), 1, &pdu[3]));
}

static uint8_t write_many(uint8_t *pdu, uint8_t length) {
  const bool are_coils = pdu[0] == WRITE_COILS;
  const uint16_t count = word_at(&pdu[AT_COUNT]);
  if (length < AT_DATA || !is_count(count, are_coils ? WRITE_BITS : WRITE_WORDS)) return refused(pdu, ILLEGAL_VALUE);
  const uint16_t bytes = are_coils ? (uint16_t)((count + 7) / 8) : (uint16_t)(2 * count);
  if (pdu[AT_BYTES] != bytes || length != AT_DATA + bytes) return refused(pdu, ILLEGAL_VALUE);
  const uint16_t from = word_at(&pdu[AT_FROM]);
  return done(pdu, 5, are_coils ? coils_write(from, count, &pdu[AT_DATA]) : registers_write(from, count, &pdu[AT_DATA]));
}

static uint8_t mask_write(uint8_t *pdu, uint8_t length) {
  if (length != 7) return refused(pdu, ILLEGAL_VALUE);
  const uint16_t at = word_at(&pdu[AT_FROM]);
  const uint16_t keep = word_at(&pdu[3]);
  uint8_t word[2];
  const modbus_exception exception = registers_read_holding(at, 1, word);
  if (exception != NO_EXCEPTION) return refused(pdu, exception);
  put_word(word, (uint16_t)((word_at(word) & keep) | (word_at(&pdu[5]) & (uint16_t)~keep)));
  return done(pdu, 7, registers_write(at, 1, word));
}

/* Writes first, so that what is read is what has become of it. */
static uint8_t read_write(uint8_t *pdu, uint8_t length) {
  enum { AT_WRITE_FROM = 5, AT_WRITE_COUNT = 7, AT_WRITE_BYTES = 9, AT_WORDS = 10 };
  const uint16_t read_count = word_at(&pdu[AT_COUNT]);
  const uint16_t write_count = word_at(&pdu[AT_WRITE_COUNT]);
  if (length < AT_WORDS || !is_count(read_count, READ_WORDS) || !is_count(write_count, READ_WRITE_WORDS) ||
      pdu[AT_WRITE_BYTES] != 2 * write_count || length != AT_WORDS + 2 * write_count)
    return refused(pdu, ILLEGAL_VALUE);
  const uint16_t from = word_at(&pdu[AT_FROM]);
  if (from >= HOLDING_COUNT || read_count > HOLDING_COUNT - from) return refused(pdu, ILLEGAL_ADDRESS);
  modbus_exception exception = registers_write(word_at(&pdu[AT_WRITE_FROM]), write_count, &pdu[AT_WORDS]);
  if (exception == NO_EXCEPTION) exception = registers_read_holding(from, read_count, &pdu[2]);
  if (exception != NO_EXCEPTION) return refused(pdu, exception);
  pdu[1] = (uint8_t)(2 * read_count);
  return (uint8_t)(pdu[1] + 2);
}

static bool is_write(uint8_t function) {
  return function == WRITE_COIL || function == WRITE_REGISTER || function == WRITE_COILS ||
         function == WRITE_REGISTERS || function == MASK_WRITE || function == READ_WRITE;
}

uint16_t function_requests(void) { return requests; }

uint8_t function_answer(uint8_t *pdu, uint8_t length, bool is_broadcast) {
  requests++;
  const bool writes = is_write(pdu[0]);
  if (is_broadcast && !writes) return 0;
  if (writes && pump_is_busy()) return refused(pdu, BUSY);
  switch (pdu[0]) {
    case READ_COILS:
    case READ_DISCRETES:
      return read_bits(pdu, length);
    case READ_HOLDING:
    case READ_INPUT:
      return read_words(pdu, length);
    case WRITE_COIL:
      return write_coil(pdu, length);
    case WRITE_REGISTER:
      return write_register(pdu, length);
    case WRITE_COILS:
    case WRITE_REGISTERS:
      return write_many(pdu, length);
    case SERVER_ID:
      return identity_server(pdu);
    case MASK_WRITE:
      return mask_write(pdu, length);
    case READ_WRITE:
      return read_write(pdu, length);
    case DEVICE_ID:
      return identity_device(pdu, length);
    default:
      return refused(pdu, ILLEGAL_FUNCTION);
  }
}
