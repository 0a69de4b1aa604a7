/* Lines for the gateway's log with values in them:
 *
 *   cc_logf("level %d of %d, %s", level, LARGEST, is_pumping ? "pumping" : "at rest");
 *
 * % and a letter stands for the next value. A value is written as what it is, on every processor, whatever the letter says
 * of its size (an int32_t goes with %d here as with %ld): numbers in decimal, float and double with two decimals, text as it
 * is. The letter matters for %x (hexadecimal) and %c (a character). A width and zeros in front are had as usual: %5d, %02u;
 * of how many decimals is passed over (%.1f).
 * Up to 16 values. The line is cut at 51 bytes, and then ends in `...`; it is dropped when there is no room, or nobody to read
 * it. The words stay in flash (so they are a literal), nothing is allocated, and a sketch that does not call it does not have it. */
#ifndef COPYCAT_LOG_H
#define COPYCAT_LOG_H

#include <stdint.h>

#include "each.h"
#include "state.h"

/* A value of a line. */
typedef struct {
  union {
    uint32_t number;
    const char *text;
  } as;
  uint8_t kind;
} cc_value;

enum { CC_NO_VALUE, CC_UNSIGNED_VALUE, CC_SIGNED_VALUE, CC_HUNDREDTHS_VALUE, CC_TEXT_VALUE };

#ifdef __cplusplus
extern "C" {
#endif
/* Use cc_logf. `values` end in one of CC_NO_VALUE. */
void cc_log_values(const char *format, const cc_value *values);
cc_value cc_value_of_real(double real);
static inline cc_value cc_value_of_unsigned(uint32_t number) {
  cc_value value;
  value.as.number = number;
  value.kind = CC_UNSIGNED_VALUE;
  return value;
}
static inline cc_value cc_value_of_signed(int32_t number) {
  cc_value value;
  value.as.number = (uint32_t)number;
  value.kind = CC_SIGNED_VALUE;
  return value;
}
static inline cc_value cc_value_of_text(const char *text) {
  cc_value value;
  value.as.text = text;
  value.kind = CC_TEXT_VALUE;
  return value;
}
#ifdef __cplusplus
}
#endif

/* A literal that an AVR leaves in flash. */
#define CC_LITERAL(text)                                      \
  (__extension__({                                            \
    static const char cc_literal[] CC_IN_FLASH = "" text; \
    &cc_literal[0];                                           \
  }))

#ifdef __cplusplus
/* Of exactly bool: all that turns into one (a String, F("...") and any pointer) would be written as 1. */
template <typename Bool>
struct cc_if_bool {};
template <>
struct cc_if_bool<bool> {
  typedef cc_value value;
};
template <typename Bool>
inline typename cc_if_bool<Bool>::value cc_value_of(Bool value) {
  return cc_value_of_unsigned(value);
}
inline cc_value cc_value_of(char value) { return cc_value_of_signed(value); }
inline cc_value cc_value_of(signed char value) { return cc_value_of_signed(value); }
inline cc_value cc_value_of(short value) { return cc_value_of_signed(value); }
inline cc_value cc_value_of(int value) { return cc_value_of_signed(value); }
inline cc_value cc_value_of(long value) { return cc_value_of_signed((int32_t)value); }
inline cc_value cc_value_of(unsigned char value) { return cc_value_of_unsigned(value); }
inline cc_value cc_value_of(unsigned short value) { return cc_value_of_unsigned(value); }
inline cc_value cc_value_of(unsigned int value) { return cc_value_of_unsigned(value); }
inline cc_value cc_value_of(unsigned long value) { return cc_value_of_unsigned((uint32_t)value); }
inline cc_value cc_value_of(double value) { return cc_value_of_real(value); }
inline cc_value cc_value_of(const char *value) { return cc_value_of_text(value); }
template <typename... Values>
inline void cc_log_all(const char *format, Values... values) {
  const cc_value list[] = {cc_value_of(values)..., cc_value()};
  cc_log_values(format, list);
}
#define cc_logf(format, ...) cc_log_all(CC_LITERAL(format), ##__VA_ARGS__)
#else
#define CC_VALUE_OF(value)                    \
  _Generic((value),                           \
      char *: cc_value_of_text,               \
      const char *: cc_value_of_text,         \
      float: cc_value_of_real,                \
      double: cc_value_of_real,               \
      unsigned int: cc_value_of_unsigned,     \
      unsigned long: cc_value_of_unsigned,    \
      default: cc_value_of_signed)(value),
#define cc_logf(format, ...) \
  cc_log_values(CC_LITERAL(format), (const cc_value[]){CC_EACH(CC_VALUE_OF, ##__VA_ARGS__) {{0}, CC_NO_VALUE}})
#endif

#endif
