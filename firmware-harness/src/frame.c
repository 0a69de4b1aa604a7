#include "core.h"

/* On the wire: delimiter, COBS code, header, body, CRC, delimiter. Returns where the body goes. */
uint8_t *cc_frame_begin(uint8_t *wire, uint8_t type, uint8_t session, uint32_t seq) {
  wire[0] = CC_DELIMITER;
  uint8_t *at = cc_put_u8(wire + 2, type);
  at = cc_put_u8(at, session);
  return cc_put_u32(at, seq);
}

/* Returns the frame's length on the wire. */
uint8_t cc_frame_end(uint8_t *wire, uint8_t *body_end) {
  uint8_t *decoded = wire + 2;
  uint8_t *end = cc_put_u32(body_end, ~cc_crc_bytes(CC_CRC_BEGIN, decoded, (uint16_t)(body_end - decoded)));
  cc_cobs_encode(wire + 1, end);
  *end++ = CC_DELIMITER;
  return (uint8_t)(end - wire);
}

/* Decodes what stood between two delimiters, in place; `frame` points into it. */
bool cc_frame_open(uint8_t *encoded, uint8_t length, cc_frame *frame) {
  if (length < 1 + CC_HEADER_BYTES + CC_CRC_BYTES || !cc_cobs_decode(encoded, length)) return false;
  const uint8_t *decoded = encoded + 1;
  frame->body = decoded + CC_HEADER_BYTES;
  frame->end = encoded + length - CC_CRC_BYTES;
  if (~cc_crc_bytes(CC_CRC_BEGIN, decoded, (uint16_t)(frame->end - decoded)) != cc_get_u32(frame->end)) return false;
  frame->type = decoded[0];
  frame->session = decoded[1];
  frame->seq = cc_get_u32(decoded + 2);
  return true;
}

/* Takes received bytes up to the end of a frame, at most CC_POLL_BYTES, so that garbage at full speed holds up nothing
 * else. True when `frame` is whole and its CRC right; it is valid until the next call. */
bool cc_receive(cc_context *c, cc_frame *frame) {
  uint8_t byte;
  for (uint8_t taken = 0; taken < CC_POLL_BYTES && cc_hal_receive(c, &byte); taken++) {
    if (byte != CC_DELIMITER) {
      if (c->received < CC_ENCODED_BYTES) {
        c->frame[c->received++] = byte;
      } else {
        c->overlong = true;
      }
      continue;
    }
    uint8_t length = c->received;
    bool overlong = c->overlong;
    c->received = 0;
    c->overlong = false;
    if (length == 0) continue;
    if (!overlong && cc_frame_open(c->frame, length, frame)) return true;
    c->bad_frames++;
  }
  return false;
}

bool cc_can_send(cc_context *c) { return cc_hal_send_room(c) >= CC_WIRE_BYTES; }

void cc_send(cc_context *c, uint8_t *wire, uint8_t *body_end) { cc_hal_send(c, wire, cc_frame_end(wire, body_end)); }

void cc_send_message(cc_context *c, uint8_t type, uint32_t seq, const void *message, uint16_t shape) {
  uint8_t wire[CC_WIRE_BYTES];
  cc_send(c, wire, cc_pack(cc_frame_begin(wire, type, c->session, seq), message, shape));
}
