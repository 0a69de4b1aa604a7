/* CC_STATE, cc_reply_state, cc_every: a state of several variables is one state to whoever asks for it. */
#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;

static int16_t level;
static bool is_pumping;
static uint16_t history[3];
static cc_timer report;
static cc_timer nobodys;
static struct {
  uint8_t low;
  uint8_t high;
} limits;

static unsigned times;
static cc_timer *asked;

/* "+": adds to all; "e": asks whether 250 ms are over; "s": answers with the state. */
static void on_input(const cc_input *input) {
  const char what = input->length > 0 ? (char)input->payload[0] : 's';
  if (what == '+') {
    level = (int16_t)(level - 300);
    is_pumping = !is_pumping;
    for (uint8_t i = 0; i < 3; i++) history[i] = (uint16_t)(0x1000 * (i + 1));
    limits.low++;
    limits.high--;
  } else if (what == 'e' && cc_every(asked, 250)) {
    times++;
  } else if (what == 's') {
    cc_reply_state();
  }
}

static void open_named(void) {
  memset(&a, 0, sizeof a);
  level = 7;
  is_pumping = false;
  memset(history, 0, sizeof history);
  memset(&limits, 0, sizeof limits);
  memset(&report, 0, sizeof report);
  memset(&nobodys, 0, sizeof nobodys);
  times = 0;
  asked = &report;
  a.context.port = &a;
  a.context.start.boot = 0xb007;
  board_use(&a);
  CC_STATE(level, is_pumping, history, report, limits);
  cc_output(0, PIN_A, CC_PWM, SAFE_A);
  cc_output(1, PIN_B, CC_DIGITAL, SAFE_B);
  cc_begin("named", 1, on_input);
  give_open(&a, 1, 0, 0xb007, false);
  board_run(&a, 1);
  take_all(&a, CC_HELLO, NULL);
}

/* As it must go over the wire, whatever this machine puts between its variables. */
enum { STATE_BYTES = 2 + 1 + 6 + 4 + 2 };
static const uint8_t *whole(void) {
  static uint8_t bytes[STATE_BYTES];
  memcpy(bytes, &level, 2);
  bytes[2] = is_pumping;
  memcpy(bytes + 3, history, 6);
  memcpy(bytes + 9, &report, 4);
  memcpy(bytes + 13, &limits, 2);
  return bytes;
}

static uint32_t digest_of(const uint8_t *bytes) { return ~cc_crc_bytes(CC_CRC_BEGIN, bytes, STATE_BYTES); }

/* Gives the input and its commit; what came of it. */
static bool done(uint32_t seq, const char *payload, cc_result_message *result) {
  give_input(&a, seq, payload);
  board_run(&a, 0);
  give_commit(&a, seq, take_result(&a, seq, result));
  board_run(&a, 0);
  return take_all(&a, CC_DONE, NULL) == 1;
}

static bool digest_is_of_all(void) {
  open_named();
  cc_result_message result;
  CHECK(a.context.state_bytes == STATE_BYTES);
  CHECK(done(1, "+", &result));
  CHECK(level == -293 && limits.high == 255);
  CHECK(result.digest == digest_of(whole()));
  return true;
}

static bool each_variable_is_watched(void) {
  uint8_t *const variables[] = {(uint8_t *)&level, (uint8_t *)&is_pumping, (uint8_t *)&history[2], (uint8_t *)&report,
                                &limits.high};
  for (unsigned i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    open_named();
    CHECK(done(1, "+", NULL));
    *variables[i] ^= 1;
    give_input(&a, 2, "+");
    board_run(&a, 0);
    said s;
    CHECK(take_all(&a, CC_FAILED, &s) == 1);
  }
  return true;
}

static bool goes_over_as_one(void) {
  open_named();
  CHECK(done(1, "+", NULL));
  for (uint16_t offset = 0; offset < STATE_BYTES; offset++) {
    give_state_get(&a, offset);
    board_run(&a, 0);
    said s;
    cc_state_message state;
    CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &state));
    CHECK(state.data_length == STATE_BYTES - offset && (state.flags & CC_STATE_LAST));
    CHECK(memcmp(state.data, whole() + offset, state.data_length) == 0);
  }
  return true;
}

static bool comes_in_any_chunks(void) {
  static const uint8_t given[STATE_BYTES] = {0x34, 0x12, 1, 1, 2, 3, 4, 5, 6, 0x10, 0x20, 0x30, 0x40, 8, 9};
  for (uint8_t chunk = 1; chunk <= STATE_BYTES; chunk++) {
    open_named();
    said s;
    cc_state_message state;
    for (uint8_t at = 0; at < STATE_BYTES; at = (uint8_t)(at + chunk)) {
      const bool is_last = at + chunk >= STATE_BYTES;
      give_state_put(&a, at, given + at, (uint8_t)(is_last ? STATE_BYTES - at : chunk), is_last, 41);
      board_run(&a, 0);
    }
    CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &state));
    CHECK((state.flags & CC_STATE_ACCEPTED) && state.digest == digest_of(given));
    CHECK(level == 0x1234 && is_pumping && history[1] == 0x0403 && report.since_ms == 0x40302010 && limits.high == 9);
    CHECK(memcmp(whole(), given, STATE_BYTES) == 0);
    /* Its end once more, because the answer was lost: taken; with another byte in it: not, and not over the state. */
    give_state_put(&a, STATE_BYTES - 1, given + STATE_BYTES - 1, 1, true, 41);
    board_run(&a, 0);
    CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &state));
    CHECK(state.flags & CC_STATE_ACCEPTED);
    const uint8_t other = 77;
    give_state_put(&a, STATE_BYTES - 1, &other, 1, true, 41);
    board_run(&a, 0);
    CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &state));
    CHECK(!(state.flags & CC_STATE_ACCEPTED) && limits.high == 9);
  }
  return true;
}

static bool too_long_a_state_is_refused(void) {
  open_named();
  const uint8_t given[STATE_BYTES + 1] = {0};
  CHECK(done(1, "+", NULL));
  const uint32_t before = digest_of(whole());
  give_open(&a, 2, 1, 0xb007, false);
  board_run(&a, 1);
  take_all(&a, CC_HELLO, NULL);
  give_state_put(&a, 0, given, STATE_BYTES + 1, true, 41);
  give_state_put(&a, 1, given, STATE_BYTES, true, 41);
  board_run(&a, 0);
  CHECK(digest_of(whole()) == before);
  return true;
}

static bool is_answered_whole(void) {
  open_named();
  CHECK(done(1, "+", NULL));
  give_input(&a, 2, "s");
  board_run(&a, 0);
  said s;
  cc_result_message result;
  CHECK(take_all(&a, CC_RESULT, &s) == 1 && cc_unpack_result(s.frame.body, s.frame.end, &result));
  CHECK(result.body_length == STATE_BYTES && memcmp(result.body, whole(), STATE_BYTES) == 0);
  CHECK(~cc_crc_bytes(CC_CRC_BEGIN, result.body, STATE_BYTES) == result.digest);
  return true;
}

static uint32_t layout_said(void) {
  give_simple(&a, CC_HELLO_REQ, 0, 0);
  board_run(&a, 0);
  said s;
  cc_hello_message hello;
  if (take_all(&a, CC_HELLO, &s) == 0 || !cc_unpack_hello(s.frame.body, s.frame.end, &hello)) return 0;
  return hello.state_layout;
}

/* As setup of another program would find the board. */
static void forget_state(void) {
  a.context.state = NULL;
  a.context.access_pieces = NULL;
}

static bool layout_is_names_and_types(void) {
  open_named();
  const uint32_t as_it_is = layout_said();
  open_named();
  CHECK(as_it_is != 0 && layout_said() == as_it_is);
  static uint16_t other_level;
  forget_state();
  CC_STATE(other_level, is_pumping, history, report, limits);
  const uint32_t other_name = layout_said();
  CHECK(other_name != as_it_is);
  forget_state();
#define level other_level
  CC_STATE(level, is_pumping, history, report, limits); /* the same words for a number without a sign */
#undef level
  const uint32_t other_type = layout_said();
  CHECK(other_type != as_it_is && other_type != other_name);
  forget_state();
  CC_STATE(is_pumping, level, history, report, limits);
  CHECK(layout_said() != as_it_is);
  return true;
}

static bool types_are_known(void) {
  static enum { LOW_TIDE, HIGH_TIDE } tide;
  static int32_t sums[4];
  static float degrees;
  CHECK(CC_TYPE_OF(level) == CC_PIECE_SIGNED * 16 + 2 && CC_TYPE_OF(is_pumping) == CC_PIECE_BOOL * 16 + 1);
  CHECK(CC_TYPE_OF(history) == CC_PIECE_UNSIGNED * 16 + 2 && CC_TYPE_OF(sums) == CC_PIECE_SIGNED * 16 + 4);
  CHECK(CC_TYPE_OF(report) == CC_PIECE_UNSIGNED * 16 + 4 && CC_TYPE_OF(limits) == 0 && CC_TYPE_OF(limits.low) == 17);
  CHECK(CC_TYPE_OF(degrees) == CC_PIECE_REAL * 16 + 4 && (CC_TYPE_OF(tide) & 15) == sizeof tide);
  return true;
}

/* Pair time is 100 ms a seq. */
static bool every_keeps_in_step(void) {
  open_named();
  char when[32] = "";
  for (uint32_t seq = 1; seq <= 12; seq++) {
    const unsigned before = times;
    CHECK(done(seq, "e", NULL));
    strcat(when, times > before ? "*" : ".");
  }
  CHECK(strcmp(when, "...*.*..*.*.") == 0); /* begun at 100: 350, 600, 850, 1100 */
  CHECK(done(40, "e", NULL) && times == 5);
  CHECK(done(41, "e", NULL) && done(42, "e", NULL) && times == 5); /* one for all that was missed, and then from 4000 on */
  CHECK(done(43, "e", NULL) && times == 6);
  return true;
}

static bool every_goes_over_to_another_board(void) {
  open_named();
  for (uint32_t seq = 1; seq <= 3; seq++) CHECK(done(seq, "e", NULL));
  CHECK(times == 0);
  uint8_t state[STATE_BYTES];
  memcpy(state, whole(), STATE_BYTES);
  open_named(); /* a board that has just been started */
  give_state_put(&a, 0, state, STATE_BYTES, true, 3);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_STATE, NULL) == 1);
  CHECK(done(4, "e", NULL) && times == 1); /* when it is time at its twin */
  return true;
}

static bool every_wants_its_timer_in_the_state(void) {
  open_named();
  asked = &nobodys;
  give_input(&a, 1, "e");
  board_run(&a, 0);
  said s;
  cc_failed_message failed;
  CHECK(take_all(&a, CC_FAILED, &s) == 1 && cc_unpack_failed(s.frame.body, s.frame.end, &failed));
  CHECK(failed.reason == CC_FAILED_REASON_INTERNAL);
  open_named();
  forget_state();
  cc_state(&nobodys, sizeof nobodys);
  a.context.digest = cc_state_digest(&a.context);
  asked = &nobodys;
  CHECK(done(1, "e", NULL)); /* a block is as good */
  asked = (cc_timer *)((uint8_t *)&nobodys + 1);
  give_input(&a, 2, "e");
  board_run(&a, 0);
  CHECK(take_all(&a, CC_FAILED, NULL) == 1);
  return true;
}

static bool asked_at(uint32_t seq, uint32_t pair_time_ms) {
  cc_input_message input = {.pair_time_ms = pair_time_ms, .payload = (const uint8_t *)"e", .payload_length = 1};
  uint8_t wire[CC_WIRE_BYTES];
  const unsigned before = times;
  give_bytes(&a, wire, cc_frame_end(wire, cc_pack_input(cc_frame_begin(wire, CC_INPUT, 1, seq), &input)));
  board_run(&a, 0);
  give_commit(&a, seq, take_result(&a, seq, NULL));
  board_run(&a, 0);
  return times > before;
}

static bool every_counts_from_pair_time_zero(void) {
  open_named();
  CHECK(!asked_at(1, 0) && !asked_at(2, 0) && !asked_at(3, 1) && !asked_at(4, 249) && asked_at(5, 251));
  open_named();
  CHECK(!asked_at(1, UINT32_MAX - 249)); /* and where pair time begins anew, at the next time it is due */
  CHECK(asked_at(2, 0) && !asked_at(3, 0) && !asked_at(4, 1) && asked_at(5, 251));
  return true;
}

static bool state_is_registered_once(void) {
  for (uint8_t how = 0; how < 4; how++) {
    open_named();
    if (how < 2) forget_state();
    if (how == 1) cc_state(&nobodys, sizeof nobodys);
    const void *const first = a.context.state;
    if (how == 3) {
      cc_state(&nobodys, sizeof nobodys);
    } else {
      CC_STATE(level, nobodys);
    }
    CHECK(a.context.failed_reason == (how == 0 ? CC_FAILED_REASON_NONE : CC_FAILED_REASON_INTERNAL));
    CHECK((a.context.state == first) == (how != 0));
  }
  return true;
}

static bool every_is_asked_in_inputs_alone(void) {
  open_named();
  CHECK(!cc_every(&report, 0) && report.since_ms == 0);
  return true;
}

TEST_LIST(named_state_tests, {"R29: the digest is of all variables that CC_STATE names", digest_is_of_all},
          {"R29: a change of any of them is noticed before the next input", each_variable_is_watched},
          {"R25: the variables of CC_STATE go over as one state", goes_over_as_one, NEEDS_STATE_TRANSFER},
          {"R25: they are taken in chunks of any length", comes_in_any_chunks, NEEDS_STATE_TRANSFER},
          {"R25: a state that is longer than all of them changes none", too_long_a_state_is_refused, NEEDS_STATE_TRANSFER},
          {"R25: their names, types and order are the layout", layout_is_names_and_types},
          {"CC_STATE knows the types of its variables", types_are_known},
          {"R4: cc_reply_state answers with the state as the input leaves it", is_answered_whole},
          {"R21: cc_every is once in its time, in step, by pair time", every_keeps_in_step},
          {"R25: cc_every goes on where the other board was", every_goes_over_to_another_board, NEEDS_STATE_TRANSFER},
          {"R21: cc_every with a timer outside of the state stops the board at once", every_wants_its_timer_in_the_state},
          {"R21: cc_every at the first moment of pair time is not yet over", every_counts_from_pair_time_zero},
          {"R29: a second state, or one after cc_begin, stops the board", state_is_registered_once},
          {"R21: cc_every outside of an input is never true", every_is_asked_in_inputs_alone});
