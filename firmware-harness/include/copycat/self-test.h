/* The self-test by slices: its manual, and what a port provides for it.
 *
 * SELFTEST{slice} asks for one slice, SELFTEST_REPORT tells its outcome. Slices are numbered from 0 to the one whose report
 * has `last`, and each of them does a piece of all three tests:
 *
 *   flash  the CRC-32 of the next CC_FLASH_SLICE_BYTES of the program, with zeros where the image's hash stands. The board
 *          does not judge: whoever asks puts the pieces together, and the whole must be HELLO's image hash.
 *   RAM    a march over the next CC_RAM_SLICE_PAIRS pairs of cells whose addresses differ in one line, until every cell
 *          has been marched over with each of its neighbours in that sense: by line 0 the next byte, by line 10 the one
 *          1024 bytes away. So a slice finds cells that are stuck, that cannot change, that change with a neighbour, and
 *          address lines that do nothing. What it cannot find: coupling between cells whose addresses differ in two lines
 *          or more, and what shows only after some time or in some other temperature. The cells keep what they held.
 *   CPU    known answers of arithmetic, shifts, multiplication, flags and table look-up, and every register.
 *
 * A slice is stateless: asked again it is done again, in any order, and nothing of it is remembered but the one slice that
 * is asked for. A second SELFTEST before the answer to the first takes its place; an OPEN that begins a session forgets it.
 *
 * A slice runs only in a cc_poll that finds nothing else to do: no whole frame received, no input to execute, nothing due to be
 * sent. So a frame that is there comes first, and one that comes meanwhile waits for one slice at the most: 2.8 ms on an
 * ATmega328P at 16 MHz, in which at 500000 baud 140 bytes arrive; the receive buffer holds them. Interrupts are off for one
 * pair of cells at a time, 5 us: less than the 20 us of one byte, so none is lost.
 *
 * What a slice finds is told and nothing else: the board goes on as before. The gateway decides what is to be done. */
#ifndef COPYCAT_SELF_TEST_H
#define COPYCAT_SELF_TEST_H

#include "context.h"

enum {
  CC_FLASH_SLICE_BYTES = 192, /* on an ATmega328P 1 ms */
  CC_RAM_SLICE_PAIRS = 128    /* 1.5 ms; 2048 bytes have 11 lines and so 11 * 1024 pairs: 88 slices */
};

/* Bytes of the program, as its image hash covers them; 0 where it cannot be read, and then flash is not tested. */
uint32_t cc_hal_flash_bytes(cc_context *c);

/* CRC-32 of `length` bytes of the program from `from` on, with zeros in place of the image hash. */
uint32_t cc_hal_flash_crc(cc_context *c, uint32_t from, uint16_t length);

/* Bytes of RAM that may be tested, the stack included; 0: RAM is not tested. */
uint16_t cc_hal_ram_bytes(cc_context *c);

/* What a march found. */
enum { CC_CELLS_WORK, CC_FIRST_CELL_FAILS, CC_SECOND_CELL_FAILS };

/* cc_march over the cells `first` < `second`, counted from the begin of RAM, with interrupts off. */
uint8_t cc_hal_march(cc_context *c, uint16_t first, uint16_t second, uint8_t background);

/* False when a register does not hold what is put into it, or is another one as well. */
bool cc_hal_registers_work(cc_context *c);

/* How a march reads and writes a cell. */
typedef uint8_t cc_read_cell(void *memory, uint16_t at);
typedef void cc_write_cell(void *memory, uint16_t at, uint8_t byte);

#define CC_IN_LINE static inline __attribute__((always_inline))

CC_IN_LINE uint8_t cc_gather(uint8_t wrong, uint8_t byte, uint8_t expected) { return (uint8_t)(wrong | (byte ^ expected)); }

/* March C- over two cells, `background` for 0 and its inverse for 1 (A. J. van de Goor, Using March Tests to Test SRAMs, IEEE
 * Design & Test of Computers 10(1), 1993): any(w0) up(r0,w1) up(r1,w0) down(r0,w1) down(r1,w0) any(r0). Between the first
 * access and the last nothing else may use either cell; inlined into a port it needs no stack and takes no branch. */
CC_IN_LINE uint8_t cc_march(void *memory, cc_read_cell *read, cc_write_cell *write, uint16_t first, uint16_t second,
                            uint8_t background) {
  const uint8_t inverse = (uint8_t)~background;
  const uint8_t kept_first = read(memory, first);
  const uint8_t kept_second = read(memory, second);
  uint8_t first_wrong = 0;
  uint8_t second_wrong = 0;
  write(memory, first, background);
  write(memory, second, background);
  first_wrong = cc_gather(first_wrong, read(memory, first), background);
  write(memory, first, inverse);
  second_wrong = cc_gather(second_wrong, read(memory, second), background);
  write(memory, second, inverse);
  first_wrong = cc_gather(first_wrong, read(memory, first), inverse);
  write(memory, first, background);
  second_wrong = cc_gather(second_wrong, read(memory, second), inverse);
  write(memory, second, background);
  second_wrong = cc_gather(second_wrong, read(memory, second), background);
  write(memory, second, inverse);
  first_wrong = cc_gather(first_wrong, read(memory, first), background);
  write(memory, first, inverse);
  second_wrong = cc_gather(second_wrong, read(memory, second), inverse);
  write(memory, second, background);
  first_wrong = cc_gather(first_wrong, read(memory, first), inverse);
  write(memory, first, background);
  first_wrong = cc_gather(first_wrong, read(memory, first), background);
  second_wrong = cc_gather(second_wrong, read(memory, second), background);
  write(memory, first, kept_first);
  write(memory, second, kept_second);
  if (first_wrong != 0) return CC_FIRST_CELL_FAILS;
  return second_wrong != 0 ? CC_SECOND_CELL_FAILS : CC_CELLS_WORK;
}

#endif
