/* What the files of this port know of each other. */
#ifndef COPYCAT_AVR_PORT_H
#define COPYCAT_AVR_PORT_H

#include <stdint.h>

#include "../../include/copycat/hal.h"

#ifndef CC_BAUD
#define CC_BAUD 500000UL
#endif

enum { PORT_RX_BYTES = CC_RX_RING_BYTES - 1 };

/* The one context; its address is in the image's symbols file. */
extern cc_context cc_port_context;

/* start.c: in flash, to be read by pgm_read_dword. */
extern const uint32_t port_image_hash;

/* self-test.c: crc32 of so much of flash, with zeros where the image's hash stands. */
uint32_t port_flash_crc(uint32_t from, uint32_t length);

/* unit.c: what EEPROM holds; false when it holds none. */
bool port_unit_kept(uint32_t *unit);
/* A new one, of what RAM woke up with and of the chip's serial number. */
uint32_t port_unit_made(uint32_t noise);
/* From now on port_unit_write writes it, a byte at a time, without waiting: 3.4 ms each. */
void port_unit_keep(uint32_t unit);
void port_unit_write(void);

void port_uart_begin(void);
bool port_uart_idle(void);

#endif
