/*
 * forwarder PORT TTY_A TTY_B
 *
 * What bounds every gateway: epoll, no log, no checks. An input goes to the primary (A), its answer to the client, the same
 * frame then to the backup (B), and the two answers are compared. PORT 0: any; prints `listening PORT`. Frames are the harness
 * firmware's own; its boards are built with PERF_ECHO (they answer at once and want no COMMIT).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "core.h"

enum { RING = 1024, READ_BYTES = 65536 };

typedef struct {
  int fd;
  uint8_t frame[CC_WIRE_BYTES];
  uint8_t length;
  bool overlong;
  bool opened;
} board;

typedef struct {
  char id[32];
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t wire_length;
  uint8_t body[CC_WIRE_BYTES];
  uint8_t body_length;
} input;

static board boards[2];
static input inputs[RING];
static uint32_t highest_seq;
static int client = -1;
static long differences;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void write_all(int fd, const void *bytes, size_t length) {
  for (const uint8_t *at = bytes; length > 0;) {
    const ssize_t written = write(fd, at, length);
    if (written < 0) {
      if (errno == EAGAIN) continue;
      die("write");
    }
    at += written;
    length -= (size_t)written;
  }
}

static void open_board(board *to, const char *path) {
  to->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  if (to->fd < 0) die(path);
  struct termios settings;
  tcgetattr(to->fd, &settings);
  cfmakeraw(&settings);
  tcsetattr(to->fd, TCSANOW, &settings);
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_HELLO_REQ, 0, 0);
  write_all(to->fd, wire, cc_frame_end(wire, at));
}

static void take_hello(board *from, const cc_frame *frame) {
  cc_hello_message hello;
  if (!cc_unpack_hello(frame->body, frame->end, &hello)) return;
  if (frame->session == 1) {
    from->opened = true;
    return;
  }
  const cc_open_message open = {.new_session = 1, .was_session = frame->session, .boot = hello.boot, .next_seq = 1};
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *at = cc_frame_begin(wire, CC_OPEN, 0, 0);
  write_all(from->fd, wire, cc_frame_end(wire, cc_pack_open(at, &open)));
}

static void answer(const input *done) {
  char text[256];
  int length = snprintf(text, sizeof text, "{\"id\":%s,\"payload\":\"", done->id);
  for (uint8_t i = 0; i < done->body_length; i++) length += sprintf(text + length, "%02x", done->body[i]);
  length += sprintf(text + length, "\"}\n");
  write_all(client, text, (size_t)length);
}

static void take_result(board *from, const cc_frame *frame) {
  cc_result_message result;
  if (!cc_unpack_result(frame->body, frame->end, &result)) return;
  input *of = &inputs[frame->seq % RING];
  if (from == &boards[0]) {
    memcpy(of->body, result.body, result.body_length);
    of->body_length = result.body_length;
    answer(of);
    write_all(boards[1].fd, of->wire, of->wire_length);
  } else if (of->body_length != result.body_length || memcmp(of->body, result.body, result.body_length) != 0) {
    differences++;
  }
}

static void take_frame(board *from) {
  cc_frame frame;
  if (!cc_frame_open(from->frame, from->length, &frame)) return;
  if (frame.type == CC_HELLO) take_hello(from, &frame);
  else if (frame.type == CC_RESULT) take_result(from, &frame);
}

static void read_board(board *from) {
  static uint8_t bytes[READ_BYTES];
  const ssize_t length = read(from->fd, bytes, sizeof bytes);
  for (ssize_t i = 0; i < length; i++) {
    if (bytes[i] == 0) {
      if (from->length > 0 && !from->overlong) take_frame(from);
      from->length = 0;
      from->overlong = false;
    } else if (from->length < CC_WIRE_BYTES) {
      from->frame[from->length++] = bytes[i];
    } else {
      from->overlong = true;
    }
  }
}

static void take_line(char *line) {
  const char *id = strstr(line, "\"id\":");
  const char *payload = strstr(line, "\"payload\":\"");
  if (id == NULL || payload == NULL) return;
  const uint32_t seq = ++highest_seq;
  input *of = &inputs[seq % RING];
  snprintf(of->id, sizeof of->id, "%ld", strtol(id + 5, NULL, 10));
  uint8_t bytes[CC_MAX_PAYLOAD];
  uint8_t length = 0;
  for (const char *at = payload + 11; at[0] != '"' && length < sizeof bytes; at += 2) {
    const char pair[3] = {at[0], at[1], 0};
    bytes[length++] = (uint8_t)strtoul(pair, NULL, 16);
  }
  const cc_input_message message = {.payload = bytes, .payload_length = length};
  uint8_t *at = cc_frame_begin(of->wire, CC_INPUT, 1, seq);
  of->wire_length = cc_frame_end(of->wire, cc_pack_input(at, &message));
  write_all(boards[0].fd, of->wire, of->wire_length);
}

static bool read_client(void) {
  static char text[2 * READ_BYTES];
  static size_t used;
  const ssize_t length = read(client, text + used, READ_BYTES);
  if (length <= 0) {
    used = 0;
    return false;
  }
  used += (size_t)length;
  char *begin = text;
  for (char *end; (end = memchr(begin, '\n', used - (size_t)(begin - text))) != NULL; begin = end + 1) {
    *end = '\0';
    take_line(begin);
  }
  used -= (size_t)(begin - text);
  memmove(text, begin, used);
  return true;
}

static void finish(int signal) {
  (void)signal;
  fprintf(stderr, "%ld differences\n", differences);
  _exit(differences == 0 ? 0 : 1);
}

static int listen_on(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 1) != 0) die("listen");
  getsockname(fd, (struct sockaddr *)&address, &length);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll");
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  signal(SIGTERM, finish);
  signal(SIGPIPE, SIG_IGN);
  const int epoll = epoll_create1(0);
  for (int i = 0; i < 2; i++) {
    open_board(&boards[i], argv[2 + i]);
    watch(epoll, boards[i].fd);
  }
  int listener = -1;
  for (;;) {
    if (listener < 0 && boards[0].opened && boards[1].opened) {
      listener = listen_on(atoi(argv[1]));
      watch(epoll, listener);
    }
    struct epoll_event ready[8];
    const int count = epoll_wait(epoll, ready, 8, -1);
    for (int i = 0; i < count; i++) {
      const int fd = ready[i].data.fd;
      if (fd == listener) {
        client = accept(listener, NULL, NULL);
        const int on = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, client);
      } else if (fd == client) {
        if (!read_client()) close(client);
      } else {
        read_board(fd == boards[0].fd ? &boards[0] : &boards[1]);
      }
    }
  }
}
