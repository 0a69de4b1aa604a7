/* The one context of a sketch. */
#if defined(ARDUINO)
#include "../core.h"
#include "port.h"

cc_context cc_port_context;

void cc_port_use_context(void) { cc_use(&cc_port_context); }
#endif
