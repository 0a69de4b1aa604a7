/* AVR: which board this is, kept in the last bytes of EEPROM; a sketch's own EEPROM.put counts from 0. */
#if defined(ARDUINO) && defined(__AVR__)
#include "../../ports/avr/unit.c"
#endif
