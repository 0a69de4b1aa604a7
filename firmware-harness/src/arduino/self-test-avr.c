/* AVR: flash, RAM and registers are tested as by the bare port. */
#if defined(ARDUINO) && defined(__AVR__)
#include "../../ports/avr/self-test.c"
#endif
