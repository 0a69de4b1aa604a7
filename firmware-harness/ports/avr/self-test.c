/* What the self-test needs of this processor: its flash, its RAM cell by cell, its registers. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <stddef.h>

#include "../../src/core.h"
#include "port.h"

enum { BLOCK_BYTES = 32 }; /* of flash, on the stack, so that the sum runs over RAM: twice as fast */

extern const uint8_t __data_load_end[]; /* end of the program in flash, by the linker */

/* Beyond 64 KB an address in flash has more bits than a pointer. */
#if FLASHEND > 0xffff
typedef uint32_t flash_address;
static flash_address image_end(void) { return pgm_get_far_address(__data_load_end); }
static void copy_flash(uint8_t *block, flash_address at, uint8_t bytes) { memcpy_PF(block, at, bytes); }
#else
typedef uint16_t flash_address;
static flash_address image_end(void) { return (uint16_t)__data_load_end; }
static void copy_flash(uint8_t *block, flash_address at, uint8_t bytes) { memcpy_P(block, (const void *)at, bytes); }
#endif

uint32_t cc_hal_flash_bytes(cc_context *c) {
  (void)c;
  return image_end();
}

uint32_t port_flash_crc(uint32_t from, uint32_t length) {
  uint32_t crc = CC_CRC_BEGIN;
  flash_address at = (flash_address)from;
  flash_address left = (flash_address)length;
  while (left > 0) {
    uint8_t block[BLOCK_BYTES];
    const uint8_t bytes = (uint8_t)(left < BLOCK_BYTES ? left : BLOCK_BYTES);
    copy_flash(block, at, bytes);
    for (uint8_t i = 0; i < sizeof port_image_hash; i++) {
      const flash_address place = (flash_address)((uint16_t)&port_image_hash + i - at);
      if (place < bytes) block[place] = 0;
    }
    crc = cc_crc_bytes(crc, block, bytes);
    at += bytes;
    left -= bytes;
  }
  return ~crc;
}

#if CC_WITH_SELF_TEST
uint32_t cc_hal_flash_crc(cc_context *c, uint32_t from, uint16_t length) {
  (void)c;
  return port_flash_crc(from, length);
}

uint16_t cc_hal_ram_bytes(cc_context *c) {
  (void)c;
  return RAMEND - RAMSTART + 1;
}

CC_INLINE uint8_t read_cell(void *memory, uint16_t at) {
  (void)memory;
  return *(volatile uint8_t *)(RAMSTART + at);
}

CC_INLINE void write_cell(void *memory, uint16_t at, uint8_t byte) {
  (void)memory;
  *(volatile uint8_t *)(RAMSTART + at) = byte;
}

/* Everything it works with is in registers, so that the cells may be of the stack, also its own. */
CC_NOINLINE uint8_t cc_hal_march(cc_context *c, uint16_t first, uint16_t second, uint8_t background) {
  (void)c;
  const uint8_t status = SREG;
  cli();
  const uint8_t found = cc_march(NULL, read_cell, write_cell, first, second, background);
  SREG = status;
  return found;
}

/* From r0 on each register gets the value of the one before, plus 1: all 32 hold another value at the same time. Then,
 * from r31 down, each must be one more than the one before; what is not 0 gathers in r31. */
uint8_t port_registers_differ(uint8_t begin);
__asm__(
    ".text\n"
    ".global port_registers_differ\n"
    "port_registers_differ:\n"
    ".irp n,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,28,29\n push r\\n\n .endr\n"
    " push r24\n"
    " mov r0, r24\n"
    ".set last, 0\n"
    ".irp n,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    " mov \\n, last\n inc \\n\n .set last, \\n\n .endr\n"
    " sub r31, r30\n dec r31\n"
    ".set last, 30\n"
    ".irp n,29,28,27,26,25,24,23,22,21,20,19,18,17,16,15,14,13,12,11,10,9,8,7,6,5,4,3,2,1,0\n"
    " sub last, \\n\n dec last\n or r31, last\n .set last, \\n\n .endr\n"
    " pop r1\n"
    " eor r0, r1\n or r31, r0\n"
    " mov r24, r31\n"
    " clr r1\n"
    ".irp n,29,28,17,16,15,14,13,12,11,10,9,8,7,6,5,4,3,2\n pop r\\n\n .endr\n"
    " ret\n");

bool cc_hal_registers_work(cc_context *c) {
  (void)c;
  /* So begun, every bit of every register is 0 in one round and 1 in another. */
  for (uint8_t begin = 0x55;; begin = (uint8_t)~begin) {
    if (port_registers_differ(begin) != 0) return false;
    if (begin == 0xaa) return true;
  }
}
#endif
