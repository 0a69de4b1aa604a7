/* Little-endian numbers in byte buffers, whatever the processor's own order and alignment. */
#ifndef COPYCAT_BYTES_H
#define COPYCAT_BYTES_H

#include <stdint.h>

static inline uint8_t *cc_put_u8(uint8_t *at, uint8_t value) {
  *at = value;
  return at + 1;
}

static inline uint8_t *cc_put_u16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
  return at + 2;
}

static inline uint8_t *cc_put_u32(uint8_t *at, uint32_t value) {
  for (uint8_t i = 0; i < 4; i++, value >>= 8) *at++ = (uint8_t)value;
  return at;
}

static inline uint8_t cc_get_u8(const uint8_t *at) { return *at; }

static inline uint16_t cc_get_u16(const uint8_t *at) { return (uint16_t)(at[0] | (uint16_t)at[1] << 8); }

static inline uint32_t cc_get_u32(const uint8_t *at) {
  return (uint32_t)cc_get_u16(at) | (uint32_t)cc_get_u16(at + 2) << 16;
}

/* Two's complement without relying on what the compiler does with a value that does not fit. */
static inline int16_t cc_signed_16(uint16_t value) {
  return value <= INT16_MAX ? (int16_t)value : (int16_t)(-1 - (int16_t)(uint16_t)~value);
}

static inline int32_t cc_signed_32(uint32_t value) {
  return value <= INT32_MAX ? (int32_t)value : -1 - (int32_t)~value;
}

#endif
