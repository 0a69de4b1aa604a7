/* The sketch as a process: `heater [TTY]`. Without TTY it opens a pseudo-terminal and prints its name; COPYCAT_TTY is the
 * number of a descriptor that is already open. */
#define _XOPEN_SOURCE 600
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "port.h"

void setup(void);
void loop(void);

static bool commands_open = true;

void cc_hal_idle(cc_context *c) {
  const posix_board *board = c->port;
  struct pollfd wanted[2] = {{board->tty, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  poll(wanted, commands_open ? 2 : 1, 1);
  if (wanted[1].revents != 0) commands_open = posix_take_commands(c);
}

int main(int argc, char **argv) {
  static cc_context context;
  static posix_board board;
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *kept = posix_kept("COPYCAT_TTY");
  board.tty = kept != NULL ? atoi(kept) : posix_open(argc > 1 ? argv[1] : NULL);
  if (board.tty < 0) {
    perror(argc > 1 ? argv[1] : "no pseudo-terminal");
    return 1;
  }
  fcntl(board.tty, F_SETFL, fcntl(board.tty, F_GETFL) | O_NONBLOCK);
  posix_remember(argv, &board);
  posix_clock_begin();
  context.port = &board;
  cc_use(&context);
  setup();
  if (posix_stepped()) {
    posix_resume_run(&context);
    while (posix_take_commands(&context)) continue; /* nothing happens but what they ask for */
    return 0;
  }
  for (;;) {
    loop();
    if (!context.worked) cc_hal_idle(&context);
  }
}
