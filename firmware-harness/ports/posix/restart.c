/* A restart is the same program executed again; the environment plays the part of RAM that is not initialised. */
#define _XOPEN_SOURCE 600
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../../src/core.h"
#include "port.h"

enum { WATCHDOG_TICKS = 10, WATCHDOG_TICK_MS = 100 };

static char **arguments;
static const posix_board *remembered;
static cc_context *running;
static volatile sig_atomic_t unfed_ticks;

void posix_remember(char **argv, posix_board *board) {
  arguments = argv;
  remembered = board;
}

const char *posix_kept(const char *name) { return getenv(name); }

static void tick_every(long ms) {
  const struct itimerval timer = {{0, ms * 1000}, {0, ms * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

void posix_restart(const char *cause) {
  char number[16];
  snprintf(number, sizeof number, "%d", remembered->tty);
  setenv("COPYCAT_TTY", number, 1);
  setenv("COPYCAT_CAUSE", cause, 1);
  snprintf(number, sizeof number, "%lu", (unsigned long)running->start.boot);
  setenv("COPYCAT_BOOT", number, 1);
  snprintf(number, sizeof number, "%lu", (unsigned long)running->start.unit);
  setenv("COPYCAT_UNIT", number, 1);
  if (posix_stepped()) posix_keep_run(remembered);
  fflush(stdout);
  tick_every(0); /* it would outlive this program, and end the next one before that takes its signal */
  execv("/proc/self/exe", arguments);
  _exit(1);
}

/*
 * A second of its own time, and not of the wall clock's: signals of one kind do not queue, so a busy machine that does not let this
 * process run counts as one tick, however long. A real board has a processor to itself.
 */
static void tick(int signal) {
  (void)signal;
  unfed_ticks++;
  if (unfed_ticks > WATCHDOG_TICKS) posix_restart("watchdog");
}

static uint32_t crc_of_program(void) {
  uint32_t crc = CC_CRC_BEGIN;
  FILE *program = fopen("/proc/self/exe", "rb");
  if (program == NULL) return 0;
  uint8_t block[4096];
  for (size_t length = fread(block, 1, sizeof block, program); length > 0;
       length = fread(block, 1, sizeof block, program)) {
    crc = cc_crc_bytes(crc, block, (uint16_t)length);
  }
  fclose(program);
  return ~crc;
}

static uint32_t next_boot(void) {
  const char *last = posix_kept("COPYCAT_BOOT");
  if (last != NULL) return (uint32_t)strtoul(last, NULL, 10) + 1;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  const uint32_t crc = cc_crc_u32(cc_crc_u32(CC_CRC_BEGIN, (uint32_t)now.tv_sec), (uint32_t)now.tv_nsec);
  return ~cc_crc_u32(crc, (uint32_t)getpid());
}

/* COPYCAT_UNIT, 0 for a board that cannot tell; otherwise made of the terminal's name, or of the process where it has none. */
static uint32_t this_unit(void) {
  const char *kept = posix_kept("COPYCAT_UNIT");
  if (kept != NULL) return (uint32_t)strtoul(kept, NULL, 0);
  const char *name = posix_name_of(remembered->tty);
  const uint32_t unit = name != NULL ? cc_crc_text(name) : ~cc_crc_u32(CC_CRC_BEGIN, (uint32_t)getpid());
  return unit != 0 ? unit : 1;
}

static uint8_t cause_of_start(void) {
  const char *cause = posix_kept("COPYCAT_CAUSE");
  if (cause == NULL) return CC_HELLO_RESET_CAUSE_POWER_ON;
  if (strcmp(cause, "commanded") == 0) return CC_HELLO_RESET_CAUSE_COMMANDED;
  return strcmp(cause, "watchdog") == 0 ? CC_HELLO_RESET_CAUSE_WATCHDOG : CC_HELLO_RESET_CAUSE_EXTERNAL;
}

void cc_hal_start(cc_context *c, cc_start *start) {
  running = c;
  start->unit = this_unit();
  start->boot = next_boot();
  start->image_hash = crc_of_program();
  start->rx_bytes = PORT_RX_BYTES;
  start->reset_cause = cause_of_start();
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = tick;
  action.sa_flags = SA_NODEFER | SA_RESTART; /* the program that is executed from the handler needs the signal again */
  sigaction(SIGALRM, &action, NULL);
}

void cc_hal_feed_watchdog(cc_context *c) {
  (void)c;
  static bool is_armed;
  if (posix_stepped()) return; /* between two runs its time stands still */
  unfed_ticks = 0;
  if (!is_armed) tick_every(WATCHDOG_TICK_MS);
  is_armed = true;
}

void cc_hal_restart(cc_context *c) {
  (void)c;
  posix_restart("commanded");
}
