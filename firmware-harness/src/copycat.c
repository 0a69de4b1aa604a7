/* The sketch's side: the functions of copycat.h on the context that the port has put in use. */
#include "../include/copycat/copycat.h"

#include <string.h>

#include "core.h"

static cc_context *used;

void cc_use(cc_context *context) { used = context; }

cc_context *cc_used(void) { return used; }

void cc_state(void *state, uint16_t bytes) { cc_register_state(used, state, bytes); }

void cc_layout(const char *text) { used->layout = cc_crc_text(text); }

void cc_output(uint8_t output, uint8_t pin, uint8_t kind, int16_t safe_level) {
  if (cc_output_declare(used, output, pin, kind, safe_level)) cc_hal_output_begin(used, pin, kind, safe_level);
}

void cc_source(uint8_t source, uint8_t pin, uint8_t kind) {
  if (cc_source_declare(used, source, pin, kind)) cc_hal_source_begin(used, pin, kind);
}

void cc_own_output(uint8_t output, void (*write)(int16_t level), int16_t (*read_back)(void), int16_t safe_level) {
  cc_declare_own_output(used, output, write, read_back, safe_level);
}

void cc_own_source(uint8_t source, int32_t (*read)(void)) { cc_declare_own_source(used, source, read); }

void cc_silence(uint32_t timeout_ms, uint8_t policy) {
  used->silence_ms = timeout_ms;
  used->silence_policy = policy;
}

void cc_begin(const char *name, uint16_t version, cc_on_input on_input) {
  cc_context *c = used;
  c->name = name;
  c->version = version;
  c->on_input = on_input;
  if (c->state == NULL) c->state = c; /* a sketch without state: no byte is read */
  if (c->layout == 0) c->layout = cc_crc_text(name);
  if (c->silence_ms == 0) c->silence_ms = CC_SILENCE_MS;
  cc_hal_start(c, &c->start);
  c->now_ms = cc_hal_now_ms(c);
  c->digest = cc_state_digest(c);
  c->hello_asked = true;
  c->hello_ms = c->now_ms - CC_HELLO_INTERVAL_MS; /* should the first HELLO be lost, the next frame gets one at once */
  c->running = true;
}

bool cc_poll(void) {
  cc_context *c = used;
  c->worked = false;
  if (!c->running || c->restarting) return false; /* the watchdog is left to bite */
  cc_hal_feed_watchdog(c);
  c->now_ms = cc_hal_now_ms(c);
  cc_frame frame;
  bool worked = cc_receive(c, &frame);
  if (worked && !cc_dispatch(c, &frame)) c->bad_frames++;
  if (c->restarting) return false;
  cc_check_silence(c);
  if (c->failed_reason == CC_FAILED_REASON_NONE && !c->parked && c->session != 0) {
    worked |= cc_execute_next(c);
    cc_repeat_results(c);
  }
  worked |= cc_send_due(c);
#if CC_WITH_SELF_TEST
  if (!worked) worked = cc_run_self_test(c); /* what is there to be done comes before it */
#endif
  c->worked = worked;
  return worked;
}

void cc_idle(void) { cc_hal_idle(used); }

int32_t cc_sample(uint8_t source) {
  if (source >= CC_MAX_SOURCES) {
    cc_stop(used, CC_FAILED_REASON_INTERNAL, source);
    return 0;
  }
  const cc_source_line *line = &used->sources[source];
  if (line->kind == CC_OWN_LINE) return used->read_own_source(source);
  return cc_hal_source_read(used, line->pin, line->kind);
}

uint32_t cc_millis(void) { return cc_hal_now_ms(used); }

int32_t cc_read(uint8_t source) {
  cc_context *c = used;
  const int32_t own = cc_sample(source);
  if (c->executing == NULL) return own;
  cc_result *result = &c->executing->result;
  if (result->observed_count == CC_MAX_OBSERVED) {
    c->overflowed = true;
    return own;
  }
  const uint8_t nth = result->observed_count++;
  result->observed[nth] = own;
  return nth < c->given_count ? c->given[nth] : own; /* R21 */
}

void cc_write(uint8_t output, int16_t level) {
  if (used->executing == NULL || output >= used->output_count) return; /* R7: outside an input there is nothing to commit */
  cc_result *result = &used->executing->result;
  result->staged_levels[output] = level;
  result->staged = (uint8_t)(result->staged | 1u << output);
}

void cc_reply(const void *body, uint8_t bytes) {
  if (used->executing == NULL) return;
  cc_result *result = &used->executing->result;
  if (result->part_count == CC_MAX_PARTS || bytes > CC_SLOT_BYTES - result->length) {
    used->overflowed = true;
    return;
  }
  memcpy(result->bodies + result->length, body, bytes);
  result->length = (uint8_t)(result->length + bytes);
  result->part_length[result->part_count++] = bytes;
}

void cc_reject(void) {
  if (used->executing != NULL) used->executing->result.flags |= CC_RESULT_REJECTED;
}

void cc_fail(uint8_t reason, uint32_t detail) { cc_stop(used, reason, detail); }

bool cc_offer(const void *payload, uint8_t bytes) {
  cc_context *c = used;
  if (c->session == 0 || c->parked || c->failed_reason != CC_FAILED_REASON_NONE) return false;
  if (bytes > CC_BODY_BYTES || !cc_can_send(c)) return false;
  const cc_offer_message offer = {payload, bytes};
  cc_send_message(c, CC_OFFER, 0, &offer, CC_OFFER_SHAPE);
  return true;
}

void cc_log(const char *text) { cc_say(used, text, strlen(text)); }
