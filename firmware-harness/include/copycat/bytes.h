/* Little-endian numbers in byte buffers, whatever their alignment; the processor's own order is that of the wire. */
#ifndef COPYCAT_BYTES_H
#define COPYCAT_BYTES_H

#include <stdint.h>
#include <string.h>

#if !defined(__GNUC__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "numbers are taken as they lie on the wire: this needs a little-endian processor, and gcc or clang to say so"
#endif

static inline uint8_t *cc_put_u8(uint8_t *at, uint8_t value) {
  *at = value;
  return at + 1;
}

/* A memcpy of known length is what reads and writes at any address, in as few instructions
 * as there are bytes. */
static inline uint8_t *cc_put_u16(uint8_t *at, uint16_t value) {
  memcpy(at, &value, sizeof value);
  return at + sizeof value;
}

static inline uint8_t *cc_put_u32(uint8_t *at, uint32_t value) {
  memcpy(at, &value, sizeof value);
  return at + sizeof value;
}

static inline uint8_t cc_get_u8(const uint8_t *at) { return *at; }

static inline uint16_t cc_get_u16(const uint8_t *at) {
  uint16_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static inline uint32_t cc_get_u32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* Two's complement without relying on what the compiler does with a value that does not fit. */
static inline int16_t cc_signed_16(uint16_t value) {
  return value <= INT16_MAX ? (int16_t)value : (int16_t)(-1 - (int16_t)(uint16_t)~value);
}

static inline int32_t cc_signed_32(uint32_t value) {
  return value <= INT32_MAX ? (int32_t)value : -1 - (int32_t)~value;
}

#endif
