/* A test runner in a page: each file lists its tests; CHECK counts, names the place, and goes on to the next test. */
#ifndef COPYCAT_TEST_CHECK_H
#define COPYCAT_TEST_CHECK_H

#include <stdbool.h>
#include <stdio.h>

typedef struct {
  const char *title;
  bool (*run)(void);
} test_case;

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
