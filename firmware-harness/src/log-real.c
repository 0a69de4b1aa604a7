/* A file of its own: only a sketch that logs a float has this and what it takes to multiply one. */
#include "core.h"

cc_value cc_value_of_real(double real) {
  /* Hundredths have to fit 32 bits. Neither NaN nor what is beyond them is within these. */
  if (!(real > -21000000 && real < 21000000)) return cc_value_of_text("?");
  cc_value value = cc_value_of_signed((int32_t)(real * 100 + (real < 0 ? -0.5 : 0.5)));
  value.kind = CC_HUNDREDTHS_VALUE;
  return value;
}
