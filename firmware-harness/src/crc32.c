#include <string.h>

#include "core.h"

/* Two tables of 16 words instead of one of 256: 128 bytes of flash and no loop over the bits. */
static const uint32_t low_nibble[16] CC_FLASH = {
    0x00000000, 0x77073096, 0xee0e612c, 0x990951ba, 0x076dc419, 0x706af48f, 0xe963a535, 0x9e6495a3,
    0x0edb8832, 0x79dcb8a4, 0xe0d5e91e, 0x97d2d988, 0x09b64c2b, 0x7eb17cbd, 0xe7b82d07, 0x90bf1d91,
};
static const uint32_t high_nibble[16] CC_FLASH = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

uint32_t cc_crc_bytes(uint32_t crc, const void *bytes, uint16_t length) {
  const uint8_t *at = bytes;
  while (length-- > 0) {
    const uint8_t byte = (uint8_t)(*at++ ^ (uint8_t)crc);
    crc = (crc >> 8) ^ CC_FLASH_U32(&low_nibble[byte & 15]) ^ CC_FLASH_U32(&high_nibble[byte >> 4]);
  }
  return crc;
}

uint32_t cc_crc_byte(uint32_t crc, uint8_t byte) { return cc_crc_bytes(crc, &byte, sizeof byte); }

/* In the order of the wire, which is the processor's own (bytes.h). */
uint32_t cc_crc_u32(uint32_t crc, uint32_t value) { return cc_crc_bytes(crc, &value, sizeof value); }

uint32_t cc_crc_text(const char *text) { return ~cc_crc_bytes(CC_CRC_BEGIN, text, (uint16_t)strlen(text)); }
