/* Which board this is, whatever it runs: a number that is made once and kept in EEPROM. */
#include <avr/boot.h>
#include <avr/eeprom.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "../../src/core.h"
#include "port.h"

#if CC_WITH_UNIT

/* The last bytes of EEPROM: sketches count theirs from 0. An erased EEPROM, all ones, is not a record. */
typedef struct {
  uint32_t unit;
  uint32_t check; /* crc32 of UNIT_MAGIC and unit */
} unit_record;
enum { RECORD_AT = E2END + 1 - sizeof(unit_record) };
#define UNIT_MAGIC 0x74696e75u

/* Serial bytes of the signature row (lot, wafer and place on it). The data sheet of the ATmega328PB lists them; the
 * ATmega328P has them too, though its data sheet does not say so, and copies of the chip may not. */
enum { FIRST_SERIAL_BYTE = 0x0e, LAST_SERIAL_BYTE = 0x17 };

static unit_record record;
static uint8_t unwritten; /* bytes of `record` that EEPROM has not got yet, from its end */

static uint32_t check_of(uint32_t unit) { return cc_crc_u32(cc_crc_u32(CC_CRC_BEGIN, UNIT_MAGIC), unit); }

static uint8_t serial_byte(uint8_t at) {
  uint8_t byte;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { byte = boot_signature_byte_get(at); } /* within three cycles */
  return byte;
}

bool port_unit_kept(uint32_t *unit) {
  eeprom_read_block(&record, (const void *)RECORD_AT, sizeof record);
  *unit = record.unit;
  return record.check == check_of(record.unit);
}

uint32_t port_unit_made(uint32_t noise) {
  uint32_t crc = cc_crc_u32(CC_CRC_BEGIN, noise);
  for (uint8_t at = FIRST_SERIAL_BYTE; at <= LAST_SERIAL_BYTE; at++) crc = cc_crc_byte(crc, serial_byte(at));
  return crc != 0 ? crc : 1; /* 0 is for boards that cannot tell */
}

void port_unit_keep(uint32_t unit) {
  record.unit = unit;
  record.check = check_of(unit);
  unwritten = sizeof record;
}

void port_unit_write(void) {
  if (unwritten == 0 || !eeprom_is_ready()) return;
  unwritten--;
  EEAR = (uint16_t)(RECORD_AT + unwritten);
  EEDR = ((const uint8_t *)&record)[unwritten];
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    EECR = _BV(EEMPE);
    EECR |= _BV(EEPE); /* within four cycles */
  }
}
#endif
