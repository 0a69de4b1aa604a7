/* cc_log and cc_logf: what comes of a line, and where it ends. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;

/* What was logged since, `|` between two lines. */
static const char *logged(void) {
  static char text[1024];
  text[0] = '\0';
  said s;
  while (take(&a, &s)) {
    cc_log_message log;
    if (s.frame.type != CC_LOG || !cc_unpack_log(s.frame.body, s.frame.end, &log)) continue;
    if (text[0] != '\0') strcat(text, "|");
    strncat(text, (const char *)log.text, log.text_length);
  }
  return text;
}

#define CHECK_LINE(expected)                                         \
  do {                                                               \
    const char *line = logged();                                     \
    if (strcmp(line, expected) != 0) printf("    said: %s\n", line); \
    CHECK(strcmp(line, expected) == 0);                              \
  } while (0)

static bool values_are_written_as_what_they_are(void) {
  board_open(&a);
  const uint8_t small = 200;
  const int8_t below = -5;
  const int32_t least = INT32_MIN;
  const uint32_t greatest = UINT32_MAX;
  cc_logf("nothing but words, 100 %%");
  CHECK_LINE("nothing but words, 100 %");
  cc_logf("%d %u %d %d", small, below, least, greatest);
  CHECK_LINE("200 -5 -2147483648 4294967295");
  cc_logf("%ld %lu %i %d", least, greatest, true, 0);
  CHECK_LINE("-2147483648 4294967295 1 0");
  cc_logf("%x %04x %x%c", 0xabcu, 0x1fu, greatest, 'z');
  CHECK_LINE("abc 001f ffffffffz");
  cc_logf("%s is %s", "pump", small > 100 ? "on" : "off");
  CHECK_LINE("pump is on");
  cc_logf("%f %f %d %f", 81.256, -0.05f, 2.0, -1000000.5);
  CHECK_LINE("81.26 -0.05 2.00 -1000000.50");
  cc_logf("%f %f %f", 1e20, -1e20, 0.0 / (small - 200.0));
  CHECK_LINE("? ? ?");
  return true;
}

static bool widths_are_kept(void) {
  board_open(&a);
  cc_logf("[%5d][%05d][%2d][%5s][%02u]", -42, -42, 12345, "ab", 7);
  CHECK_LINE("[  -42][-0042][12345][   ab][07]");
  cc_logf("%7f|%07f", 3.14159, -3.14159);
  CHECK_LINE("   3.14|-003.14");
  cc_logf("%.1f|%6.3f|%.2d", 2.5, 2.5, 7);
  CHECK_LINE("2.50|  2.50|7");
  return true;
}

static bool too_long_a_line_says_so(void) {
  board_open(&a);
  static const char fifty_one[] = "123456789012345678901234567890123456789012345678901";
  cc_logf("%s", fifty_one);
  cc_log(fifty_one);
  CHECK_LINE("123456789012345678901234567890123456789012345678901|123456789012345678901234567890123456789012345678901");
  cc_logf("%s%d", fifty_one, 2);
  CHECK_LINE("123456789012345678901234567890123456789012345678...");
  cc_log("1234567890123456789012345678901234567890123456789012");
  CHECK_LINE("123456789012345678901234567890123456789012345678...");
  cc_logf("%200d%s", 1, fifty_one);
  CHECK_LINE("                                                ...");
  cc_logf("%255s", "x");
  CHECK(strlen(logged()) == 51);
  return true;
}

static bool letters_without_a_value_are_shown(void) {
  board_open(&a);
  cc_logf("%d and %d and %", 1);
  CHECK_LINE("1 and ? and ");
  return true;
}

static bool nobody_is_waited_for(void) {
  board_open(&a);
  a.tx_blocked = true;
  cc_logf("%d", 1);
  a.tx_blocked = false;
  cc_logf("%d", 2);
  CHECK_LINE("2");
  return true;
}

TEST_LIST(log_tests, {"cc_logf writes every value as what it is", values_are_written_as_what_they_are},
          {"cc_logf keeps widths", widths_are_kept}, {"a line that was cut says so", too_long_a_line_says_so, NEEDS_FRAMES_OF_64},
          {"cc_logf shows where a value is missing", letters_without_a_value_are_shown},
          {"R6: a line that has no room is dropped", nobody_is_waited_for});
