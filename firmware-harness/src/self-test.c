/* One slice of the self-test; copycat/self-test.h says what it is for and what it costs. */
#include "../include/copycat/self-test.h"

#include "core.h"

#if CC_WITH_SELF_TEST

/* Known answers from multiplier, shifter, carry and table look-up; `volatile` keeps the compiler from knowing them. */
CC_NOINLINE static bool cpu_answers(void) {
  volatile uint32_t a = 0x12345678;
  volatile uint16_t b = 0xa5c3;
  volatile int16_t d = -12345;
  volatile uint8_t e = 200;
  if (a * b != 0x99993568u) return false;
  if ((a << 5) != 0x468acf00u || (a >> 7) != 0x002468acu) return false;
  if ((int32_t)d * d != 152399025) return false;
  if (a + 0xedcba988u != 0) return false;
  if ((uint8_t)(b >> 8) - (uint8_t)b != -30) return false;
  if (a / b != 7197 || a % b != 0x3b61 || d / 100 != -123) return false;
  if ((a & 0x0ff00ff0u) != 0x02300670u || (a | b) != 0x1234f7fbu || (a ^ ~a) != 0xffffffffu) return false;
  /* Carry, zero, sign and overflow, by the comparisons that need them. */
  if (!(e > 199 && e >= 200 && e < 201 && (int8_t)e < 0 && (uint8_t)(e + 56) == 0)) return false;
  if (!(d < -12344 && d > -12346 && b > 0x7fff && (int16_t)b < 0 && (int16_t)((uint16_t)d - 20424u) > 0)) return false;
  return cc_crc_text("123456789") == 0xcbf43926u;
}

static uint16_t flash_slices(uint32_t flash_bytes) {
  return (uint16_t)((flash_bytes + CC_FLASH_SLICE_BYTES - 1) / CC_FLASH_SLICE_BYTES);
}

CC_NOINLINE static void sum_flash(cc_context *c, uint32_t flash_bytes, cc_self_test_report_message *report) {
  const uint32_t from = (uint32_t)report->slice * CC_FLASH_SLICE_BYTES;
  if (from >= flash_bytes) return;
  const uint32_t left = flash_bytes - from;
  report->flash_bytes = left < CC_FLASH_SLICE_BYTES ? (uint16_t)left : CC_FLASH_SLICE_BYTES;
  report->flash_crc = cc_hal_flash_crc(c, from, report->flash_bytes);
}

/* Address lines that `ram_bytes` need. */
static uint8_t lines_of(uint16_t ram_bytes) {
  uint8_t lines = 0;
  while (ram_bytes > 1u && (ram_bytes - 1u) >> lines != 0) lines++;
  return lines;
}

static uint16_t ram_slices(uint8_t lines) {
  if (lines == 0) return 0;
  const uint32_t pairs = (uint32_t)lines << (lines - 1);
  return (uint16_t)((pairs + CC_RAM_SLICE_PAIRS - 1) / CC_RAM_SLICE_PAIRS);
}

/* Bits, pairs and halves of a byte against each other. */
static uint8_t background_of(uint8_t line) {
  static const uint8_t backgrounds[] = {0x00, 0x55, 0x33, 0x0f};
  return backgrounds[line & 3];
}

static void told_cell(cc_self_test_report_message *report, uint16_t at) {
  if (report->flags & CC_SELFTEST_REPORT_RAM_FAULT) return;
  report->flags |= CC_SELFTEST_REPORT_RAM_FAULT;
  report->ram_fault_at = at;
}

/* Pairs are numbered line by line; number n of a line are the two cells whose addresses are n with a 0 and with a 1 put in
 * at that line. */
CC_NOINLINE static void march_ram(cc_context *c, uint8_t lines, uint16_t ram_bytes, cc_self_test_report_message *report) {
  const uint16_t pairs_of_line = (uint16_t)(1u << (lines - 1));
  uint32_t skipped = (uint32_t)report->slice * CC_RAM_SLICE_PAIRS;
  uint8_t line = 0;
  for (; skipped >= pairs_of_line; skipped -= pairs_of_line) line++;
  uint16_t number = (uint16_t)skipped;
  uint16_t high_bit = (uint16_t)(1u << line);
  for (uint8_t i = 0; i < CC_RAM_SLICE_PAIRS && line < lines; i++) {
    const uint16_t high = number & (uint16_t)-high_bit;
    const uint16_t first = number + high; /* the high part moved up by one place, the low one left where it is */
    const uint16_t second = first | high_bit;
    if (second < ram_bytes) {
      const uint8_t found = cc_hal_march(c, first, second, background_of(line));
      if (found != CC_CELLS_WORK) told_cell(report, found == CC_FIRST_CELL_FAILS ? first : second);
      report->flags |= CC_SELFTEST_REPORT_RAM_TESTED;
    }
    if (++number == pairs_of_line) {
      number = 0;
      line++;
      high_bit = (uint16_t)(high_bit << 1);
    }
  }
}

/* Runs the slice that was asked for, if any, and reports it; the caller has found nothing else to do. True when it did. */
bool cc_run_self_test(cc_context *c) {
  if (!c->report_due || c->session == 0 || c->parked || c->failed_reason != CC_FAILED_REASON_NONE) return false;
  c->report_due = false;
  cc_self_test_report_message report = {.slice = c->report_slice};
  const uint32_t flash_bytes = cc_hal_flash_bytes(c);
  const uint16_t ram_bytes = cc_hal_ram_bytes(c);
  const uint8_t lines = lines_of(ram_bytes);
  sum_flash(c, flash_bytes, &report);
  if (report.slice < ram_slices(lines)) march_ram(c, lines, ram_bytes, &report);
  if (!cpu_answers() || !cc_hal_registers_work(c)) report.flags |= CC_SELFTEST_REPORT_CPU_FAULT;
  if (report.slice + 1u >= flash_slices(flash_bytes) && report.slice + 1u >= ram_slices(lines)) {
    report.flags |= CC_SELFTEST_REPORT_LAST;
  }
  cc_send_message(c, CC_SELFTEST_REPORT, 0, &report, CC_SELFTEST_REPORT_SHAPE);
  return true;
}
#endif
