#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;

static bool crc_is_the_known_one(void) {
  CHECK(cc_crc_text("123456789") == 0xcbf43926u);
  CHECK(cc_crc_text("") == 0);
  return true;
}

static bool cobs_round_trip(void) {
  uint8_t buffer[64];
  for (unsigned length = 0; length <= 61; length++) {
    for (unsigned pattern = 0; pattern < 4; pattern++) {
      uint8_t original[61];
      for (unsigned i = 0; i < length; i++) original[i] = (uint8_t)(pattern == 0 ? 0 : pattern == 1 ? 255 : i % (pattern + 1));
      memcpy(buffer + 1, original, length);
      cc_cobs_encode(buffer, buffer + 1 + length);
      CHECK(memchr(buffer, 0, length + 1) == NULL);
      CHECK(cc_cobs_decode(buffer, (uint8_t)(length + 1)));
      CHECK(memcmp(buffer + 1, original, length) == 0);
    }
  }
  return true;
}

/* One frame of every length the wire allows. */
static uint8_t frame_of(uint8_t *wire, uint8_t payload_length) {
  uint8_t payload[CC_MAX_PAYLOAD];
  for (uint8_t i = 0; i < sizeof payload; i++) payload[i] = (uint8_t)(i * 37 % 5);
  const cc_input_message input = {.pair_time_ms = 1000, .payload = payload, .payload_length = payload_length};
  return cc_frame_end(wire, cc_pack_input(cc_frame_begin(wire, CC_INPUT, 1, 1), &input));
}

static bool every_single_bit_corruption_is_rejected(void) {
  for (uint8_t payload_length = 0; payload_length <= CC_MAX_PAYLOAD; payload_length += 15) {
    uint8_t wire[CC_WIRE_BYTES];
    const uint8_t length = frame_of(wire, payload_length);
    for (unsigned bit = 0; bit < length * 8u; bit++) {
      board_open(&a);
      uint8_t broken[CC_WIRE_BYTES];
      memcpy(broken, wire, length);
      broken[bit / 8] ^= (uint8_t)(1u << bit % 8);
      give_bytes(&a, broken, length);
      give_bytes(&a, "", 1);
      board_run(&a, 0);
      /* A flipped opening delimiter only adds a byte before the frame, a flipped closing one is made good above. */
      CHECK(a.calls == 0 || bit / 8 == length - 1u);
      CHECK(a.calls + a.context.bad_frames > 0 || bit / 8 == 0);
    }
  }
  return true;
}

static bool a_lost_byte_is_rejected(void) {
  uint8_t wire[CC_WIRE_BYTES];
  const uint8_t length = frame_of(wire, 20);
  for (uint8_t lost = 1; lost + 1 < length; lost++) {
    board_open(&a);
    give_bytes(&a, wire, lost);
    give_bytes(&a, wire + lost + 1, (size_t)(length - lost - 1));
    board_run(&a, 0);
    CHECK(a.calls == 0);
    CHECK(a.context.bad_frames == 1);
  }
  return true;
}

static uint32_t random_state = 1;
static uint8_t random_byte(void) {
  random_state = random_state * 1664525u + 1013904223u;
  return (uint8_t)(random_state >> 24);
}

static bool garbage_at_full_speed_costs_nothing_but_count(void) {
  board_open(&a);
  for (unsigned round = 0; round < 50; round++) {
    for (unsigned i = 0; i < 5000; i++) {
      const uint8_t byte = random_byte();
      give_bytes(&a, &byte, 1);
    }
    board_run(&a, 1);
  }
  CHECK(a.calls == 0);
  CHECK(a.context.bad_frames > 500);
  CHECK(a.largest_receive <= CC_POLL_BYTES);
  give_bytes(&a, "", 1); /* ends the garbage; the next frame is whole */
  give_input(&a, 1, "\x05");
  board_run(&a, 1);
  CHECK(a.calls == 1);
  return true;
}

static bool a_line_without_delimiter_costs_one_frame(void) {
  board_open(&a);
  uint8_t endless[30000];
  memset(endless, 0x55, sizeof endless);
  give_bytes(&a, endless, sizeof endless);
  board_run(&a, 1);
  CHECK(a.context.received == CC_ENCODED_BYTES);
  CHECK(a.largest_receive == CC_POLL_BYTES);
  give_bytes(&a, "", 1);
  board_run(&a, 0);
  CHECK(a.context.bad_frames == 1);
  give_input(&a, 1, "\x05");
  board_run(&a, 1);
  CHECK(a.calls == 1);
  return true;
}

static bool a_frame_with_more_behind_it_is_too_long(void) {
  board_open(&a);
  uint8_t wire[CC_WIRE_BYTES + 1];
  const uint8_t length = frame_of(wire, CC_MAX_PAYLOAD);
  CHECK(length == CC_WIRE_BYTES);
  wire[length - 1] = 1;
  wire[length] = CC_DELIMITER;
  give_bytes(&a, wire, sizeof wire);
  board_run(&a, 0);
  CHECK(a.calls == 0 && a.context.bad_frames == 1);
  return true;
}

static bool malformed_bodies_are_dropped(void) {
  const uint8_t bodies[][3] = {{CC_INPUT, 0, 0}, {CC_COMMIT, 1, 0}, {CC_WAIT, 1, 0}, {CC_VIOLATION, 0, 0}, {CC_STATE_GET, 1, 0}, {CC_SELFTEST, 1, 0}, {CC_RESET, 1, 0}, {77, 0, 0}, {CC_RESULT, 0, 0}};
  for (unsigned i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    board_open(&a);
    uint8_t wire[CC_WIRE_BYTES];
    uint8_t *at = cc_frame_begin(wire, bodies[i][0], 1, 5);
    for (uint8_t extra = 0; extra < bodies[i][1]; extra++) at = cc_put_u8(at, 9);
    give_bytes(&a, wire, cc_frame_end(wire, at));
    board_run(&a, 1);
    CHECK(a.context.bad_frames == 1);
    CHECK(a.calls == 0 && a.restarts == 0 && a.context.failed_reason == CC_FAILED_REASON_NONE);
    CHECK(a.tx_from == a.tx_to);
  }
  return true;
}

static bool too_long_lists_are_malformed(void) {
  board_open(&a);
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_INPUT, 1, 1);
  at = cc_put_u8(at, CC_INPUT_OBSERVED_GIVEN);
  at = cc_put_u32(at, 0);
  at = cc_put_u32(at, 0);
  at = cc_put_u8(at, CC_MAX_OBSERVED + 1);
  for (uint8_t i = 0; i <= CC_MAX_OBSERVED; i++) at = cc_put_u32(at, i);
  give_bytes(&a, wire, cc_frame_end(wire, at));
  board_run(&a, 1);
  CHECK(a.calls == 0 && a.context.bad_frames == 1);
  return true;
}

TEST_LIST(frame_tests, {"CRC-32 gives the known check value", crc_is_the_known_one},
          {"COBS gives back every length and pattern and leaves no zero", cobs_round_trip},
          {"every single-bit corruption of a frame is rejected", every_single_bit_corruption_is_rejected},
          {"a frame that lost a byte is rejected", a_lost_byte_is_rejected},
          {"garbage at full speed is counted, bounded a poll, and heals", garbage_at_full_speed_costs_nothing_but_count},
          {"a line that never sends a delimiter costs one frame of memory", a_line_without_delimiter_costs_one_frame},
          {"the longest frame with one byte more is too long, not cut", a_frame_with_more_behind_it_is_too_long},
          {"malformed bodies and unknown types are dropped and counted", malformed_bodies_are_dropped},
          {"a list longer than the table allows is malformed", too_long_lists_are_malformed});
