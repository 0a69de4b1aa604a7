/* What a build leaves out it does not claim (features.h): HELLO says so, and what cannot be served has no answer. */
#include "check.h"
#include "fake-board.h"

static fake_board a;

static bool hello_says_whether_it_replays(void) {
  board_open(&a);
  give_simple(&a, CC_HELLO_REQ, 0, 0);
  board_run(&a, 0);
  said s;
  cc_hello_message hello;
  CHECK(take_all(&a, CC_HELLO, &s) == 1 && cc_unpack_hello(s.frame.body, s.frame.end, &hello));
  CHECK(((hello.flags & CC_HELLO_REPLAYS) != 0) == !CC_WITH_STATE_TRANSFER);
  CHECK(hello.window == CC_WINDOW);
  return true;
}

static bool state_is_given_only_by_who_has_it(void) {
  board_open(&a);
  give_state_get(&a, 0);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_STATE, NULL) == (CC_WITH_STATE_TRANSFER ? 1u : 0u));
  CHECK(a.context.failed_reason == CC_FAILED_REASON_NONE);
  return true;
}

static bool a_slice_is_reported_only_by_who_can_test(void) {
  board_open(&a);
  give_self_test(&a, 0);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_SELFTEST_REPORT, NULL) == (CC_WITH_SELF_TEST ? 1u : 0u));
  return true;
}

TEST_LIST(left_out_tests, {"R25: HELLO says whether a board gives and takes state", hello_says_whether_it_replays},
          {"R25: a board that replays does not answer for its state", state_is_given_only_by_who_has_it},
          {"R19: a board without the self-test reports no slice", a_slice_is_reported_only_by_who_can_test});
