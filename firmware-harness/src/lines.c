/* Which outputs and sources there are. A number beyond what the build has room for is a mistake that would otherwise show as an
 * output that never moves: the board stops itself and names it. */
#include "core.h"

static bool has_room(cc_context *c, uint8_t line, uint8_t room) {
  if (line < room) return true;
  cc_stop(c, CC_FAILED_REASON_INTERNAL, line);
  return false;
}

bool cc_output_declare(cc_context *c, uint8_t output, uint8_t pin, uint8_t kind, int16_t safe_level) {
  if (!has_room(c, output, CC_MAX_OUTPUTS)) return false;
  c->outputs[output] = (cc_output_line){pin, kind, safe_level, safe_level, safe_level};
  if (output >= c->output_count) c->output_count = (uint8_t)(output + 1);
  return true;
}

bool cc_source_declare(cc_context *c, uint8_t source, uint8_t pin, uint8_t kind) {
  if (!has_room(c, source, CC_MAX_SOURCES)) return false;
  c->sources[source] = (cc_source_line){pin, kind};
  return true;
}
