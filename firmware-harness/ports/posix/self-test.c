/* The RAM of this board is an arena of its own, in which lines on standard input can make bits stick. Flash it has none. */
#include "port.h"

static uint8_t read_cell(void *memory, uint16_t at) {
  const posix_board *board = memory;
  return (uint8_t)((board->ram[at] | board->stuck_high[at]) & ~board->stuck_low[at]);
}

static void write_cell(void *memory, uint16_t at, uint8_t byte) {
  posix_board *board = memory;
  board->ram[at] = byte;
}

uint32_t cc_hal_flash_bytes(cc_context *c) {
  (void)c;
  return 0;
}

uint32_t cc_hal_flash_crc(cc_context *c, uint32_t from, uint16_t length) {
  (void)c;
  (void)from;
  (void)length;
  return 0;
}

uint16_t cc_hal_ram_bytes(cc_context *c) {
  (void)c;
  return PORT_RAM_BYTES;
}

uint8_t cc_hal_march(cc_context *c, uint16_t first, uint16_t second, uint8_t background) {
  return cc_march(c->port, read_cell, write_cell, first, second, background);
}

bool cc_hal_registers_work(cc_context *c) {
  const posix_board *board = c->port;
  return !board->wrong_registers;
}

bool posix_stick(posix_board *board, unsigned at, unsigned bit, unsigned value) {
  if (at >= PORT_RAM_BYTES || bit > 7 || value > 1) return false;
  uint8_t *stuck = value != 0 ? board->stuck_high : board->stuck_low;
  stuck[at] = (uint8_t)(stuck[at] | 1u << bit);
  return true;
}
