/* Drives the C codec with the shared vectors: one line in, one line out (tools/test-firmware.mjs compares).
 *   frame HEX           what stands between two delimiters -> name, header, fields, and the frame packed again; or rejected
 *   exchange SEQ HEX    an input with this payload, pair time SEQ * 100, through the test sketch -> its three hashes */
#include <stdlib.h>
#include <string.h>

#include "../fake-board.h"
#include "../messages-text.generated.h"

static uint8_t bytes_of(const char *hex, uint8_t *into, size_t room) {
  size_t length = 0;
  unsigned byte;
  while (length < room && sscanf(hex + 2 * length, "%2x", &byte) == 1) into[length++] = (uint8_t)byte;
  return (uint8_t)length;
}

static void frame(const char *hex) {
  uint8_t encoded[256];
  const uint8_t length = bytes_of(hex, encoded, sizeof encoded - 1);
  cc_frame received;
  if (length > CC_ENCODED_BYTES || !cc_frame_open(encoded, length, &received)) {
    printf("rejected\n");
    return;
  }
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *body = cc_frame_begin(wire, received.type, received.session, received.seq);
  uint8_t *end = describe_body(received.type, received.body, received.end, body);
  if (end == NULL) {
    printf("rejected\n");
    return;
  }
  const uint8_t wire_length = cc_frame_end(wire, end);
  printf(" session=%u seq=%lu wire=", received.session, (unsigned long)received.seq);
  for (uint8_t i = 0; i < wire_length; i++) printf("%02x", wire[i]);
  printf("\n");
}

static void exchange(uint32_t seq, const char *hex) {
  static fake_board board;
  char payload[CC_MAX_PAYLOAD + 1] = {0};
  bytes_of(hex, (uint8_t *)payload, CC_MAX_PAYLOAD);
  board_open(&board);
  give_input(&board, seq, payload);
  board_run(&board, 0);
  const cc_slot *slot = cc_kept(&board.context, seq);
  if (slot == NULL) {
    printf("rejected\n");
    return;
  }
  printf("inputCrc=%lu digest=%lu resultHash=%lu\n", (unsigned long)slot->input_crc, (unsigned long)slot->result.digest,
         (unsigned long)slot->result.hash);
}

int main(void) {
  char line[1024];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char hex[1000] = "";
    unsigned long seq;
    if (sscanf(line, "exchange %lu %999s", &seq, hex) >= 1) {
      exchange((uint32_t)seq, hex);
    } else {
      if (sscanf(line, "frame %999s", hex) < 1) hex[0] = '\0';
      frame(hex);
    }
  }
  return 0;
}
