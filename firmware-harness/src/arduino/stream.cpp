/* The Arduino core's `Stream`, which only C++ can call. */
#if defined(ARDUINO)
#define CC_IN_LIBRARY
#include "../Copycat.h"
#include "port.h"

static Stream *chosen;
static uint16_t chosen_rx_bytes;
static bool tells_room;

/* The sketch's setup already calls what needs the context. */
static struct Beginning {
  Beginning() { cc_port_use_context(); }
} beginning;

void cc_stream(Stream &stream, uint16_t rx_bytes) {
  chosen = &stream;
  chosen_rx_bytes = rx_bytes;
  tells_room = false;
}

void cc_port_stream_begin(void) {
  if (chosen != nullptr) return;
  Serial.begin(CC_BAUD);
  cc_stream(Serial);
}

uint16_t cc_port_stream_rx_bytes(void) { return chosen_rx_bytes; }

bool cc_port_stream_read(uint8_t *byte) {
  const int read = chosen->read();
  if (read < 0) return false;
  *byte = (uint8_t)read;
  return true;
}

bool cc_port_stream_has_bytes(void) { return chosen->available() > 0; }

/* Print's own availableForWrite is 0 for ever. Such a stream gets a byte at a time; one that is only full says more later. */
uint8_t cc_port_stream_write(const uint8_t *bytes, uint8_t length) {
  int room = chosen->availableForWrite();
  if (room > 0) {
    tells_room = true;
  } else if (!tells_room) {
    room = 1;
  }
  if (room <= 0) return 0;
  return (uint8_t)chosen->write(bytes, room < length ? (uint8_t)room : length);
}
#endif
