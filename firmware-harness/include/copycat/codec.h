/* Bodies of messages between the wire and their structs, one pair of functions for all: a struct of a message lies in memory
 * as its body does on the wire, so what tells them apart is a shape and what moves them is memcpy. Code for each message was
 * a quarter of a sketch on an ATmega328P. */
#ifndef COPYCAT_CODEC_H
#define COPYCAT_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CC_PACKED __attribute__((packed))

/* A body is `fixed` bytes (with a list the last of them counts its items), then the list (items of `item` bytes, 0 for none,
 * at most `max`), then, with `tail`, whatever bytes are left. The struct has the whole list in its place and behind it
 * pointer and length of the tail. All in one number, so that a call costs little: six bits, three, five, one. */
#define CC_SHAPE(fixed, item, max, tail) ((uint16_t)((fixed) | (item) << 6 | (max) << 9 | (tail) << 14))

/* Writes a body; returns the place behind it. */
uint8_t *cc_pack(uint8_t *at, const void *from, uint16_t shape);

/* Reads a body of at most 255 bytes; false when it is too short, too long or has too long a list. */
bool cc_unpack(const uint8_t *at, const uint8_t *end, void *into, uint16_t shape);

#ifdef __cplusplus
}
#endif

#endif
