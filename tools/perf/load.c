/*
 * load PORT PID COUNT IN_FLIGHT INTERVAL_US
 *
 * The upstream client that measures: sends COUNT inputs over one TCP connection, one JSON line each, and times every answer
 * by its own clock, from just before the write that holds the request to the read that holds the last byte of its answer.
 *
 *   INTERVAL_US > 0   paced: one input every INTERVAL_US, whatever is still under way
 *   INTERVAL_US = 0   back to back: IN_FLIGHT inputs are under way at any time
 *
 * Processor time (all threads) and peak memory of the process PID are read before the first input and after the last answer.
 * Prints one line of JSON. Exit code 1: an answer was missing, doubled or an error.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measuring.h"

enum { MOST_INPUTS = 2000000, READ_BYTES = 65536, ANSWER_WITHIN_MS = 10000 };

static int64_t sent_ns[MOST_INPUTS];
static int64_t took_ns[MOST_INPUTS];
static char unread[2 * READ_BYTES];
static size_t unread_length;
static long answered;
static long wrong;
/* Every load has ids of its own: an id that comes again is a repeat, which is answered from the ledger and never carried out. */
static long first_id;

static int connect_to(int port) {
  const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_fd < 0 || connect(socket_fd, (struct sockaddr *)&address, sizeof address) != 0) die("connect");
  const int on = 1;
  setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket_fd;
}

static void send_inputs(int socket_fd, long from, long to) {
  static char text[64 * 1024];
  size_t length = 0;
  for (long id = from; id < to; id++) {
    /* Set point 1600 and a measured value that goes up and down: four bytes, little-endian, in hexadecimal. */
    const unsigned measured = 1500u + (unsigned)(id % 200);
    length += (size_t)snprintf(text + length, sizeof text - length, "{\"id\":%ld,\"payload\":\"4006%02x%02x\"}\n", first_id + id,
                               measured & 0xff, measured >> 8);
  }
  const int64_t now = now_ns();
  for (long id = from; id < to; id++) sent_ns[id] = now;
  for (size_t at = 0; at < length;) {
    const ssize_t written = write(socket_fd, text + at, length - at);
    if (written < 0) die("write");
    at += (size_t)written;
  }
}

static void take_line(const char *line, int64_t now, long sent) {
  const char *id_text = strstr(line, "\"id\":");
  const long id = id_text == NULL ? -1 : strtol(id_text + 5, NULL, 10) - first_id;
  if (id < 0 || id >= sent || took_ns[id] != 0 || strstr(line, "\"payload\":\"") == NULL) {
    if (wrong++ < 5) fprintf(stderr, "not an answer: %s\n", line);
    return;
  }
  took_ns[id] = now - sent_ns[id];
  answered++;
}

static void read_answers(int socket_fd, long sent) {
  const ssize_t length = read(socket_fd, unread + unread_length, READ_BYTES);
  if (length <= 0) die("the gateway closed the connection");
  const int64_t now = now_ns();
  unread_length += (size_t)length;
  char *begin = unread;
  for (;;) {
    char *end = memchr(begin, '\n', unread_length - (size_t)(begin - unread));
    if (end == NULL) break;
    *end = '\0';
    take_line(begin, now, sent);
    begin = end + 1;
  }
  unread_length -= (size_t)(begin - unread);
  memmove(unread, begin, unread_length);
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "load PORT PID COUNT IN_FLIGHT INTERVAL_US\n");
    return 2;
  }
  const int pid = atoi(argv[2]);
  const long count = atol(argv[3]);
  const long in_flight = atol(argv[4]);
  const int64_t interval_ns = atol(argv[5]) * 1000;
  if (count < 1 || count > MOST_INPUTS || in_flight < 1 || in_flight > 1000) return 2;
  const int socket_fd = connect_to(atoi(argv[1]));
  const long ticks_before = cpu_ticks(pid);
  const int64_t began = now_ns();
  first_id = began / 1000; /* nobody sends an input each microsecond */
  long sent = 0;
  while (answered + wrong < count) {
    int64_t wait_ns = (int64_t)ANSWER_WITHIN_MS * 1000000;
    long until = sent;
    if (interval_ns > 0) {
      const int64_t due = began + sent * interval_ns;
      const int64_t now = now_ns();
      if (sent < count && now >= due) until = sent + 1;
      else if (sent < count) wait_ns = due - now;
    } else {
      until = answered + wrong + in_flight < count ? answered + wrong + in_flight : count;
    }
    if (until > sent) {
      send_inputs(socket_fd, sent, until);
      sent = until;
      continue;
    }
    struct pollfd waited = {.fd = socket_fd, .events = POLLIN};
    const struct timespec limit = {wait_ns / 1000000000, wait_ns % 1000000000};
    const int ready = ppoll(&waited, 1, &limit, NULL);
    if (ready < 0 && errno != EINTR) die("poll");
    if (ready > 0) read_answers(socket_fd, sent);
    if (ready == 0 && (interval_ns == 0 || sent == count)) {
      fprintf(stderr, "%ld of %ld inputs were not answered\n", count - answered, count);
      return 1;
    }
  }
  const int64_t took = now_ns() - began;
  const double cpu_us = (double)(cpu_ticks(pid) - ticks_before) * 1e6 / (double)sysconf(_SC_CLK_TCK);
  qsort(took_ns, (size_t)count, sizeof took_ns[0], by_size);
  const long at99 = count * 99 / 100 < count ? count * 99 / 100 : count - 1;
  const long at999 = count * 999 / 1000 < count ? count * 999 / 1000 : count - 1;
  printf("{\"count\":%ld,\"wrong\":%ld,\"p50Us\":%.1f,\"p99Us\":%.1f,\"p999Us\":%.1f,\"perSecond\":%.0f,\"cpuUsPerInput\":%.1f,\"peakKb\":%ld}\n",
         count, wrong, (double)took_ns[count / 2] / 1e3, (double)took_ns[at99] / 1e3, (double)took_ns[at999] / 1e3,
         (double)count * 1e9 / (double)took, cpu_us / (double)count, status_kb(pid, "VmHWM: %ld kB"));
  return wrong == 0 ? 0 : 1;
}
