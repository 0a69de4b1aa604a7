#include <stddef.h>

#include "core.h"

static void show(cc_context *c, uint8_t output, int16_t level) {
  cc_output_line *line = &c->outputs[output];
  line->written_level = level;
  if (line->kind == CC_OWN_LINE) {
    c->use_own_output(c, output, &level);
  } else {
    cc_hal_output_write(c, line->pin, line->kind, level);
  }
}

static int16_t shown(cc_context *c, uint8_t output) {
  const cc_output_line *line = &c->outputs[output];
  if (line->kind == CC_OWN_LINE) return c->use_own_output(c, output, NULL);
  return cc_hal_output_read(c, line->pin, line->kind);
}

/* R7: the one level an output may take without a commit. */
void cc_outputs_safe(cc_context *c) {
  for (uint8_t i = 0; i < c->output_count; i++) show(c, i, c->outputs[i].safe_level);
}

/* Back to what was last committed, when a gateway takes a parked board back. */
void cc_outputs_acted(cc_context *c) {
  for (uint8_t i = 0; i < c->output_count; i++) show(c, i, c->outputs[i].acted_level);
}

void cc_output_take(cc_context *c, uint8_t output, int16_t level) {
  c->outputs[output].acted_level = level;
  show(c, output, level);
}

/* R29: a register that shows something else than was written was changed by nobody who may. */
bool cc_outputs_intact(cc_context *c) {
  for (uint8_t i = 0; i < c->output_count; i++) {
    if (shown(c, i) != c->outputs[i].written_level) return false;
  }
  return true;
}

uint8_t cc_outputs_read(cc_context *c, int16_t *levels) {
  for (uint8_t i = 0; i < c->output_count; i++) levels[i] = shown(c, i);
  return c->output_count;
}
