/* What the files of this port know of each other. */
#ifndef COPYCAT_POSIX_PORT_H
#define COPYCAT_POSIX_PORT_H

#include "copycat/hal.h"

enum { PORT_RX_BYTES = 1024 };

/* One board: a terminal, twenty pins, and what restarts keep. */
typedef struct {
  int tty;
  uint8_t rx[PORT_RX_BYTES];
  int rx_length;
  int rx_taken;
  int16_t levels[20];
  int32_t readings[20];
} posix_board;

/* serial.c: opens `path`, or a pseudo-terminal of its own when it is NULL, whose name it prints. Negative: failed. */
int posix_open(const char *path);

/* restart.c: the same program again, with the terminal still open. Does not return. */
void posix_remember(char **argv, posix_board *board);
void posix_restart(const char *cause);
const char *posix_kept(const char *name);

/* commands.c: what comes in on standard input. False at its end. */
bool posix_take_commands(cc_context *c);

#endif
