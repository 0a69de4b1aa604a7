/* R3: inputs that name their place in the order of execution. */
#include "check.h"
#include "fake-board.h"

static fake_board a;

/* The seqs of the whole results it said since the last call, in order: `count` of them, no more. */
static bool said_results(unsigned count, const uint32_t *seqs) {
  said s;
  unsigned found = 0;
  while (take(&a, &s)) {
    if (s.frame.type != CC_RESULT) continue;
    if (found == count || s.frame.seq != seqs[found]) return false;
    found++;
  }
  return found == count;
}

static uint32_t executed(uint32_t seq, const char *payload, uint32_t position) {
  give_at(&a, seq, payload, position);
  board_run(&a, 0);
  return take_result(&a, seq, NULL);
}

static void done_with(uint32_t seq, uint32_t hash) {
  give_commit(&a, seq, hash);
  board_run(&a, 0);
  take_all(&a, CC_DONE, NULL);
}

static bool runs_at_its_place(void) {
  board_open(&a);
  give_at(&a, 1, "\x01", 1);
  give_at(&a, 2, "\x02", 2);
  board_run(&a, 0);
  CHECK(said_results(2, (const uint32_t[]){1, 2}));
  CHECK(a.context.execution_count == 2);
  return true;
}

static bool waits_for_the_one_before(void) {
  board_open(&a);
  give_at(&a, 1, "\x01w\x10", 2);
  board_run(&a, 500);
  CHECK(a.calls == 0 && said_results(0, NULL));
  CHECK(!cc_poll()); /* what waits keeps nothing awake */
  give_at(&a, 2, "\x02w\x20", 1);
  board_run(&a, 0);
  CHECK(said_results(2, (const uint32_t[]){2, 1}));
  CHECK(cc_kept(&a.context, 2)->result.execution_count == 1 && cc_kept(&a.context, 1)->result.execution_count == 2);
  return true;
}

static bool acts_as_the_places_say(void) {
  board_open(&a);
  give_at(&a, 1, "\x01w\x10", 2);
  give_at(&a, 2, "\x02w\x20", 1);
  board_run(&a, 0);
  give_commit(&a, 1, cc_kept(&a.context, 1)->result.hash);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == SAFE_A);
  give_commit(&a, 2, cc_kept(&a.context, 2)->result.hash);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x10);
  return true;
}

static bool a_gap_is_closed_by_a_repeat(void) {
  board_open(&a);
  done_with(1, executed(1, "\x01", 1));
  give_at(&a, 3, "\x03", 3); /* the one for place 2 was lost */
  give_at(&a, 3, "\x03", 3); /* and this one repeated: it keeps its place and is queued once */
  board_run(&a, 0);
  CHECK(a.calls == 1);
  give_at(&a, 2, "\x02", 2);
  board_run(&a, 0);
  CHECK(said_results(2, (const uint32_t[]){2, 3}));
  give_at(&a, 3, "\x03", 3);
  give_at(&a, 2, "\x02", 2);
  board_run(&a, 0);
  CHECK(a.calls == 3 && a.state.sum == 6);
  CHECK(said_results(2, (const uint32_t[]){3, 2})); /* kept ones are said again, as they are asked for */
  return true;
}

static bool a_place_behind_is_never_given(void) {
  board_open(&a);
  done_with(1, executed(1, "\x01", 1));
  done_with(2, executed(2, "\x01", 2));
  for (uint32_t position = 1; position <= 2; position++) {
    give_at(&a, 3, "\x05", position);
    board_run(&a, 0);
    CHECK(take_all(&a, CC_LOG, NULL) == 1);
    CHECK(a.calls == 2 && !cc_busy(&a.context));
    CHECK(cc_kept(&a.context, 1) != NULL && a.context.highest_seq == 2); /* refused, it has moved nothing */
  }
  CHECK(executed(3, "\x05", 3) != 0);
  give_at(&a, 2, "\x01", 2); /* a kept one is repeated whatever place it names */
  give_at(&a, 2, "\x01", 9);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_RESULT, NULL) >= 1 && a.calls == 3);
  return true;
}

static bool a_place_is_given_once(void) {
  board_open(&a);
  give_at(&a, 1, "\x01", 2);
  give_at(&a, 2, "\x02", 2);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_LOG, NULL) == 1);
  CHECK(cc_kept(&a.context, 1) != NULL && cc_kept(&a.context, 2) == NULL && a.calls == 0);
  give_at(&a, 2, "\x02", 1);
  board_run(&a, 0);
  CHECK(said_results(2, (const uint32_t[]){2, 1}));
  return true;
}

static bool the_last_word_about_a_place_counts(void) {
  board_open(&a);
  give_at(&a, 1, "\x01", 2);
  board_run(&a, 0);
  give_at(&a, 1, "\x01", 1);
  board_run(&a, 0);
  CHECK(said_results(1, (const uint32_t[]){1}));
  give_at(&a, 2, "\x02", 3);
  give_at(&a, 2, "\x02", 1); /* that place is behind: the earlier word stands */
  board_run(&a, 0);
  CHECK(take_all(&a, CC_LOG, NULL) == 1 && a.calls == 1 && cc_kept(&a.context, 2)->result.execution_count == 3);
  give_at(&a, 2, "\x02", 0);
  board_run(&a, 0);
  CHECK(said_results(1, (const uint32_t[]){2}));
  return true;
}

static bool any_place_waits_for_named_ones(void) {
  board_open(&a);
  give_at(&a, 1, "\x01", 2);
  give_at(&a, 2, "\x02", 0);
  board_run(&a, 0);
  CHECK(a.calls == 0); /* at place 1 it would have taken that of an input that is still to come */
  give_at(&a, 1, "\x01", 1);
  board_run(&a, 0);
  CHECK(said_results(2, (const uint32_t[]){1, 2}));
  return true;
}

static bool waiting_is_busy(void) {
  board_open(&a);
  give_at(&a, 1, "\x01", 2);
  for (unsigned i = 0; i < 2; i++) {
    if (i == 0) give_state_get(&a, 0);
    if (i == 1) give_state_put(&a, 0, "12345678", 8, true, 9);
    board_run(&a, 0);
    said s;
    cc_state_message state;
    CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &state));
    CHECK(state.flags == CC_STATE_BUSY && state.data_length == 0);
  }
  CHECK(a.context.execution_count == 0 && a.state.sum == 0);
  return true;
}

static bool resume_forgets_what_waited(void) {
  for (unsigned parked = 0; parked < 2; parked++) {
    board_open(&a);
    give_at(&a, 1, "\x01", 2);
    board_run(&a, parked ? 5100 : 0);
    CHECK(a.context.parked == (parked == 1));
    give_open(&a, 2, 1, 0xb007, true);
    board_run(&a, 300);
    CHECK(a.calls == 0 && cc_kept(&a.context, 1) == NULL && !cc_busy(&a.context));
    give_at(&a, 1, "\x01", 1); /* in this session it has another place */
    board_run(&a, 0);
    CHECK(a.calls == 1 && take_all(&a, CC_RESULT, NULL) == 1);
  }
  return true;
}

static bool fresh_open_forgets_what_waited(void) {
  board_open(&a);
  done_with(1, executed(1, "\x01", 0));
  give_at(&a, 2, "\x01", 3);
  give_open(&a, 2, 1, 0xb007, false);
  board_run(&a, 0);
  CHECK(a.calls == 1 && !cc_busy(&a.context));
  CHECK(executed(2, "\x01", 2) != 0); /* the execution count goes on */
  return true;
}

static bool what_waits_is_not_said_nor_committed(void) {
  board_open(&a);
  give_at(&a, 1, "\x01", 2);
  give_commit(&a, 1, 0);
  give_flagged(&a, 1, "\x01", CC_INPUT_RECALL);
  board_run(&a, 300);
  CHECK(a.calls == 0);
  said s;
  CHECK(take(&a, &s) && s.frame.type == CC_LOG); /* commit before the result */
  CHECK(!take(&a, &s));
  cc_hello_message hello;
  give_simple(&a, CC_HELLO_REQ, 0, 0);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_HELLO, &s) == 1 && cc_unpack_hello(s.frame.body, s.frame.end, &hello));
  CHECK(hello.kept_count == 0 && hello.execution_count == 0);
  return true;
}

static bool all_of_a_window_may_wait(void) {
  board_open(&a);
  for (uint32_t seq = CC_WINDOW; seq >= 2; seq--) give_at(&a, seq, "\x01", seq);
  board_run(&a, 0);
  CHECK(a.calls == 0);
  give_at(&a, 1, "\x01", 1);
  board_run(&a, 0);
  uint32_t order[CC_WINDOW];
  for (uint32_t i = 0; i < CC_WINDOW; i++) order[i] = i + 1;
  CHECK(said_results(CC_WINDOW, order));
  return true;
}

static bool a_state_sets_the_next_place(void) {
  board_open(&a);
  give_state_put(&a, 0, "12345678", 8, true, 40);
  give_at(&a, 5, "\x01", 40);
  give_at(&a, 5, "\x01", 41);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_RESULT, NULL) == 1 && a.calls == 1 && a.context.execution_count == 41);
  return true;
}

TEST_LIST(order_tests, {"R3: inputs with a position run at it", runs_at_its_place, NEEDS_WINDOW_2},
          {"R3: an input with a position waits for the one before it", waits_for_the_one_before, NEEDS_WINDOW_2},
          {"R3: outputs move in the order the positions made", acts_as_the_places_say, NEEDS_WINDOW_2},
          {"R3: a gap is closed by a repeat, and duplicates run once", a_gap_is_closed_by_a_repeat, NEEDS_WINDOW_2},
          {"R3: an input for a place behind is logged and never executed", a_place_behind_is_never_given, NEEDS_TEXTS | NEEDS_WINDOW_2},
          {"R3: one place is given to one input", a_place_is_given_once, NEEDS_TEXTS | NEEDS_WINDOW_2},
          {"R3: a repeat of a waiting input may name another place", the_last_word_about_a_place_counts, NEEDS_TEXTS | NEEDS_WINDOW_2},
          {"R3: an input without a position never takes the place of one that is to come", any_place_waits_for_named_ones, NEEDS_WINDOW_2},
          {"R25: a board with a waiting input is busy", waiting_is_busy, NEEDS_STATE_TRANSFER},
          {"R27: OPEN{resume} forgets what was not executed", resume_forgets_what_waited},
          {"R27: a fresh OPEN forgets what waited and keeps the count", fresh_open_forgets_what_waited},
          {"R3: what waits has no result, and is not kept", what_waits_is_not_said_nor_committed, NEEDS_TEXTS},
          {"R3: all of a window but one may wait", all_of_a_window_may_wait},
          {"R25: after a transferred state the next position is one more than its count", a_state_sets_the_next_place, NEEDS_STATE_TRANSFER});
