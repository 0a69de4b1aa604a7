/* Runs the heater as a board does, one line an input: `PAYLOAD-HEX|- ADC` -> `BODY-HEX FLAGS DIGEST DUTY TRIP`; of several
 * parts the bodies are separated by commas, and the flags are the last one's. */
#include <stdio.h>
#include <string.h>

#include "../fake-board.h"

void setup(void);

static fake_board board;

static uint8_t bytes_of(const char *hex, uint8_t *into) {
  uint8_t length = 0;
  unsigned byte;
  while (length < CC_MAX_PAYLOAD && sscanf(hex + 2 * length, "%2x", &byte) == 1) into[length++] = (uint8_t)byte;
  return length;
}

static void give(uint32_t seq, const uint8_t *payload, uint8_t length) {
  const cc_input_message input = {.pair_time_ms = seq, .payload = payload, .payload_length = length};
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *end = cc_pack_input(cc_frame_begin(wire, CC_INPUT, 1, seq), &input);
  give_bytes(&board, wire, cc_frame_end(wire, end));
}

int main(void) {
  board.context.port = &board;
  board_use(&board);
  setup();
  give_open(&board, 1, 0, 0, false);
  board_run(&board, 0);
  take_all(&board, CC_HELLO, NULL);
  char hex[200];
  int adc;
  for (uint32_t seq = 1; scanf("%199s %d", hex, &adc) == 2; seq++) {
    uint8_t payload[CC_MAX_PAYLOAD];
    board.readings[PIN_TEMP] = adc;
    give(seq, payload, bytes_of(hex, payload));
    board_run(&board, 0);
    said s;
    cc_result_message result;
    for (char before = 'x';; before = ',') {
      if (!take(&board, &s) || !cc_unpack_result(s.frame.body, s.frame.end, &result)) return 1;
      putchar(before);
      for (uint8_t i = 0; i < result.body_length; i++) printf("%02x", result.body[i]);
      if (result.flags & CC_RESULT_LAST) break;
    }
    give_commit(&board, seq, cc_kept(&board.context, seq)->result.hash);
    board_run(&board, 0);
    if (take_all(&board, CC_DONE, NULL) != 1) return 1;
    printf(" %u %lu %d %d\n", result.flags, (unsigned long)result.digest, board.levels[9], board.levels[8]);
  }
  return 0;
}
