/* A board in memory: any number of them in one process, with a clock, pins and a line that the test holds in its hands. */
#ifndef COPYCAT_TEST_FAKE_BOARD_H
#define COPYCAT_TEST_FAKE_BOARD_H

#include <stddef.h>

#include "../src/core.h"

enum { PIN_A = 9, PIN_B = 8, PIN_TEMP = 14, LEVEL_A = 0, LEVEL_B = 1, SAFE_A = 3, SAFE_B = 1 };

/* What can be wrong with RAM: a bit keeps one value, or cannot change to one; it takes a value, or the other one, when
 * another bit changes to one; an address line does nothing. */
typedef struct {
  enum { NO_RAM_FAULT, STUCK, NO_CHANGE, COUPLED, INVERTED, LINE_LOW, LINE_HIGH } kind;
  uint16_t at;
  uint8_t bit;
  bool value;
  uint16_t by_at;
  uint8_t by_bit;
  bool by_value;
  uint8_t line;
} ram_fault;

enum { FAKE_RAM_BYTES = 2048 };

typedef struct {
  cc_context context;
  uint32_t now_ms;
  uint8_t rx[65536];
  size_t rx_from;
  size_t rx_to;
  uint8_t tx[65536];
  size_t tx_from;
  size_t tx_to;
  bool tx_blocked;
  int16_t levels[20];
  int32_t readings[20];
  uint8_t ram[FAKE_RAM_BYTES];
  uint16_t ram_bytes;
  ram_fault fault;
  unsigned marched[FAKE_RAM_BYTES]; /* how often each cell was */
  const uint8_t *flash;
  uint32_t flash_bytes;
  bool cpu_fault;
  unsigned level_writes;
  unsigned restarts;
  unsigned calls; /* of on_input */
  unsigned largest_receive; /* bytes taken by one cc_poll */
  struct {
    uint32_t sum;
    uint32_t pair_time_ms;
  } state;
} fake_board;

/* What a board said; body points into `bytes`. */
typedef struct {
  cc_frame frame;
  uint8_t bytes[CC_ENCODED_BYTES];
} said;

/* A board after setup, in session 0, its first HELLO not yet sent. The sketch: the first payload byte adds to the sum,
 * the second is what to do (see fake-board.c), the third its argument. */
void board_begin(fake_board *b, uint32_t boot);
/* The same, opened in session 1 and with everything it said taken. */
void board_open(fake_board *b);
/* Polls until there is nothing to do, then lets `ms` pass one by one. */
void board_run(fake_board *b, uint32_t ms);
void board_use(fake_board *b);

void give_bytes(fake_board *b, const void *bytes, size_t length);
void give_simple(fake_board *b, uint8_t type, uint8_t session, uint32_t seq);
void give_open(fake_board *b, uint8_t new_session, uint8_t was_session, uint32_t boot, bool resume);
void give_input(fake_board *b, uint32_t seq, const char *payload);
void give_observed(fake_board *b, uint32_t seq, const char *payload, int32_t observed);
void give_at(fake_board *b, uint32_t seq, const char *payload, uint32_t position);
void give_flagged(fake_board *b, uint32_t seq, const char *payload, uint8_t flags);
void give_commit(fake_board *b, uint32_t seq, uint32_t hash);
void give_violation(fake_board *b, uint32_t seq, uint8_t reason);
void give_state_get(fake_board *b, uint16_t offset);
void give_state_put(fake_board *b, uint16_t offset, const void *data, uint8_t length, bool last, uint32_t count);
void give_self_test(fake_board *b, uint16_t slice);

/* The next thing the board said; false when there is none. */
bool take(fake_board *b, said *s);
/* Takes everything; how many were of `type`; the last of those in *s when it is not NULL. */
unsigned take_all(fake_board *b, uint8_t type, said *s);
/* Takes everything up to a RESULT's last part; its hash as a gateway computes it, 0 when there was none. */
uint32_t take_result(fake_board *b, uint32_t seq, cc_result_message *last);

#endif
