/* The state as the sketch's own variables, by their names:
 *
 *   static int16_t level;
 *   static bool is_pumping;
 *   static cc_timer report;
 *
 *   void setup(void) {
 *     CC_STATE(level, is_pumping, report);
 *     ...
 *
 * One call, in setup before cc_begin, instead of cc_state; a second one stops the board (reason `internal`); the variables stay where they are and keep the values they were given. Up to 16
 * names: of numbers, enums, bools, arrays of them, structs without padding, cc_timer. More go into an array or a struct.
 *
 * Names and types are the layout: state moves only between programs that say the same here, in the same order. They stand in
 * the image (6 bytes of flash and a name's letters for each, and 10 for all), from where Copycat takes the names in which it
 * tells what has changed in a board's memory, when its configuration knows the image (`firmware`). */
#ifndef COPYCAT_STATE_H
#define COPYCAT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "each.h"

/* When something was last done, in pair time (cc_every); zero: never. */
typedef struct {
  uint32_t since_ms;
} cc_timer;

/* One variable of the state. `type`: what its elements are, times 16, and how many bytes one of them has; 0: neither. */
typedef struct {
  void *at;
  uint16_t bytes;
  uint8_t type;
} cc_piece;

enum { CC_PIECE_OPAQUE, CC_PIECE_UNSIGNED, CC_PIECE_SIGNED, CC_PIECE_REAL, CC_PIECE_BOOL };
#define CC_PIECE_TYPE(kind, type) ((uint8_t)((kind)*16 + sizeof(type)))

#if defined(__AVR__)
#define CC_IN_FLASH __attribute__((__progmem__))
#else
#define CC_IN_FLASH
#endif

/* With constexpr the variables are known when the program is linked, or it does not compile: a list that is made at run time (of a
 * local variable) never gets into flash, and C++ would not say so. */
#ifdef __cplusplus
#define CC_CONSTANT constexpr
#define CC_ASSERT static_assert
#else
#define CC_CONSTANT const
#define CC_ASSERT _Static_assert
#endif

/* How a program is found to have names: they stand behind these bytes (src/firmware-names). */
#define CC_NAMES_MARK 0xcc, 0x5a, 'S', 1
#define CC_ANSWERS_MARK 0xcc, 0x5a, 'A', 1 /* of cc_reply_state */

/* More than 65535 bytes do not fit an AVR, and its compiler warns of a comparison that always holds. */
#if defined(__AVR__)
#define CC_ASSERT_SIZE(...)
#else
#define CC_ASSERT_SIZE(...) \
  CC_ASSERT((0UL CC_EACH(CC_PLUS_BYTES, __VA_ARGS__)) <= 65535, "a state has at most 65535 bytes");
#endif
#define CC_STATE(...)                                                                                     \
  do {                                                                                                    \
    CC_ASSERT_SIZE(__VA_ARGS__)                                                                           \
    static CC_CONSTANT struct {                                                                                 \
      uint8_t mark[4];                                                                                    \
      uint8_t pointer_bytes;                                                                              \
      uint8_t count;                                                                                      \
      cc_piece pieces[CC_COUNT(__VA_ARGS__)];                                                             \
      char names[sizeof #__VA_ARGS__];                                                                    \
    } cc_named CC_IN_FLASH = {                                                                            \
        {CC_NAMES_MARK}, sizeof(void *), CC_COUNT(__VA_ARGS__), {CC_EACH(CC_PIECE, __VA_ARGS__)}, #__VA_ARGS__}; \
    cc_state_pieces(cc_named.pieces, CC_COUNT(__VA_ARGS__), cc_named.names);                              \
  } while (0)
#define CC_COUNT(...) (0 CC_EACH(CC_PLUS_ONE, __VA_ARGS__))
#define CC_PLUS_ONE(name) +1
#define CC_PLUS_BYTES(name) +sizeof(name)
#define CC_PIECE(name) {(void *)&(name), sizeof(name), CC_TYPE_OF(name)},

#ifdef __cplusplus
extern "C" {
#endif
/* Use CC_STATE. */
void cc_state_pieces(const cc_piece *pieces, uint8_t count, const char *names);
#ifdef __cplusplus
}

template <typename T>
struct cc_type_of {
  static_assert(__is_trivially_copyable(T), "what has memory elsewhere (String) cannot be given to another board: use a char array");
  static const uint8_t code = __is_enum(T) ? CC_PIECE_TYPE(CC_PIECE_UNSIGNED, T) : 0;
};
template <typename T>
struct cc_type_of<T *> {
  static_assert(sizeof(T) == 0, "a pointer is a place on this very board: keep an index in the state");
  static const uint8_t code = 0;
};
template <typename T>
struct cc_type_of<volatile T> : cc_type_of<T> {};
template <typename T, unsigned long length>
struct cc_type_of<T[length]> : cc_type_of<T> {};
template <typename T, unsigned long length>
struct cc_type_of<volatile T[length]> : cc_type_of<T> {};
#define CC_TYPE(kind, type)                                \
  template <>                                              \
  struct cc_type_of<type> {                                \
    static const uint8_t code = CC_PIECE_TYPE(kind, type); \
  };
#define CC_TYPE_OF(name) cc_type_of<__typeof__(name)>::code
#else
/* An array is known by the pointer it turns into. */
#define CC_TYPE(kind, type) type: CC_PIECE_TYPE(kind, type), type *: CC_PIECE_TYPE(kind, type),
#define CC_TYPE_OF(name) _Generic((name), CC_TYPES default: 0)
#endif

#define CC_TYPES                                                                                                  \
  CC_TYPE(CC_PIECE_BOOL, bool)                                                                                    \
  CC_TYPE(CC_PIECE_SIGNED, char)                                                                                  \
  CC_TYPE(CC_PIECE_SIGNED, signed char)                                                                           \
  CC_TYPE(CC_PIECE_SIGNED, short)                                                                                 \
  CC_TYPE(CC_PIECE_SIGNED, int)                                                                                   \
  CC_TYPE(CC_PIECE_SIGNED, long)                                                                                  \
  CC_TYPE(CC_PIECE_SIGNED, long long)                                                                             \
  CC_TYPE(CC_PIECE_UNSIGNED, unsigned char)                                                                       \
  CC_TYPE(CC_PIECE_UNSIGNED, unsigned short)                                                                      \
  CC_TYPE(CC_PIECE_UNSIGNED, unsigned int)                                                                        \
  CC_TYPE(CC_PIECE_UNSIGNED, unsigned long)                                                                       \
  CC_TYPE(CC_PIECE_UNSIGNED, unsigned long long)                                                                  \
  CC_TYPE(CC_PIECE_UNSIGNED, cc_timer)                                                                            \
  CC_TYPE(CC_PIECE_REAL, float)                                                                                   \
  CC_TYPE(CC_PIECE_REAL, double)

#ifdef __cplusplus
CC_TYPES
#undef CC_TYPE
#undef CC_TYPES
#endif

#endif
