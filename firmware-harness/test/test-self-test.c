#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;
static uint8_t flash[3 * CC_FLASH_SLICE_BYTES - 56];

static void begin(uint16_t ram_bytes) {
  board_open(&a);
  for (uint16_t i = 0; i < sizeof flash; i++) flash[i] = (uint8_t)(i * 7 + (i >> 8));
  for (uint16_t i = 0; i < FAKE_RAM_BYTES; i++) a.ram[i] = (uint8_t)(i * 13 + (i >> 6));
  a.ram_bytes = ram_bytes;
}

static bool report_of(uint16_t slice, cc_self_test_report_message *report) {
  said s;
  give_self_test(&a, slice);
  board_run(&a, 0);
  return take_all(&a, CC_SELFTEST_REPORT, &s) == 1 && cc_unpack_self_test_report(s.frame.body, s.frame.end, report) &&
         report->slice == slice;
}

/* All slices in order; how many there were, 0 when one was not answered. Findings gather in *all. */
static unsigned run_slices(cc_self_test_report_message *all) {
  memset(all, 0, sizeof *all);
  for (uint16_t slice = 0; slice < 200; slice++) {
    cc_self_test_report_message report;
    if (!report_of(slice, &report)) return 0;
    if ((report.flags & ~all->flags) & CC_SELFTEST_REPORT_RAM_FAULT) all->ram_fault_at = report.ram_fault_at;
    all->flags |= report.flags;
    if (report.flags & CC_SELFTEST_REPORT_LAST) return slice + 1u;
  }
  return 0;
}

static bool pieces_of_flash(void) {
  begin(0);
  a.flash = flash;
  a.flash_bytes = sizeof flash;
  for (uint16_t slice = 0; slice < 4; slice++) {
    const uint16_t lengths[] = {CC_FLASH_SLICE_BYTES, CC_FLASH_SLICE_BYTES, CC_FLASH_SLICE_BYTES - 56, 0};
    const uint16_t length = lengths[slice];
    const uint32_t crc = ~cc_crc_bytes(CC_CRC_BEGIN, flash + slice * CC_FLASH_SLICE_BYTES, length);
    cc_self_test_report_message report;
    CHECK(report_of(slice, &report));
    CHECK(report.flash_bytes == length && report.flash_crc == (length == 0 ? 0 : crc));
    CHECK(report.flags == (slice >= 2 ? CC_SELFTEST_REPORT_LAST : 0) && report.ram_fault_at == 0);
  }
  CHECK(report_of(UINT16_MAX, &(cc_self_test_report_message){0}));
  return true;
}

static bool every_pair_once(void) {
  const struct {
    uint16_t bytes;
    unsigned slices;
    unsigned marches; /* of the first cell */
  } sizes[] = {{2048, 88, 11}, {64, 2, 6}, {2, 1, 1}, {1, 1, 0}, {100, 4, 7}, {1000, 40, 10}};
  for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    begin(sizes[i].bytes);
    uint8_t before[FAKE_RAM_BYTES];
    memcpy(before, a.ram, sizeof before);
    cc_self_test_report_message all;
    CHECK(run_slices(&all) == sizes[i].slices);
    CHECK(!(all.flags & (CC_SELFTEST_REPORT_RAM_FAULT | CC_SELFTEST_REPORT_CPU_FAULT)));
    CHECK((all.flags & CC_SELFTEST_REPORT_RAM_TESTED) == (sizes[i].bytes > 1 ? CC_SELFTEST_REPORT_RAM_TESTED : 0));
    CHECK(memcmp(before, a.ram, sizeof before) == 0); /* and the cells have kept what they held */
    for (uint16_t at = 0; at < FAKE_RAM_BYTES; at++) {
      unsigned neighbours = 0;
      for (uint16_t bit = 1; bit < FAKE_RAM_BYTES; bit = (uint16_t)(bit << 1)) {
        if ((at ^ bit) < sizes[i].bytes) neighbours++;
      }
      CHECK(a.marched[at] == (at < sizes[i].bytes ? neighbours : 0));
    }
    CHECK(a.marched[0] == sizes[i].marches);
  }
  return true;
}

static bool finds(ram_fault fault) {
  a.fault = fault;
  cc_self_test_report_message all;
  return run_slices(&all) > 0 && (all.flags & CC_SELFTEST_REPORT_RAM_FAULT) && all.ram_fault_at < a.ram_bytes;
}

static bool finds_bits_that_cannot_change(void) {
  begin(64);
  for (uint16_t at = 0; at < 64; at++) {
    for (uint8_t bit = 0; bit < 8; bit++) {
      for (unsigned value = 0; value < 2; value++) {
        CHECK(finds((ram_fault){.kind = STUCK, .at = at, .bit = bit, .value = value != 0}));
        cc_self_test_report_message all;
        CHECK(run_slices(&all) > 0 && all.ram_fault_at == at); /* and says where */
        CHECK(finds((ram_fault){.kind = NO_CHANGE, .at = at, .bit = bit, .value = value != 0}));
      }
    }
  }
  return true;
}

static bool finds_coupled_neighbours(void) {
  begin(64);
  const uint16_t places[] = {0, 22, 63};
  for (unsigned place = 0; place < 3; place++) {
    for (uint8_t line = 0; line < 6; line++) {
      for (unsigned kind = 0; kind < 8 * 8 * 6; kind++) {
        const unsigned how = kind / 64;
        ram_fault fault = {.kind = how < 4 ? COUPLED : INVERTED};
        fault.at = places[place];
        fault.by_at = (uint16_t)(places[place] ^ 1u << line);
        fault.bit = kind & 7;
        fault.by_bit = kind >> 3 & 7;
        fault.by_value = (how & 1) != 0;
        fault.value = (how & 2) != 0;
        CHECK(finds(fault));
      }
    }
  }
  return true;
}

static bool finds_dead_address_lines(void) {
  begin(2048);
  for (uint8_t line = 0; line < 11; line++) {
    CHECK(finds((ram_fault){.kind = LINE_LOW, .line = line}));
    CHECK(finds((ram_fault){.kind = LINE_HIGH, .line = line}));
  }
  return true;
}

static bool findings_do_not_stop_the_board(void) {
  begin(64);
  a.fault = (ram_fault){.kind = STUCK, .at = 5, .bit = 1, .value = true};
  a.cpu_fault = true;
  cc_self_test_report_message report;
  CHECK(report_of(0, &report));
  CHECK(report.flags == (CC_SELFTEST_REPORT_RAM_TESTED | CC_SELFTEST_REPORT_RAM_FAULT | CC_SELFTEST_REPORT_CPU_FAULT));
  CHECK(report.ram_fault_at == 5);
  CHECK(a.context.failed_reason == CC_FAILED_REASON_NONE);
  give_input(&a, 1, "\x05w\x40");
  board_run(&a, 0);
  CHECK(take_result(&a, 1, NULL) != 0);
  return true;
}

static bool what_is_there_comes_first(void) {
  begin(64);
  give_self_test(&a, 1);
  give_input(&a, 1, "\x05");
  give_self_test(&a, 0); /* takes the place of the one before */
  give_input(&a, 2, "\x05");
  board_run(&a, 0);
  said s;
  const uint8_t order[] = {CC_RESULT, CC_RESULT, CC_SELFTEST_REPORT};
  for (unsigned i = 0; i < sizeof order; i++) {
    CHECK(take(&a, &s) && s.frame.type == order[i]);
  }
  cc_self_test_report_message report;
  CHECK(cc_unpack_self_test_report(s.frame.body, s.frame.end, &report) && report.slice == 0);
  CHECK(!take(&a, &s));
  return true;
}

static bool waits_for_room(void) {
  begin(64);
  a.tx_blocked = true;
  give_self_test(&a, 0);
  board_run(&a, 3);
  CHECK(a.marched[0] == 0 && a.tx_to == 0);
  a.tx_blocked = false;
  board_run(&a, 0);
  CHECK(take_all(&a, CC_SELFTEST_REPORT, NULL) == 1);
  return true;
}

static bool belongs_to_its_session(void) {
  begin(64);
  give_self_test(&a, 0);
  give_open(&a, 2, 1, 0xb007, true);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_SELFTEST_REPORT, NULL) == 0 && a.context.session == 2);
  give_self_test(&a, 0);
  give_open(&a, 2, 1, 0xb007, true); /* a repeat of OPEN begins nothing */
  board_run(&a, 0);
  CHECK(take_all(&a, CC_SELFTEST_REPORT, NULL) == 1);
  give_self_test(&a, 0);
  give_violation(&a, 1, 3);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_SELFTEST_REPORT, NULL) == 0 && a.context.failed_reason == CC_FAILED_REASON_VIOLATION);
  return true;
}

TEST_LIST(self_test_tests, {"R19: the self-test sums up flash piece by piece", pieces_of_flash, NEEDS_SELF_TEST},
          {"R19: it marches once over every two cells whose addresses differ in one line, and they keep what they held", every_pair_once, NEEDS_SELF_TEST},
          {"R19: it finds every bit that is stuck or cannot change, and where", finds_bits_that_cannot_change, NEEDS_SELF_TEST},
          {"R19: it finds every bit that changes with one of a neighbour", finds_coupled_neighbours, NEEDS_SELF_TEST},
          {"R19: it finds every address line that does nothing", finds_dead_address_lines, NEEDS_SELF_TEST},
          {"R19: what it finds is told, and does not stop the board", findings_do_not_stop_the_board, NEEDS_SELF_TEST},
          {"R19: inputs that are there come before a slice, and the last slice asked for is the one that is run", what_is_there_comes_first, NEEDS_SELF_TEST | NEEDS_WINDOW_2},
          {"R19: a slice is run when there is room for its report", waits_for_room, NEEDS_SELF_TEST},
          {"R19: a slice is not run in another session, nor by a board that is locked out", belongs_to_its_session, NEEDS_SELF_TEST});
