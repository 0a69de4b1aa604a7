/* What an output's register shows (R29), as far as the core lets it be seen. */
#ifndef COPYCAT_ARDUINO_OUTPUT_REGISTER_H
#define COPYCAT_ARDUINO_OUTPUT_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

/* What cc_port_output_shown gives for a pin that no longer is an output: no level equals it. */
enum { CC_OUTPUT_LOST = -1 };

/* For cores whose registers cannot be seen. */
void cc_port_output_written(uint8_t pin, int16_t level);

/* 0 or 1, with `is_pwm` 0 to 255. */
int16_t cc_port_output_shown(uint8_t pin, bool is_pwm);

#endif
