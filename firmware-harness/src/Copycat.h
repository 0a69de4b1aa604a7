/* Copycat for Arduino sketches: the functions of ../include/copycat/copycat.h, whose comments are their manual, on the
 * core's own serial port, pins and clock.
 *
 *   #include <Copycat.h>
 *
 * Without more the gateway is spoken to over `Serial`, at CC_BAUD, from cc_begin on: no Serial.begin, no Serial.print, for
 * what a sketch prints disturbs the exchange. Lines for people go through cc_log. */
#ifndef COPYCAT_ARDUINO_H
#define COPYCAT_ARDUINO_H

#include "../include/copycat/copycat.h"

/* Bits per second of `Serial`; a 16 MHz AVR makes 250000, 500000 and 1000000 exactly. */
#ifndef CC_BAUD
#define CC_BAUD 500000UL
#endif

#ifdef __cplusplus
#include <Arduino.h>

/* Bytes that a serial port of this core keeps until they are read; 63 is what the smallest of them do. */
#if defined(SERIAL_RX_BUFFER_SIZE)
enum { CC_SERIAL_RX_BYTES = SERIAL_RX_BUFFER_SIZE - 1 };
#else
enum { CC_SERIAL_RX_BYTES = 63 };
#endif

/* In setup, before cc_begin: the gateway is at the other end of `stream`, which the sketch has begun. `rx_bytes` is what
 * the stream keeps until it is read: the gateway never has more on the way than that. A stream whose availableForWrite
 * always is 0 (SoftwareSerial) takes one byte at each cc_poll, and may wait until it has left. */
void cc_stream(Stream &stream, uint16_t rx_bytes = CC_SERIAL_RX_BYTES);

#if !defined(__AVR__) && !defined(CC_IN_LIBRARY)
/* Only an AVR sums up its flash for HELLO's image hash. Elsewhere the time at which the sketch was compiled stands for it:
 * one build on both boards is one image, two builds are two. */
extern "C" __attribute__((weak)) const char *cc_built(void) { return __DATE__ " " __TIME__; }
#endif
#endif

#endif
