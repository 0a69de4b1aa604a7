/* The sketch as a process: `heater [TTY]`. Without TTY it opens a pseudo-terminal and prints its name. */
#define _XOPEN_SOURCE 600
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "port.h"

void setup(void);
void loop(void);

static bool commands_open = true;

uint32_t cc_hal_now_ms(cc_context *c) {
  (void)c;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

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
  posix_remember(argv, &board);
  context.port = &board;
  cc_use(&context);
  setup();
  for (;;) {
    loop();
    if (!context.worked) cc_hal_idle(&context);
  }
}
