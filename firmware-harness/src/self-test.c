#include "core.h"

/* Known answers from multiplier, shifter, carry and table look-up; `volatile` keeps the compiler from knowing them. */
static bool cpu_answers(void) {
  volatile uint32_t a = 0x12345678;
  volatile uint16_t b = 0xa5c3;
  volatile int16_t d = -12345;
  if (a * b != 0x99993568u) return false;
  if ((a << 5) != 0x468acf00u || (a >> 7) != 0x002468acu) return false;
  if ((int32_t)d * d != 152399025) return false;
  if (a + 0xedcba988u != 0) return false;
  if ((uint8_t)(b >> 8) - (uint8_t)b != -30) return false;
  return cc_crc_text("123456789") == 0xcbf43926u;
}

void cc_send_report(cc_context *c) {
  cc_self_test_report_message report = {.slice = c->report_slice, .flags = 0, .flash_crc = 0};
  cc_hal_self_test(c, c->report_slice, &report);
  if (!cpu_answers()) report.flags |= CC_SELFTEST_REPORT_CPU_FAULT;
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_SELFTEST_REPORT, c->session, 0);
  cc_send(c, wire, cc_pack_self_test_report(at, &report));
  c->report_due = false;
  if (report.flags & (CC_SELFTEST_REPORT_RAM_FAULT | CC_SELFTEST_REPORT_CPU_FAULT)) {
    cc_stop(c, CC_FAILED_REASON_SELF_TEST, report.flags);
  }
}
