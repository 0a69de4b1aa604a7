#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;

static uint32_t executed(uint32_t seq, const char *payload) {
  give_input(&a, seq, payload);
  board_run(&a, 0);
  return take_result(&a, seq, NULL);
}

static bool hello_of(cc_hello_message *hello, uint8_t session) {
  said s;
  take_all(&a, CC_HELLO, NULL);
  give_simple(&a, CC_HELLO_REQ, 0, 0);
  board_run(&a, 0);
  if (take_all(&a, CC_HELLO, &s) != 1) return false;
  return s.frame.session == session && cc_unpack_hello(s.frame.body, s.frame.end, hello);
}

static bool says_hello_at_boot(void) {
  board_begin(&a, 0xabcd);
  board_run(&a, 0);
  said s;
  cc_hello_message hello;
  CHECK(take_all(&a, CC_HELLO, &s) == 1 && s.frame.session == 0);
  CHECK(cc_unpack_hello(s.frame.body, s.frame.end, &hello));
  CHECK(s.frame.seq == 0x2222); /* the board's unit */
  CHECK(hello.protocol == (CC_LINES == 4 ? 1 : 2) && hello.boot == 0xabcd && hello.app_version == 7 && hello.window == CC_WINDOW);
  CHECK(hello.app_id == (uint16_t)cc_crc_text("test") && hello.state_bytes == sizeof a.state);
  CHECK(hello.wire_bytes == (CC_LINES == 4 ? 64 : 80) && hello.rx_bytes == 255 && hello.kept_count == 0);
  return true;
}

static bool restarted_board_says_so(void) {
  board_begin(&a, 2);
  board_run(&a, 0);
  take_all(&a, CC_HELLO, NULL);
  unsigned hellos = 0;
  for (unsigned ms = 0; ms < 100; ms++) {
    uint8_t wire[CC_WIRE_BYTES];
    const cc_commit_message commit = {1};
    give_bytes(&a, wire, cc_frame_end(wire, cc_pack_commit(cc_frame_begin(wire, CC_COMMIT, 9, 1), &commit)));
    board_run(&a, 1);
    hellos += take_all(&a, CC_HELLO, NULL);
  }
  CHECK(hellos >= 4 && hellos <= 6);
  board_begin(&a, 3);
  board_run(&a, 0);
  take_all(&a, CC_HELLO, NULL); /* lost on its way */
  give_simple(&a, CC_WAIT, 9, 1);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_HELLO, NULL) == 1);
  return true;
}

static bool open_needs_boot_and_session(void) {
  board_begin(&a, 5);
  board_run(&a, 0);
  take_all(&a, CC_HELLO, NULL);
  const struct {
    uint8_t to, was;
    uint32_t boot;
    uint8_t then;
  } tries[] = {{1, 0, 6, 0}, {1, 3, 5, 0}, {0, 0, 5, 0}, {1, 0, 5, 1}, {1, 0, 5, 1}, {3, 2, 5, 1}, {2, 1, 6, 1}, {2, 1, 5, 2}};
  for (unsigned i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    give_open(&a, tries[i].to, tries[i].was, tries[i].boot, false);
    board_run(&a, 0);
    said s;
    CHECK(take_all(&a, CC_HELLO, &s) == 1);
    CHECK(s.frame.session == tries[i].then && a.context.session == tries[i].then);
  }
  return true;
}

static bool repeated_open_drops_nothing(void) {
  board_open(&a);
  executed(1, "\x05");
  give_open(&a, 1, 0, 0xb007, false);
  board_run(&a, 0);
  CHECK(cc_kept(&a.context, 1) != NULL);
  give_open(&a, 1, 1, 0xb007, false); /* also when it says it knew */
  board_run(&a, 0);
  CHECK(cc_kept(&a.context, 1) != NULL);
  return true;
}

static bool frames_of_another_session_are_dropped(void) {
  board_open(&a);
  a.context.session = 4;
  give_input(&a, 1, "\x05");
  give_violation(&a, 1, 1);
  a.context.session = 5;
  board_run(&a, 1);
  CHECK(a.calls == 0 && a.context.failed_reason == CC_FAILED_REASON_NONE);
  CHECK(a.tx_from == a.tx_to);
  return true;
}

static bool result_is_repeated_until_answered(void) {
  board_open(&a);
  const uint32_t hash = executed(1, "\x05");
  board_run(&a, 1000);
  const unsigned repeats = take_all(&a, CC_RESULT, NULL);
  CHECK(repeats >= 9 && repeats <= 10);
  give_commit(&a, 1, hash);
  board_run(&a, 1000);
  CHECK(take_all(&a, CC_RESULT, NULL) == 0);
  return true;
}

static bool silence_is_safe(void) {
  board_open(&a);
  give_commit(&a, 1, executed(1, "\x01w\x40"));
  board_run(&a, 4990);
  CHECK(a.levels[PIN_A] == 0x40 && !a.context.parked);
  board_run(&a, 20);
  CHECK(a.levels[PIN_A] == SAFE_A && a.levels[PIN_B] == SAFE_B && a.context.parked);
  return true;
}

static bool silence_can_hold(void) {
  board_begin(&a, 0xb007);
  cc_silence(300, CC_HOLD);
  give_open(&a, 1, 0, 0xb007, false);
  board_run(&a, 0);
  give_commit(&a, 1, executed(1, "\x01w\x40"));
  board_run(&a, 400);
  CHECK(a.context.parked && a.levels[PIN_A] == 0x40);
  return true;
}

static bool wait_restarts_the_silence_time(void) {
  board_open(&a);
  const uint32_t hash = executed(1, "\x01w\x40");
  for (unsigned i = 0; i < 4; i++) {
    board_run(&a, 4000);
    give_simple(&a, CC_WAIT, 1, 1);
  }
  CHECK(!a.context.parked);
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x40);
  return true;
}

static bool foreign_frames_do_not_count_as_heard(void) {
  board_open(&a);
  for (unsigned i = 0; i < 12; i++) {
    a.context.session = 2;
    give_simple(&a, CC_WAIT, 2, 1);
    a.context.session = 1;
    give_simple(&a, CC_HELLO_REQ, 0, 0);
    board_run(&a, 500);
  }
  CHECK(a.context.parked);
  return true;
}

static bool parked_acts_on_nothing_until_taken_back(void) {
  board_open(&a);
  give_commit(&a, 1, executed(1, "\x01w\x40"));
  const uint32_t waiting = executed(2, "\x01w\x50");
  board_run(&a, 5100);
  CHECK(a.context.parked);
  take_all(&a, CC_RESULT, NULL);
  give_commit(&a, 2, waiting);
  give_input(&a, 3, "\x01");
  board_run(&a, 30);
  CHECK(a.levels[PIN_A] == SAFE_A && a.calls == 2);
  cc_hello_message hello;
  said s;
  CHECK(take_all(&a, CC_HELLO, &s) >= 1);
  CHECK(cc_unpack_hello(s.frame.body, s.frame.end, &hello) && (hello.flags & CC_HELLO_PARKED));
  give_open(&a, 2, 1, 0xb007, true);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x40 && !a.context.parked); /* back to what was last acted on */
  CHECK(take_result(&a, 2, NULL) == waiting);            /* and the waiting result is said again */
  give_commit(&a, 2, waiting);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x50);
  return true;
}

static bool resume_keeps_results(void) {
  board_open(&a);
  const uint32_t first = executed(1, "\x01w\x40");
  give_commit(&a, 1, first);
  const uint32_t second = executed(2, "\x01w\x50");
  board_run(&a, 0);
  give_open(&a, 2, 1, 0xb007, true);
  board_run(&a, 0);
  cc_hello_message hello;
  CHECK(hello_of(&hello, 2));
  CHECK(hello.kept_count == 2 && hello.kept[0] == 1 && hello.kept[1] == 2 && hello.acted_bits == 1);
  CHECK(hello.execution_count == 2 && hello.digest == a.context.digest);
  give_input(&a, 2, "\x01w\x50");
  board_run(&a, 0);
  CHECK(take_result(&a, 2, NULL) == second && a.calls == 2);
  give_commit(&a, 2, second);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x50);
  return true;
}

static bool hello_names_what_is_kept(void) {
  board_open(&a);
  for (uint32_t seq = 1; seq <= 2 * CC_WINDOW; seq++) {
    const uint32_t hash = executed(seq, "\x01");
    if (seq <= 2 * CC_WINDOW - 1) give_commit(&a, seq, hash);
    board_run(&a, 0);
  }
  cc_hello_message hello;
  CHECK(hello_of(&hello, 1));
  const uint8_t named = CC_WINDOW < 4 ? CC_WINDOW : 4;
  CHECK(hello.window == CC_WINDOW && hello.kept_count == named);
  for (uint8_t i = 0; i < named; i++) CHECK(hello.kept[i] == 2u * CC_WINDOW - named + 1 + i);
  CHECK(hello.acted_bits == (1u << (named - 1)) - 1); /* all but the last */
  return true;
}

static bool an_old_grant_is_asked_for_again(void) {
  board_open(&a);
  const uint32_t first = executed(1, "\x01w\x40");
  const uint32_t second = executed(2, "\x01w\x50");
  give_commit(&a, 2, second); /* waits for 1 */
  board_run(&a, 0);
  give_open(&a, 2, 1, 0xb007, true);
  board_run(&a, 0);
  give_commit(&a, 1, first);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == 0x40);
  return true;
}

static bool fresh_open_drops_results(void) {
  board_open(&a);
  executed(7, "\x01w\x40");
  give_open(&a, 2, 1, 0xb007, false);
  board_run(&a, 200);
  CHECK(take_all(&a, CC_RESULT, NULL) == 0);
  cc_hello_message hello;
  CHECK(hello_of(&hello, 2) && hello.kept_count == 0);
  CHECK(executed(3, "\x01") != 0); /* what was seen in the last session is no measure for this one */
  return true;
}

static bool fresh_open_takes_levels_as_they_are(void) {
  board_open(&a);
  give_commit(&a, 1, executed(1, "\x01w\x40"));
  board_run(&a, 5100);
  CHECK(a.context.parked);
  give_open(&a, 2, 1, 0xb007, false);
  board_run(&a, 0);
  CHECK(a.levels[PIN_A] == SAFE_A && !a.context.parked);
  give_state_get(&a, 0);
  board_run(&a, 0);
  said s;
  cc_state_message state;
  CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &state));
  CHECK(state.outputs[LEVEL_A] == SAFE_A && state.outputs[LEVEL_B] == SAFE_B);
  return true;
}

static bool parked_says_nothing_unasked(void) {
  board_open(&a);
  a.tx_blocked = true;
  give_input(&a, 1, "\x01");
  board_run(&a, 5100);
  CHECK(a.context.parked && a.calls == 1);
  a.tx_blocked = false;
  board_run(&a, 500);
  said s;
  CHECK(!take(&a, &s));
  return true;
}

static bool offers_and_logs(void) {
  board_begin(&a, 1);
  CHECK(!cc_offer("x", 1));
  board_open(&a);
  CHECK(cc_offer("xyz", 3));
  CHECK(!cc_offer("x", CC_BODY_BYTES + 1));
  cc_log("hello");
  said s;
  CHECK(take(&a, &s) && s.frame.type == CC_OFFER && s.frame.end - s.frame.body == 3);
  CHECK(take(&a, &s) && s.frame.type == CC_LOG && memcmp(s.frame.body, "hello", 5) == 0);
  a.tx_blocked = true;
  CHECK(!cc_offer("x", 1));
  cc_log("dropped");
  CHECK(!take(&a, &s));
  return true;
}

TEST_LIST(session_tests, {"a board introduces itself at boot", says_hello_at_boot},
          {"R15: a board that has restarted says so to any frame at once, then at most every 20 ms", restarted_board_says_so},
          {"R27: OPEN is refused for another boot or session", open_needs_boot_and_session},
          {"R27: a repeated OPEN drops nothing", repeated_open_drops_nothing},
          {"R12: frames of another session are dropped", frames_of_another_session_are_dropped},
          {"R11: a result is repeated every 100 ms until it is answered", result_is_repeated_until_answered},
          {"R27: after the silence time outputs are safe", silence_is_safe},
          {"R27: a sketch may hold its outputs in silence", silence_can_hold},
          {"R11: WAIT restarts the silence time", wait_restarts_the_silence_time},
          {"R27: only frames of its session keep a board from parking", foreign_frames_do_not_count_as_heard},
          {"R11: a parked board acts on nothing until OPEN{resume}, then shows its last levels", parked_acts_on_nothing_until_taken_back},
          {"R27: OPEN{resume} keeps results and execution count", resume_keeps_results, NEEDS_WINDOW_2},
          {"R27: HELLO names the kept results, four at most, oldest first", hello_names_what_is_kept},
          {"R27: a commit of an earlier session does not act in a later one", an_old_grant_is_asked_for_again},
          {"R27: a fresh OPEN drops the kept results", fresh_open_drops_results},
          {"R27: a fresh OPEN of a parked board leaves its outputs as they are", fresh_open_takes_levels_as_they_are, NEEDS_STATE_TRANSFER},
          {"R11: a parked board says nothing unasked", parked_says_nothing_unasked},
          {"offers and logs go out when there is a session and room", offers_and_logs});
