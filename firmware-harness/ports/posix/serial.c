/* The serial port: a terminal, or the master side of a pseudo-terminal. */
#define _XOPEN_SOURCE 600
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "port.h"

static void make_raw(int descriptor) {
  struct termios settings;
  if (tcgetattr(descriptor, &settings) != 0) return;
  cfmakeraw(&settings);
  tcsetattr(descriptor, TCSANOW, &settings);
}

int posix_open(const char *path) {
  if (path != NULL) {
    const int tty = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (tty >= 0) make_raw(tty);
    return tty;
  }
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return -1;
  const char *name = ptsname(master);
  if (name == NULL) return -1;
  /* Kept open on purpose: without a slave the master reads EIO whenever a client closes. */
  const int slave = open(name, O_RDWR | O_NOCTTY);
  if (slave < 0) return -1;
  make_raw(slave);
  fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK);
  printf("tty %s\n", name);
  return master;
}

const char *posix_name_of(int tty) {
  const char *name = ttyname(tty); /* of a master that is the multiplexer, the same for all */
  return name != NULL && strcmp(name, "/dev/ptmx") != 0 && strcmp(name, "/dev/pts/ptmx") != 0 ? name : ptsname(tty);
}

bool posix_has_received(posix_board *board) {
  if (board->rx_taken != board->rx_length) return true;
  const ssize_t length = read(board->tty, board->rx, sizeof board->rx);
  if (length <= 0) return false;
  board->rx_length = (int)length;
  board->rx_taken = 0;
  return true;
}

bool cc_hal_receive(cc_context *c, uint8_t *byte) {
  posix_board *board = c->port;
  if (!posix_has_received(board)) return false;
  *byte = board->rx[board->rx_taken++];
  return true;
}

/* A UART has no back pressure: what nobody reads is lost. */
uint8_t cc_hal_send_room(cc_context *c) {
  (void)c;
  return 255;
}

void cc_hal_send(cc_context *c, const uint8_t *bytes, uint8_t length) {
  posix_board *board = c->port;
  const ssize_t sent = write(board->tty, bytes, length);
  if (sent > 0) board->sent_bytes += (uint32_t)sent;
  if (sent != length && errno != EAGAIN && errno != EINTR) {
    fprintf(stderr, "lost a frame: %s\n", strerror(errno));
  }
}
