/* A state of several variables (state.h), dealt with as if they lay one behind the other, in the order of their names. */
#include <string.h>

#include "core.h"

static uint32_t access_pieces(const cc_context *c, uint8_t how, uint16_t offset, uint8_t *bytes, uint16_t length) {
  uint32_t crc = CC_CRC_BEGIN;
  for (const cc_piece *entry = c->state; length > 0; entry++) {
    cc_piece piece;
    CC_FLASH_COPY(&piece, entry, sizeof piece);
    if (offset >= piece.bytes) {
      offset = (uint16_t)(offset - piece.bytes);
      continue;
    }
    uint8_t *at = (uint8_t *)piece.at + offset;
    uint16_t here = (uint16_t)(piece.bytes - offset);
    if (here > length) here = length;
    if (how == CC_STATE_SUM) {
      crc = cc_crc_bytes(crc, at, here);
    } else if (how == CC_STATE_READ) {
      memcpy(bytes, at, here);
    } else {
      memcpy(at, bytes, here);
    }
    if (how != CC_STATE_SUM) bytes += here;
    length = (uint16_t)(length - here);
    offset = 0;
  }
  return crc;
}

/* Types and names are the layout; where the variables lie is nobody's business. */
static uint32_t layout_of(const cc_piece *pieces, uint8_t count, const char *names) {
  uint32_t crc = CC_CRC_BEGIN;
  for (uint8_t i = 0; i < count; i++) {
    cc_piece piece;
    CC_FLASH_COPY(&piece, pieces + i, sizeof piece);
    crc = cc_crc_byte(crc, piece.type);
    crc = cc_crc_byte(crc, (uint8_t)piece.bytes);
    crc = cc_crc_byte(crc, (uint8_t)(piece.bytes >> 8));
  }
  for (uint8_t letter; (letter = CC_FLASH_U8((const uint8_t *)names)) != '\0'; names++) crc = cc_crc_byte(crc, letter);
  return ~crc;
}

void cc_state_pieces(const cc_piece *pieces, uint8_t count, const char *names) {
  cc_context *c = cc_used();
  uint16_t bytes = 0; /* CC_STATE does not compile with more than 65535 */
  for (uint8_t i = 0; i < count; i++) {
    cc_piece piece;
    CC_FLASH_COPY(&piece, pieces + i, sizeof piece);
    bytes = (uint16_t)(bytes + piece.bytes);
  }
  if (!cc_register_state(c, (void *)pieces, bytes)) return;
  c->access_pieces = access_pieces;
  c->layout = layout_of(pieces, count, names);
}
