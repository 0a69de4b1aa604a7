#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;
static fake_board b;

/* Gives an input, runs it, and returns the hash of its result. */
static uint32_t executed(fake_board *board, uint32_t seq, const char *payload) {
  give_input(board, seq, payload);
  board_run(board, 0);
  return take_result(board, seq, NULL);
}

static bool acts_in_execution_order(void) {
  board_open(&a);
  const uint32_t first = executed(&a, 1, "\x01w\x10");
  const uint32_t second = executed(&a, 2, "\x01w\x20");
  give_commit(&a, 2, second);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == SAFE_A);
  CHECK(take_all(&a, CC_DONE, NULL) == 0);
  give_commit(&a, 1, first);
  board_run(&a, 0);
  said s;
  CHECK(take(&a, &s) && s.frame.type == CC_DONE && s.frame.seq == 1);
  cc_done_message done;
  CHECK(cc_unpack_done(s.frame.body, s.frame.end, &done) && done.read_back[LEVEL_A] == 0x10);
  CHECK(take(&a, &s) && s.frame.type == CC_DONE && s.frame.seq == 2);
  CHECK(cc_unpack_done(s.frame.body, s.frame.end, &done) && done.read_back[LEVEL_A] == 0x20);
  CHECK(a.levels[PIN_A] == 0x20);
  return true;
}

static bool order_is_execution_not_seq(void) {
  board_open(&a);
  const uint32_t two = executed(&a, 2, "\x01w\x20");
  const uint32_t one = executed(&a, 1, "\x01w\x10");
  give_commit(&a, 1, one);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == SAFE_A);
  give_commit(&a, 2, two);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x10); /* executed last, so it stands */
  return true;
}

static bool execution_count_grows_by_one(void) {
  board_open(&a);
  for (uint32_t seq = 1; seq <= 6; seq++) {
    cc_result_message result;
    give_flagged(&a, seq, "\x01", seq == 3 ? CC_INPUT_PROBE : 0);
    board_run(&a, 0);
    const uint32_t hash = take_result(&a, seq, &result);
    CHECK(hash != 0 && result.execution_count == seq);
    give_commit(&a, seq, hash);
    board_run(&a, 0);
  }
  CHECK(a.calls == 5);
  return true;
}

static bool every_input_ends(void) {
  board_open(&a);
  said s;
  cc_result_message result;
  give_input(&a, 1, "");
  board_run(&a, 0);
  CHECK(take(&a, &s) && s.frame.type == CC_RESULT && cc_unpack_result(s.frame.body, s.frame.end, &result));
  CHECK(result.part == 0 && result.flags == CC_RESULT_LAST && result.body_length == 0);
  CHECK(!take(&a, &s));
  give_input(&a, 2, "\x01p\x04");
  board_run(&a, 0);
  for (uint8_t part = 0; part < 4; part++) {
    CHECK(take(&a, &s) && s.frame.seq == 2 && cc_unpack_result(s.frame.body, s.frame.end, &result));
    CHECK(result.part == part && result.body_length == 1 && result.body[0] == part);
    CHECK((result.flags & CC_RESULT_LAST) == (part == 3));
  }
  CHECK(!take(&a, &s));
  return true;
}

static bool rejected_is_a_result(void) {
  board_open(&a);
  cc_result_message result;
  give_input(&a, 1, "\x01x\x40");
  board_run(&a, 0);
  const uint32_t hash = take_result(&a, 1, &result);
  CHECK(result.flags == (CC_RESULT_LAST | CC_RESULT_REJECTED));
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == SAFE_A); /* a rejection stages nothing */
  CHECK(take_all(&a, CC_DONE, NULL) == 1);
  return true;
}

static bool half_a_result_is_none(void) {
  /* A fifth part; more than a slot; a part longer than a frame; a reading more than there is room for. */
  const char *const too_much[] = {"\x01p\x05", "\x01l\x41", CC_LINES == 4 ? "\x01l\x25" : "\x01l\x35",
                                  CC_LINES == 4 ? "\x01r\x05" : "\x01r\x09"};
  for (unsigned i = 0; i < 4; i++) {
    board_open(&a);
    give_input(&a, 1, too_much[i]);
    board_run(&a, 0);
    CHECK(a.context.failed_reason == CC_FAILED_REASON_INTERNAL);
    said s;
    CHECK(take(&a, &s) && s.frame.type == CC_FAILED);
    CHECK(!take(&a, &s));
  }
  board_open(&a);
  CHECK(executed(&a, 1, CC_LINES == 4 ? "\x01l\x24" : "\x01l\x34") != 0); /* 36 bytes, or 52, just fit */
  return true;
}

static bool nothing_moves_before_its_commit(void) {
  board_open(&a);
  const unsigned before = a.level_writes;
  const uint32_t hash = executed(&a, 1, "\x01w\x40");
  board_run(&a, 300);
  CHECK(a.level_writes == before);
  give_commit(&a, 1, hash ^ 1);
  board_run(&a, 0);
  CHECK(a.level_writes == before);
  take_all(&a, CC_DONE, NULL);
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x40);
  return true;
}

static bool commit_of_unknown_seq_moves_nothing(void) {
  board_open(&a);
  give_commit(&a, 1, 0);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == SAFE_A);
  CHECK(take_all(&a, CC_DONE, NULL) == 0);
  return true;
}

static bool repeated_commit_is_done_again(void) {
  board_open(&a);
  const uint32_t hash = executed(&a, 1, "\x01w\x40");
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  const unsigned writes = a.level_writes;
  for (unsigned i = 0; i < 3; i++) {
    take_all(&a, CC_DONE, NULL);
    give_commit(&a, 1, hash);
    board_run(&a, 0);
    said s;
    CHECK(take(&a, &s) && s.frame.type == CC_DONE && s.frame.seq == 1);
    cc_done_message done;
    CHECK(cc_unpack_done(s.frame.body, s.frame.end, &done) && done.flags == 0 && done.read_back[0] == 0x40);
  }
  CHECK(a.level_writes == writes);
  return true;
}

static bool repeated_input_gets_the_kept_result(void) {
  board_open(&a);
  const uint32_t hash = executed(&a, 1, "\x05p\x03");
  give_input(&a, 1, "\x05p\x03");
  board_run(&a, 0);
  CHECK(take_result(&a, 1, NULL) == hash);
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  take_all(&a, CC_DONE, NULL);
  give_input(&a, 1, "\x05p\x03"); /* acted on, and still kept */
  board_run(&a, 0);
  CHECK(take_result(&a, 1, NULL) == hash);
  CHECK(a.calls == 1 && a.state.sum == 5);
  return true;
}

static bool same_seq_with_another_crc_is_not_executed(void) {
  board_open(&a);
  executed(&a, 1, "\x05");
  give_input(&a, 1, "\x06");
  board_run(&a, 0);
  CHECK(a.calls == 1);
  said s;
  CHECK(take(&a, &s) && s.frame.type == CC_LOG && s.frame.seq == 1);
  CHECK(!take(&a, &s));
  return true;
}

static bool old_seqs_are_stale(void) {
  board_open(&a);
  const uint32_t count = CC_WINDOW + 2;
  for (uint32_t seq = 1; seq <= count; seq++) give_commit(&a, seq, executed(&a, seq, "\x01"));
  board_run(&a, 0);
  take_all(&a, CC_DONE, NULL);
  CHECK(a.calls == count);
  for (unsigned round = 0; round < 2; round++) {
    if (round == 0) {
      give_input(&a, 2, "\x01");
    } else {
      give_commit(&a, 1, 0);
    }
    board_run(&a, 0);
    said s;
    cc_done_message done;
    CHECK(take(&a, &s) && s.frame.type == CC_DONE && s.frame.seq == 2 - round);
    CHECK(cc_unpack_done(s.frame.body, s.frame.end, &done) && done.flags == CC_DONE_STALE);
  }
  CHECK(a.calls == count);
  return true;
}

static bool recall_never_executes(void) {
  board_open(&a);
  give_flagged(&a, 9, "\x05", CC_INPUT_RECALL);
  board_run(&a, 0);
  said s;
  CHECK(take(&a, &s) && s.frame.type == CC_DONE && s.frame.seq == 9);
  CHECK(a.calls == 0);
  const uint32_t hash = executed(&a, 1, "\x05");
  CHECK(hash != 0); /* the recall of 9 has not moved the window */
  give_flagged(&a, 1, "what it was is not known any more", CC_INPUT_RECALL);
  board_run(&a, 0);
  CHECK(take_result(&a, 1, NULL) == hash);
  CHECK(a.calls == 1);
  return true;
}

static bool window_is_a_span(void) {
  board_open(&a);
  for (uint32_t seq = 1; seq <= CC_WINDOW; seq++) executed(&a, seq, "\x01");
  give_input(&a, CC_WINDOW + 1, "\x01");
  board_run(&a, 0);
  CHECK(a.calls == CC_WINDOW); /* the next has the place of 1, which is not done */
  CHECK(take_all(&a, CC_LOG, NULL) == 1);
  CHECK(cc_kept(&a.context, 1) != NULL);
  return true;
}

static bool inputs_wait_in_order_of_arrival(void) {
  board_open(&a);
  give_input(&a, 2, "\x02");
  give_input(&a, 1, "\x01");
  board_run(&a, 0);
  said s;
  CHECK(take(&a, &s) && s.frame.seq == 2);
  CHECK(take(&a, &s) && s.frame.seq == 1);
  return true;
}

static bool given_values_are_used_and_own_reported(void) {
  board_open(&a);
  board_open(&b);
  a.readings[PIN_TEMP] = 500;
  b.readings[PIN_TEMP] = 333;
  cc_result_message of_a;
  cc_result_message of_b;
  give_input(&a, 1, "\x01r\x01");
  board_run(&a, 0);
  const uint32_t hash = take_result(&a, 1, &of_a);
  CHECK(of_a.observed_count == 1 && of_a.observed[0] == 500 && a.state.sum == 501);
  give_observed(&b, 1, "\x01r\x01", of_a.observed[0]);
  board_run(&b, 0);
  CHECK(take_result(&b, 1, &of_b) == hash);
  CHECK(of_b.observed[0] == 333 && of_b.input_crc == of_a.input_crc && of_b.digest == of_a.digest);
  CHECK(b.state.sum == 501);
  return true;
}

static bool reads_beyond_the_given_are_own(void) {
  board_open(&a);
  a.readings[PIN_TEMP] = 7;
  give_observed(&a, 1, "\x01r\x03", 100);
  board_run(&a, 0);
  CHECK(a.state.sum == 1 + 100 + 7 + 7);
  return true;
}

static bool probe_touches_nothing(void) {
  board_open(&a);
  const uint32_t digest = a.context.digest;
  cc_result_message result;
  give_flagged(&a, 1, "\x05w\x40", CC_INPUT_PROBE);
  board_run(&a, 0);
  const uint32_t hash = take_result(&a, 1, &result);
  CHECK(result.digest == digest && result.body_length == 0 && result.observed_count == 0);
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  CHECK(a.calls == 0 && a.levels[PIN_A] == SAFE_A);
  CHECK(take_all(&a, CC_DONE, NULL) == 1);
  return true;
}

static bool two_boards_are_two(void) {
  board_open(&a);
  board_open(&b);
  for (uint32_t seq = 1; seq <= 20; seq++) {
    const uint32_t hash = executed(&a, seq, "\x03w\x22");
    CHECK(executed(&b, seq, "\x03w\x22") == hash);
    give_commit(&a, seq, hash);
    give_commit(&b, seq, hash);
    board_run(&a, 0);
    board_run(&b, 0);
  }
  CHECK(a.context.digest == b.context.digest && a.state.sum == 60 && b.state.sum == 60);
  executed(&a, 21, "\x01");
  CHECK(b.state.sum == 60 && b.context.execution_count == 20);
  return true;
}

static bool a_full_line_loses_nothing(void) {
  board_open(&a);
  a.tx_blocked = true;
  give_input(&a, 1, "\x01p\x04");
  board_run(&a, 50);
  CHECK(a.tx_from == a.tx_to && a.calls == 1);
  a.tx_blocked = false;
  board_run(&a, 0);
  CHECK(take_result(&a, 1, NULL) != 0);
  return true;
}

TEST_LIST(exchange_tests, {"R3: a board acts in its execution order, whatever order the commits come in", acts_in_execution_order, NEEDS_WINDOW_2},
          {"R3: execution order is not the order of seqs", order_is_execution_not_seq, NEEDS_WINDOW_2},
          {"R3: the execution count grows by one with every input, probes too", execution_count_grows_by_one},
          {"R4: every input ends with a last part, also without a reply", every_input_ends, NEEDS_WINDOW_2},
          {"R4: rejected is a result", rejected_is_a_result},
          {"R4: a result that does not fit is FAILED, never cut", half_a_result_is_none},
          {"R7: an output moves only after the commit of this very result", nothing_moves_before_its_commit},
          {"R7: a commit of a seq that was never given moves nothing", commit_of_unknown_seq_moves_nothing},
          {"R11: a repeated commit is answered by DONE again and not acted on twice", repeated_commit_is_done_again},
          {"R11: a repeated input gets the kept result and is not executed twice", repeated_input_gets_the_kept_result},
          {"R11: a kept seq with another crc is logged and nothing else", same_seq_with_another_crc_is_not_executed, NEEDS_TEXTS},
          {"R11: beyond the kept results inputs and commits are stale", old_seqs_are_stale},
          {"R11: a recall repeats or says stale, and never executes", recall_never_executes},
          {"R11: an input whose place is taken by one that is not done is refused", window_is_a_span, NEEDS_TEXTS},
          {"R3: waiting inputs are executed in the order of arrival", inputs_wait_in_order_of_arrival},
          {"R21: given values are computed with, own readings reported", given_values_are_used_and_own_reported},
          {"R21: reads beyond the given values are the board's own", reads_beyond_the_given_are_own},
          {"R16: a probe goes the whole way and touches nothing", probe_touches_nothing},
          {"two boards in one process share nothing", two_boards_are_two},
          {"a transmit buffer that is full loses no answer", a_full_line_loses_nothing});
