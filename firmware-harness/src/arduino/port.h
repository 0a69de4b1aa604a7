/* What the files of the Arduino port know of each other. */
#ifndef COPYCAT_ARDUINO_PORT_H
#define COPYCAT_ARDUINO_PORT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* stream.cpp: the stream the sketch has chosen, or `Serial`. */
void cc_port_stream_begin(void);
uint16_t cc_port_stream_rx_bytes(void);
bool cc_port_stream_read(uint8_t *byte);
bool cc_port_stream_has_bytes(void);
/* Writes what the stream takes without waiting; how many bytes of `length` that was. */
uint8_t cc_port_stream_write(const uint8_t *bytes, uint8_t length);

/* context.c: before any function of copycat.h is called. */
void cc_port_use_context(void);

#ifdef __cplusplus
}
#endif

#endif
