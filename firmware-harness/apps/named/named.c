/* What a sketch pays for what it calls: the least sketch with one more of the library's functions (docs/firmware-costs.md). */
#include "copycat/copycat.h"

#if defined(WITH_BLOCK) /* the same state, in one block */
static struct {
  uint16_t limit;
  bool is_open;
  cc_timer report;
  uint8_t sum;
} state;
#define sum state.sum
#else
static uint8_t sum;
static uint16_t limit;
static bool is_open;
static cc_timer report;
#endif

static void on_input(const cc_input *input) {
  for (uint8_t i = 0; i < input->length; i++) sum = (uint8_t)(sum + input->payload[i]);
#if defined(WITH_EVERY)
  if (cc_every(&report, 1000)) sum = 0;
#endif
#if defined(WITH_LOG)
  cc_log("sum");
#elif defined(WITH_LOGF)
  cc_logf("sum %d", sum);
#elif defined(WITH_REAL)
  cc_logf("sum %f", sum / 2.0f);
#endif
#if defined(WITH_REPLY_STATE)
  cc_reply_state();
#else
  cc_reply(&sum, sizeof sum);
#endif
}

void setup(void) {
#if defined(WITH_BLOCK)
  cc_state(&state, sizeof state);
#else
  CC_STATE(sum, limit, is_open, report);
#endif
  cc_begin("named", 1, on_input);
}

void loop(void) { cc_poll(); }
