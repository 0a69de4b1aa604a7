/* Time: the machine's, or, with COPYCAT_CLOCK=stepped, whatever the lines on standard input let pass. */
#define _XOPEN_SOURCE 600
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "port.h"

void loop(void);

static bool stepped;
static uint32_t stepped_ms;
static uint32_t left_ms; /* of the run in work: a restart in the middle goes on with it */

void posix_clock_begin(void) {
  const char *kind = posix_kept("COPYCAT_CLOCK");
  stepped = kind != NULL && strcmp(kind, "stepped") == 0;
}

bool posix_stepped(void) { return stepped; }

uint32_t cc_hal_now_ms(cc_context *c) {
  (void)c;
  if (stepped) return stepped_ms;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

void posix_run(cc_context *c, uint32_t run_ms) {
  posix_board *board = c->port;
  for (left_ms = run_ms; left_ms > 0; left_ms--) {
    do {
      loop();
    } while (c->worked || posix_has_received(board));
    stepped_ms++;
  }
  printf("ran %lu\n", (unsigned long)board->sent_bytes);
}

void posix_keep_run(const posix_board *board) {
  char number[16];
  snprintf(number, sizeof number, "%lu", (unsigned long)left_ms);
  setenv("COPYCAT_RUN", number, 1);
  snprintf(number, sizeof number, "%lu", (unsigned long)board->sent_bytes);
  setenv("COPYCAT_SENT", number, 1);
}

void posix_resume_run(cc_context *c) {
  posix_board *board = c->port;
  const char *sent = posix_kept("COPYCAT_SENT");
  const char *run = posix_kept("COPYCAT_RUN");
  if (sent != NULL) board->sent_bytes = (uint32_t)strtoul(sent, NULL, 10);
  if (run != NULL && strcmp(run, "0") != 0) posix_run(c, (uint32_t)strtoul(run, NULL, 10));
}
