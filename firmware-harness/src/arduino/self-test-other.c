/* Processors other than AVR: of their memories nothing is known here, so only arithmetic is tested. */
#if defined(ARDUINO) && !defined(__AVR__)
#include "../core.h"

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
  return 0;
}

uint8_t cc_hal_march(cc_context *c, uint16_t first, uint16_t second, uint8_t background) {
  (void)c;
  (void)first;
  (void)second;
  (void)background;
  return CC_CELLS_WORK;
}

bool cc_hal_registers_work(cc_context *c) {
  (void)c;
  return true;
}
#endif
