/* Outputs and sources that functions of the sketch stand for. Nothing of this file is linked unless the sketch declares one:
 * the library reaches it through two pointers of the context alone. The functions are the program's, as on_input is: the same on
 * every board of a process. */
#include <stddef.h>

#include "core.h"

static int32_t (*readers[CC_MAX_SOURCES])(void);

static struct {
  void (*write)(int16_t level);
  int16_t (*read_back)(void);
} drivers[CC_MAX_OUTPUTS];

static int32_t read_source(uint8_t source) { return readers[source](); }

static int16_t use_output(const cc_context *c, uint8_t output, const int16_t *level) {
  if (level != NULL) {
    drivers[output].write(*level);
  } else if (drivers[output].read_back != NULL) {
    return drivers[output].read_back();
  }
  return c->outputs[output].written_level; /* all that is known of what nothing can look at */
}

/* A call of no function would start the program anew, without end. */
static bool is_there(cc_context *c, bool is_given, uint8_t line) {
  if (!is_given) cc_stop(c, CC_FAILED_REASON_INTERNAL, line);
  return is_given;
}

void cc_declare_own_source(cc_context *c, uint8_t source, int32_t (*read)(void)) {
  if (!is_there(c, read != NULL, source) || !cc_source_declare(c, source, source, CC_OWN_LINE)) return;
  readers[source] = read;
  c->read_own_source = read_source;
}

void cc_declare_own_output(cc_context *c, uint8_t output, void (*write)(int16_t), int16_t (*read_back)(void), int16_t safe_level) {
  if (!is_there(c, write != NULL, output) || !cc_output_declare(c, output, output, CC_OWN_LINE, safe_level)) return;
  drivers[output].write = write;
  drivers[output].read_back = read_back;
  c->use_own_output = use_output;
  write(safe_level);
}
