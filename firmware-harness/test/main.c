#include "check.h"

extern const test_list frame_tests;
extern const test_list exchange_tests;
extern const test_list order_tests;
extern const test_list session_tests;
extern const test_list failure_tests;
extern const test_list self_test_tests;
extern const test_list left_out_tests;
extern const test_list own_line_tests;
extern const test_list named_state_tests;
extern const test_list log_tests;

int main(void) {
  const test_list *const lists[] = {&frame_tests, &exchange_tests, &order_tests, &session_tests, &failure_tests,
                                    &self_test_tests, &left_out_tests, &own_line_tests, &named_state_tests,
                                    &log_tests};
  unsigned passed = 0;
  unsigned failed = 0;
  for (unsigned list = 0; list < sizeof lists / sizeof lists[0]; list++) {
    for (unsigned i = 0; i < lists[list]->count; i++) {
      const test_case *test = &lists[list]->cases[i];
      if ((test->needs & LEFT_OUT) != 0) continue;
      const bool held = test->run();
      if (held) passed++;
      if (!held) failed++;
      printf("  %s %s\n", held ? "ok  " : "FAIL", test->title);
    }
  }
  printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
