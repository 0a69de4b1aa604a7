/* What is known of this start, and how to make another. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/wdt.h>
#include <stddef.h>

#include "../../src/core.h"
#include "port.h"

/* Of RAM as it woke up, summed up for a new boot number: thousands of bits, some of which fall differently every time.
 * All of RAM would take longer than a HELLO may. */
enum { WOKEN_BYTES = 512 };

/* Optiboot clears MCUSR and leaves in r2 what it was; the bootloader of a Mega tells nobody. */
#if defined(__AVR_ATmega328P__)
enum { BOOTLOADER_TELLS_CAUSE = true };
#else
enum { BOOTLOADER_TELLS_CAUSE = false };
#endif

#define KEPT_MAGIC 0xc0b1ca76u
#define COMMANDED 0x5a

/* The crc32 of the program with zeros in this place; tools/build-firmware.mjs puts it into the image. It is the first
 * thing the linker places behind the vectors, so it has the same address in every image of this processor. */
const uint32_t port_image_hash __attribute__((section(".progmem.gcc_image_hash"), used)) = 0;

/* Survives a restart, not a loss of power; the complement tells one from the other. */
static struct {
  uint32_t magic;
  uint32_t boot;
  uint32_t boot_inverted;
  uint32_t unit; /* told in this session of power, though perhaps not yet in EEPROM */
  uint8_t commanded;
} kept __attribute__((section(".noinit")));

uint8_t port_reset_flags __attribute__((section(".noinit")));
uint8_t port_bootloader_flags __attribute__((section(".noinit")));

/* Before main: after a watchdog reset the watchdog still runs, at its shortest. */
void port_early(void) __attribute__((naked, used, section(".init3")));
void port_early(void) {
  __asm__ volatile("sts %0, r2" : "=m"(port_bootloader_flags));
  port_reset_flags = MCUSR;
  MCUSR = 0;
  wdt_disable();
}

extern uint8_t __heap_start[]; /* first byte of RAM that nothing initialises */

/* Reading all of flash takes 0.1 s, too long for a board that restarts in flight: so only an image that was built
 * without the tool does, and says the same. */
static uint32_t image_hash(cc_context *c) {
  const uint32_t built_in = pgm_read_dword(&port_image_hash);
  return built_in != 0 ? built_in : port_flash_crc(0, cc_hal_flash_bytes(c));
}

static bool has_restarted(void) { return kept.magic == KEPT_MAGIC && kept.boot == ~kept.boot_inverted; }

static uint8_t cause_of_reset(bool commanded) {
  uint8_t flags = port_reset_flags;
  if (BOOTLOADER_TELLS_CAUSE && flags == 0 && (port_bootloader_flags & 0xf0) == 0) flags = port_bootloader_flags;
  if (flags & _BV(PORF)) return CC_HELLO_RESET_CAUSE_POWER_ON;
  if (flags & _BV(BORF)) return CC_HELLO_RESET_CAUSE_BROWN_OUT;
  if (commanded) return CC_HELLO_RESET_CAUSE_COMMANDED;
  if (flags & _BV(WDRF)) return CC_HELLO_RESET_CAUSE_WATCHDOG;
  if (flags & _BV(EXTRF)) return CC_HELLO_RESET_CAUSE_EXTERNAL;
  /* A bootloader that tells nobody: RAM still knows whether the supply was gone. */
  return has_restarted() ? CC_HELLO_RESET_CAUSE_UNKNOWN : CC_HELLO_RESET_CAUSE_POWER_ON;
}

/* One more than before after a restart; after a loss of power whatever RAM woke up with. */
static uint32_t next_boot(void) {
  if (has_restarted()) return kept.boot + 1;
  uint32_t crc = cc_crc_u32(CC_CRC_BEGIN, kept.boot ^ kept.boot_inverted);
  const uint16_t there = (uint16_t)(RAMEND + 1 - (uint16_t)__heap_start);
  return ~cc_crc_bytes(crc, __heap_start, there < WOKEN_BYTES ? there : WOKEN_BYTES);
}

#if CC_WITH_UNIT
/* Never made anew while EEPROM has one. A restart before it was written there must not make another: it has been told. */
static uint32_t this_unit(uint32_t noise) {
  uint32_t unit;
  if (port_unit_kept(&unit)) return unit;
  unit = has_restarted() ? kept.unit : port_unit_made(noise);
  port_unit_keep(unit);
  return unit;
}
#else
static uint32_t this_unit(uint32_t noise) {
  (void)noise;
  return 0; /* it cannot tell */
}
#endif

void cc_hal_start(cc_context *c, cc_start *start) {
  start->boot = next_boot();
  start->unit = this_unit(start->boot);
  start->reset_cause = cause_of_reset(kept.magic == KEPT_MAGIC && kept.commanded == COMMANDED);
  start->image_hash = image_hash(c);
  start->rx_bytes = PORT_RX_BYTES;
  kept.magic = KEPT_MAGIC;
  kept.boot = start->boot;
  kept.boot_inverted = ~start->boot;
  kept.unit = start->unit;
  kept.commanded = 0;
  wdt_enable(WDTO_1S);
}

void cc_hal_feed_watchdog(cc_context *c) {
  (void)c;
  wdt_reset();
#if CC_WITH_UNIT
  port_unit_write();
#endif
}

void cc_hal_restart(cc_context *c) {
  (void)c;
  cli();
  *(volatile uint8_t *)&kept.commanded = COMMANDED; /* nothing in this program reads it any more */
  wdt_enable(WDTO_15MS);
  for (;;) continue;
}
