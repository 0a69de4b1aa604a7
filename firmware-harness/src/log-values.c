/* cc_logf (log.h): a line with values in it, in as little flash as that takes. */
#include <string.h>

#include "core.h"

/* One byte more than goes out: then cc_say sees that it is too long. */
typedef struct {
  char text[CC_BODY_BYTES + 1];
  uint8_t length;
} log_line;

static void put(log_line *line, char letter) {
  if (line->length < sizeof line->text) line->text[line->length++] = letter;
}

static void put_times(log_line *line, char letter, int8_t times) {
  while (times-- > 0) put(line, letter);
}

/* What stands between % and its letter. */
typedef struct {
  uint8_t width;
  bool has_zeros;
} log_format;

static void put_number(log_line *line, const cc_value *value, const log_format *format, uint8_t base) {
  char digits[12]; /* from the last one on */
  uint8_t count = 0;
  uint32_t rest = value->as.number;
  const bool is_negative = value->kind != CC_UNSIGNED_VALUE && base == 10 && (int32_t)rest < 0;
  if (is_negative) rest = 0 - rest;
  const uint8_t least = value->kind == CC_HUNDREDTHS_VALUE ? 4 : 1; /* 0.05 */
  while (rest > 0 || count < least) {
    if (least == 4 && count == 2) {
      digits[count++] = '.';
      continue;
    }
    const uint8_t digit = (uint8_t)(rest % base);
    digits[count++] = (char)(digit < 10 ? '0' + digit : 'a' - 10 + digit);
    rest /= base;
  }
  const int8_t missing = (int8_t)(format->width - count - is_negative);
  if (!format->has_zeros) put_times(line, ' ', missing);
  if (is_negative) put(line, '-');
  if (format->has_zeros) put_times(line, '0', missing);
  while (count > 0) put(line, digits[--count]);
}

static void put_value(log_line *line, const cc_value *value, const log_format *format, char letter) {
  if (value->kind == CC_TEXT_VALUE) {
    const size_t length = strlen(value->as.text);
    if (length < format->width) put_times(line, ' ', (int8_t)(format->width - length));
    for (const char *at = value->as.text; *at != '\0' && line->length < sizeof line->text; at++) put(line, *at);
  } else if (letter == 'c') {
    put(line, (char)value->as.number);
  } else {
    put_number(line, value, format, letter == 'x' ? 16 : 10);
  }
}

/* Takes the format's letter up to which it comes; NUL at its end. */
static char next_letter(const char **at) { return (char)CC_FLASH_U8((const uint8_t *)(*at)++); }

void cc_log_values(const char *format, const cc_value *values) {
  cc_context *c = cc_used();
  if (!cc_can_say(c)) return;
  log_line line;
  line.length = 0;
  for (char letter; (letter = next_letter(&format)) != '\0';) {
    if (letter != '%') {
      put(&line, letter);
      continue;
    }
    log_format said = {0, false};
    while ((letter = next_letter(&format)) >= '0' && letter <= '9') {
      if (letter == '0' && said.width == 0) said.has_zeros = true;
      said.width = (uint8_t)(said.width * 10 + (letter - '0'));
    }
    if (letter == '.') { /* %.1f: there are two decimals, whatever is asked for */
      while ((letter = next_letter(&format)) >= '0' && letter <= '9') continue;
    }
    while (letter == 'l' || letter == 'h') letter = next_letter(&format); /* a value knows its own size */
    if (letter == '%') {
      put(&line, letter);
    } else if (letter == '\0') {
      break;
    } else if (values->kind == CC_NO_VALUE) {
      put(&line, '?'); /* a letter without a value */
    } else {
      if (said.width > CC_BODY_BYTES) said.width = CC_BODY_BYTES;
      put_value(&line, values++, &said, letter);
    }
  }
  cc_say(c, line.text, line.length);
}
