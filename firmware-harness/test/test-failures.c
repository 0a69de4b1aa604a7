#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;
static fake_board b;

static uint32_t executed(fake_board *board, uint32_t seq, const char *payload) {
  give_input(board, seq, payload);
  board_run(board, 0);
  return take_result(board, seq, NULL);
}

static bool failed_with(uint8_t reason) {
  said s;
  cc_failed_message failed;
  if (take_all(&a, CC_FAILED, &s) == 0 || !cc_unpack_failed(s.frame.body, s.frame.end, &failed)) return false;
  return failed.reason == reason && a.levels[PIN_A] == SAFE_A && a.levels[PIN_B] == SAFE_B;
}

static bool flipped_state_is_failed(void) {
  for (unsigned bit = 0; bit < 8 * sizeof a.state; bit++) {
    board_open(&a);
    give_commit(&a, 1, executed(&a, 1, "\x05w\x40"));
    board_run(&a, 0);
    ((uint8_t *)&a.state)[bit / 8] ^= (uint8_t)(1u << bit % 8);
    give_input(&a, 2, "\x05w\x50");
    board_run(&a, 0);
    CHECK(a.calls == 1); /* before an input, not after */
    CHECK(failed_with(CC_FAILED_REASON_STATE_CORRUPT));
  }
  return true;
}

static bool changed_output_is_failed(void) {
  board_open(&a);
  give_commit(&a, 1, executed(&a, 1, "\x05w\x40"));
  board_run(&a, 0);
  a.levels[PIN_A] ^= 4;
  give_input(&a, 2, "\x05w\x50");
  board_run(&a, 0);
  CHECK(a.calls == 1);
  CHECK(failed_with(CC_FAILED_REASON_OUTPUT_CORRUPT));
  return true;
}

static bool probes_check_too(void) {
  board_open(&a);
  a.state.sum = 1;
  give_flagged(&a, 1, "", CC_INPUT_PROBE);
  board_run(&a, 0);
  CHECK(failed_with(CC_FAILED_REASON_STATE_CORRUPT));
  return true;
}

static bool corrupt_state_is_not_given_out(void) {
  board_open(&a);
  a.state.sum = 1;
  give_state_get(&a, 0);
  board_run(&a, 0);
  CHECK(failed_with(CC_FAILED_REASON_STATE_CORRUPT));
  return true;
}

static bool violation_locks_out(void) {
  board_open(&a);
  const uint32_t hash = executed(&a, 1, "\x01w\x40");
  give_commit(&a, 1, hash);
  const uint32_t second = executed(&a, 2, "\x01w\x50");
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x40);
  give_violation(&a, 1, 3);
  board_run(&a, 0);
  CHECK(failed_with(CC_FAILED_REASON_VIOLATION));
  const unsigned writes = a.level_writes;
  for (unsigned i = 0; i < 5; i++) {
    if (i == 0) give_commit(&a, 2, second);
    if (i == 1) give_input(&a, 3, "\x01w\x60");
    if (i == 2) give_open(&a, 2, 1, 0xb007, true);
    if (i == 3) give_simple(&a, CC_WAIT, 1, 2);
    if (i == 4) give_state_put(&a, 0, "12345678", 8, true, 9);
    board_run(&a, 0);
    CHECK(failed_with(CC_FAILED_REASON_VIOLATION));
  }
  board_run(&a, 6000);
  CHECK(a.level_writes == writes && a.calls == 2 && a.context.session == 1);
  CHECK(a.tx_from == a.tx_to); /* and it says nothing unasked */
  give_simple(&a, CC_HELLO_REQ, 0, 0);
  board_run(&a, 0);
  said s;
  cc_hello_message hello;
  CHECK(take_all(&a, CC_HELLO, &s) == 1 && cc_unpack_hello(s.frame.body, s.frame.end, &hello));
  CHECK((hello.flags & ~CC_HELLO_REPLAYS) == CC_HELLO_FAILED);
  give_simple(&a, CC_RESET, 1, 0);
  board_run(&a, 0);
  CHECK(a.restarts == 1);
  return true;
}

static bool violation_reaches_a_parked_board(void) {
  board_open(&a);
  board_run(&a, 5100);
  CHECK(a.context.parked);
  give_violation(&a, 0, 1);
  board_run(&a, 0);
  CHECK(failed_with(CC_FAILED_REASON_VIOLATION));
  return true;
}

static bool local_failure_is_safe_at_once(void) {
  board_open(&a);
  give_commit(&a, 1, executed(&a, 1, "\x01w\x40"));
  board_run(&a, 0);
  cc_fail(CC_FAILED_REASON_LOCAL_TRIP, 2240);
  CHECK(a.levels[PIN_A] == SAFE_A);
  board_run(&a, 0);
  CHECK(failed_with(CC_FAILED_REASON_LOCAL_TRIP));
  cc_fail(CC_FAILED_REASON_APPLICATION, 1); /* the first reason is the one that counts */
  give_input(&a, 2, "\x01");
  board_run(&a, 0);
  CHECK(failed_with(CC_FAILED_REASON_LOCAL_TRIP));
  return true;
}

static bool failing_in_an_input_gives_no_result(void) {
  board_open(&a);
  give_input(&a, 1, "\x01" "f\x09");
  board_run(&a, 300);
  said s;
  CHECK(take(&a, &s) && s.frame.type == CC_FAILED);
  CHECK(!take(&a, &s));
  CHECK(a.context.execution_count == 0);
  return true;
}

static bool reset_restarts(void) {
  board_open(&a);
  give_simple(&a, CC_RESET, 7, 0);
  board_run(&a, 0);
  CHECK(a.restarts == 0);
  give_simple(&a, CC_RESET, 1, 0);
  board_run(&a, 0);
  CHECK(a.restarts == 1);
  CHECK(!cc_poll());
  return true;
}

/* Reads the state of `from` as a gateway would. */
static bool read_state(fake_board *from, uint8_t *into, cc_state_message *state) {
  give_state_get(from, 0);
  board_run(from, 0);
  said s;
  if (take_all(from, CC_STATE, &s) != 1 || !cc_unpack_state(s.frame.body, s.frame.end, state)) return false;
  memcpy(into, state->data, state->data_length);
  return true;
}

static bool state_moves_to_another_board(void) {
  board_open(&a);
  board_open(&b);
  give_commit(&b, 6, executed(&b, 6, "\x09w\x11"));
  board_run(&b, 0);
  take_all(&b, CC_DONE, NULL);
  give_open(&b, 2, 1, 0xb007, false);
  board_run(&b, 0);
  take_all(&b, CC_HELLO, NULL);
  for (uint32_t seq = 1; seq <= 5; seq++) give_commit(&a, seq, executed(&a, seq, "\x05w\x4d"));
  board_run(&a, 0);
  take_all(&a, CC_DONE, NULL);
  uint8_t bytes[64];
  cc_state_message state;
  CHECK(read_state(&a, bytes, &state));
  CHECK(state.flags == CC_STATE_LAST && state.data_length == sizeof a.state && state.execution_count == 5);
  CHECK(state.outputs[LEVEL_A] == 0x4d);
  give_state_put(&b, 0, bytes, 5, false, 5);
  board_run(&b, 0);
  CHECK(take_all(&b, CC_STATE, NULL) == 0);
  give_state_put(&b, 5, bytes + 5, 3, true, 5);
  board_run(&b, 0);
  said s;
  cc_state_message answer;
  CHECK(take_all(&b, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &answer));
  CHECK((answer.flags & CC_STATE_ACCEPTED) && answer.digest == state.digest && answer.execution_count == 5);
  CHECK(cc_kept(&b.context, 6) == NULL); /* what it did before has nothing to do with this state */
  CHECK(b.levels[PIN_A] == 77); /* the one exception to R7: the levels come with the state */
  cc_result_message result;
  give_input(&b, 6, "\x05w\x22");
  give_input(&a, 6, "\x05w\x22");
  board_run(&a, 0);
  board_run(&b, 0);
  CHECK(take_result(&b, 6, &result) == take_result(&a, 6, NULL) && result.execution_count == 6);
  return true;
}

/* Gives the last chunk and tells what the board makes of it. */
static bool put_last(cc_state_message *answer, uint16_t offset, const char *data, uint8_t length, uint32_t count) {
  give_state_put(&b, offset, data, length, true, count);
  board_run(&b, 0);
  said s;
  return take_all(&b, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, answer);
}

static bool a_repeated_end_is_answered_the_same(void) {
  board_open(&b);
  cc_state_message first;
  cc_state_message again;
  give_state_put(&b, 0, "12345", 5, false, 9);
  CHECK(put_last(&first, 5, "678", 3, 9) && first.flags == (CC_STATE_ACCEPTED | CC_STATE_LAST));
  CHECK(first.offset == 8 && first.execution_count == 9 && first.outputs[LEVEL_A] == 77);
  CHECK(put_last(&again, 5, "678", 3, 9)); /* its answer was lost */
  CHECK(again.flags == first.flags && again.offset == first.offset && again.digest == first.digest);
  const uint32_t hash = executed(&b, 1, "\x05w\x21");
  give_commit(&b, 1, hash);
  board_run(&b, 0);
  take_all(&b, CC_DONE, NULL);
  CHECK(put_last(&again, 5, "678", 3, 9) && again.flags == CC_STATE_BUSY); /* it has gone on since */
  give_state_put(&b, 0, "12345", 5, false, 9); /* the whole once more, late: nothing of it is taken */
  CHECK(put_last(&again, 5, "678", 3, 9) && again.flags == CC_STATE_BUSY && !b.context.state_torn);
  CHECK(b.context.execution_count == 10 && b.levels[PIN_A] == 0x21);
  return true;
}

static bool another_end_is_not_a_repeat(void) {
  const struct {
    uint16_t offset;
    const char *data;
    uint8_t length;
    uint32_t count;
  } ends[] = {{5, "678", 3, 8}, {5, "679", 3, 9}, {6, "678", 2, 9}, {6, "78", 1, 9}};
  for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    board_open(&b);
    cc_state_message answer;
    give_state_put(&b, 0, "12345", 5, false, 9);
    CHECK(put_last(&answer, 5, "678", 3, 9) && (answer.flags & CC_STATE_ACCEPTED));
    CHECK(put_last(&answer, ends[i].offset, ends[i].data, ends[i].length, ends[i].count) && answer.flags == 0);
    CHECK(memcmp(&b.state, "12345678", 8) == 0 && b.context.execution_count == 9);
  }
  return true;
}

static bool a_lost_begin_is_told(void) {
  board_open(&b);
  cc_state_message answer;
  CHECK(put_last(&answer, 0, "12345678", 8, 9) && (answer.flags & CC_STATE_ACCEPTED));
  CHECK(put_last(&answer, 5, "xyz", 3, 9)); /* of another transfer, whose first chunk was lost */
  CHECK(answer.flags == 0 && answer.offset == 0 && memcmp(&b.state, "12345678", 8) == 0);
  return true;
}

static bool torn_state_serves_nothing(void) {
  board_open(&b);
  give_state_put(&b, 0, "12345", 5, false, 9);
  give_input(&b, 1, "\x01");
  board_run(&b, 0);
  CHECK(b.calls == 0 && b.context.failed_reason == CC_FAILED_REASON_NONE);
  give_state_put(&b, 6, "78", 2, true, 9); /* a byte is missing */
  board_run(&b, 0);
  said s;
  cc_state_message answer;
  CHECK(take_all(&b, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &answer));
  CHECK(!(answer.flags & CC_STATE_ACCEPTED) && answer.offset == 5);
  give_state_put(&b, 5, "678", 3, true, 9);
  give_input(&b, 1, "\x01");
  board_run(&b, 0);
  CHECK(b.calls == 1 && b.context.execution_count == 10);
  return true;
}

static bool state_stays_inside_its_bounds(void) {
  board_open(&b);
  give_state_put(&b, 0, "123456789", 9, true, 1); /* one more than there is */
  board_run(&b, 0);
  CHECK(b.state.sum == 0 && b.context.execution_count == 0);
  said s;
  cc_state_message answer;
  CHECK(take_all(&b, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &answer));
  CHECK(answer.flags == 0);
  give_state_get(&b, 60000);
  board_run(&b, 0);
  CHECK(take_all(&b, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &answer));
  CHECK(answer.data_length == 0 && answer.flags == 0);
  CHECK(executed(&b, 1, "\x01") != 0);
  return true;
}

static bool busy_board_gives_no_state(void) {
  board_open(&a);
  const uint32_t hash = executed(&a, 1, "\x05");
  cc_state_message state;
  uint8_t bytes[64];
  CHECK(read_state(&a, bytes, &state));
  CHECK(state.flags == CC_STATE_BUSY && state.data_length == 0);
  give_state_put(&a, 0, "12345678", 8, true, 1);
  board_run(&a, 0);
  CHECK(a.context.execution_count == 1 && a.state.sum == 5);
  take_all(&a, CC_STATE, NULL);
  give_commit(&a, 1, hash);
  CHECK(read_state(&a, bytes, &state) && state.flags == CC_STATE_LAST);
  return true;
}

TEST_LIST(failure_tests, {"R29: any flipped bit of the state is FAILED before the next input runs", flipped_state_is_failed},
          {"R29: an output register that changed by itself is FAILED", changed_output_is_failed},
          {"R29: a probe checks as an input does", probes_check_too},
          {"R29: corrupted state is not given out", corrupt_state_is_not_given_out, NEEDS_STATE_TRANSFER},
          {"R11: VIOLATION locks out: safe levels, FAILED to everything, HELLO and RESET excepted", violation_locks_out},
          {"R11: VIOLATION reaches a parked board", violation_reaches_a_parked_board},
          {"R7: a local failure takes the safe levels at once and keeps its first reason", local_failure_is_safe_at_once},
          {"R4: an input during which the board fails has no result", failing_in_an_input_gives_no_result},
          {"RESET of its own session restarts the board", reset_restarts},
          {"R25: state, execution count and levels move to another board, which then computes the same", state_moves_to_another_board, NEEDS_STATE_TRANSFER},
          {"R25: a board in the middle of a state transfer serves nothing", torn_state_serves_nothing, NEEDS_STATE_TRANSFER},
          {"R25: a repeated last chunk is answered the same, until something was executed", a_repeated_end_is_answered_the_same, NEEDS_STATE_TRANSFER},
          {"R25: another last chunk is no repeat and changes nothing", another_end_is_not_a_repeat, NEEDS_STATE_TRANSFER},
          {"R25: a transfer whose first chunk was lost is told to begin at 0", a_lost_begin_is_told, NEEDS_STATE_TRANSFER},
          {"R25: chunks stay inside the state", state_stays_inside_its_bounds, NEEDS_STATE_TRANSFER},
          {"R25: a board with work in hand neither gives nor takes state", busy_board_gives_no_state, NEEDS_STATE_TRANSFER});
