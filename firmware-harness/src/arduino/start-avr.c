/* AVR: the start of the bare port, which the core's own code leaves as it was: reset cause, boot number, watchdog. */
#if defined(ARDUINO) && defined(__AVR__)
#include "port.h"

#define cc_hal_start start_of_bare_port
#include "../../ports/avr/start.c"
#undef cc_hal_start

/* Nobody puts the hash into an image that the Arduino IDE builds, so it is summed up at every start, 4 ms for each KB: the
 * gateway hears so much later of a board that has restarted. What it sends meanwhile waits in the core's buffer. */
void cc_hal_start(cc_context *c, cc_start *start) {
  cc_port_stream_begin();
  start_of_bare_port(c, start);
  start->rx_bytes = cc_port_stream_rx_bytes();
}
#endif
