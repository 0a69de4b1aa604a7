/* A test runner in a page: each file lists its tests; CHECK counts, names the place, and goes on to the next test. */
#ifndef COPYCAT_TEST_CHECK_H
#define COPYCAT_TEST_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "copycat/features.h"

/* What a test is about, where a build may leave that out. */
enum { NEEDS_STATE_TRANSFER = 1, NEEDS_SELF_TEST = 2, NEEDS_TEXTS = 4, NEEDS_WINDOW_2 = 8, NEEDS_FRAMES_OF_64 = 16 };
enum {
  LEFT_OUT = (CC_WITH_STATE_TRANSFER ? 0 : NEEDS_STATE_TRANSFER) | (CC_WITH_SELF_TEST ? 0 : NEEDS_SELF_TEST) |
             (CC_WITH_TEXTS ? 0 : NEEDS_TEXTS) | (CC_WINDOW < 2 ? NEEDS_WINDOW_2 : 0) | (CC_LINES > 4 ? NEEDS_FRAMES_OF_64 : 0)
};

typedef struct {
  const char *title;
  bool (*run)(void);
  unsigned needs; /* NEEDS_...; most tests need nothing, and do not say so */
} test_case;
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

typedef struct {
  const test_case *cases;
  unsigned count;
} test_list;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      printf("    %s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      return false;                                                   \
    }                                                                 \
  } while (0)

#define TEST_LIST(name, ...)                              \
  static const test_case name##_cases[] = {__VA_ARGS__};  \
  const test_list name = {name##_cases, sizeof name##_cases / sizeof name##_cases[0]}

#endif
