/* What the files of this port know of each other. */
#ifndef COPYCAT_POSIX_PORT_H
#define COPYCAT_POSIX_PORT_H

#include "copycat/hal.h"

enum { PORT_RX_BYTES = 1024, PORT_RAM_BYTES = 2048 };

/* One board: a terminal, twenty pins, and what restarts keep. */
typedef struct {
  int tty;
  uint8_t rx[PORT_RX_BYTES];
  int rx_length;
  int rx_taken;
  uint32_t sent_bytes;
  int16_t levels[20];
  int32_t readings[20];
  uint8_t ram[PORT_RAM_BYTES]; /* for the self-test alone */
  uint8_t stuck_high[PORT_RAM_BYTES];
  uint8_t stuck_low[PORT_RAM_BYTES];
  bool wrong_registers;
} posix_board;

/* serial.c: opens `path`, or a pseudo-terminal of its own when it is NULL, whose name it prints. Negative: failed. */
int posix_open(const char *path);

/* serial.c: the terminal's name, of a pseudo-terminal of its own the other side's; NULL when it has none. */
const char *posix_name_of(int tty);

/* serial.c: true when there is a byte to take. */
bool posix_has_received(posix_board *board);

/* restart.c: the same program again, with the terminal still open. Does not return. */
void posix_remember(char **argv, posix_board *board);
void posix_restart(const char *cause);
const char *posix_kept(const char *name);

/* clock.c: in stepped time the board runs only while a line asks it to, for so many of its milliseconds; then it prints
 * how many bytes it has sent since it was first started. A restart in the middle of a run goes on with it. */
void posix_clock_begin(void);
bool posix_stepped(void);
void posix_run(cc_context *c, uint32_t run_ms);
void posix_keep_run(const posix_board *board);
void posix_resume_run(cc_context *c);

/* self-test.c: a bit of its RAM sticks at `value`. False when there is no such bit. */
bool posix_stick(posix_board *board, unsigned at, unsigned bit, unsigned value);

/* commands.c: what comes in on standard input. False at its end. */
bool posix_take_commands(cc_context *c);

#endif
