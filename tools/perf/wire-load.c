/*
 * wire-load DEVICE PID modbus|lines BAUD COUNT [EVERY]
 *
 * Who asks a board with firmware of its own, at the board itself or at the gateway's pseudo-terminal, one question after the other as a
 * master does: 10 holding registers of the slave 5, or a line of 20 bytes. Behind each answer of a slave the line is silent for 3.5
 * characters, 1.75 ms above 19200 baud (MODBUS over Serial Line V1.02, 2.5.1.1). Every EVERY-th question of a slave is a write; none: all read.
 *
 * Prints one line of JSON: answers a second, microseconds from the write of a question to the read of its answer's last byte,
 * processor time and memory of the process PID (0: of none). Exit code 1: an answer was missing or another one's.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "measuring.h"

enum { ADDRESS = 5, READ = 10, LINE_BYTES = 20, MOST = 2000000, ANSWER_WITHIN_MS = 5000 };

static int64_t took_ns[MOST];

static size_t ask(int is_modbus, long number, long every, uint8_t *question, size_t *answer_length) {
  if (!is_modbus) {
    snprintf((char *)question, LINE_BYTES + 1, "GET %015ld\n", number);
    *answer_length = LINE_BYTES;
    return LINE_BYTES;
  }
  const int is_write = every > 0 && number % every == 0;
  const uint8_t head[] = {ADDRESS, is_write ? 6 : 3, 0, is_write ? 20 : 0, is_write ? (uint8_t)(number >> 8 & 0xff) : 0, is_write ? (uint8_t)number : READ};
  memcpy(question, head, sizeof head);
  const uint16_t crc = crc16(question, 6);
  question[6] = (uint8_t)crc;
  question[7] = (uint8_t)(crc >> 8);
  *answer_length = is_write ? 8 : 5 + 2 * READ;
  return 8;
}

static int is_its_answer(int is_modbus, const uint8_t *question, const uint8_t *answer, size_t length) {
  if (!is_modbus) return memcmp(question, answer, length) == 0;
  return answer[0] == ADDRESS && answer[1] == question[1] && crc16(answer, length) == 0;
}

int main(int argc, char **argv) {
  if (argc < 6) {
    fprintf(stderr, "wire-load DEVICE PID modbus|lines BAUD COUNT [EVERY]\n");
    return 2;
  }
  const int pid = atoi(argv[2]);
  const int is_modbus = strcmp(argv[3], "modbus") == 0;
  const long baud = atol(argv[4]);
  const long count = atol(argv[5]);
  const long every = argc > 6 ? atol(argv[6]) : 0;
  if (count < 1 || count > MOST) return 2;
  const int64_t silence_ns = !is_modbus || baud == 0 ? 0 : baud > 19200 ? 1750000 : 35 * 11 * 100000000LL / baud;
  const int device = open(argv[1], O_RDWR | O_NOCTTY);
  if (device < 0) die(argv[1]);
  make_raw(device, argv[1]);
  const long ticks_before = cpu_ticks(pid);
  const int64_t began = now_ns();
  for (long number = 0; number < count; number++) {
    uint8_t question[64];
    uint8_t answer[64];
    size_t wanted;
    size_t come = 0;
    const size_t length = ask(is_modbus, number, every, question, &wanted);
    const int64_t asked = now_ns();
    if (write(device, question, length) != (ssize_t)length) die("write");
    while (come < wanted) {
      struct pollfd waited = {.fd = device, .events = POLLIN};
      if (poll(&waited, 1, ANSWER_WITHIN_MS) <= 0) {
        fprintf(stderr, "question %ld of %ld was not answered\n", number, count);
        return 1;
      }
      const ssize_t got = read(device, answer + come, wanted - come);
      if (got <= 0) die("read");
      come += (size_t)got;
    }
    const int64_t answered = now_ns();
    if (!is_its_answer(is_modbus, question, answer, wanted)) {
      fprintf(stderr, "question %ld of %ld got another answer\n", number, count);
      return 1;
    }
    took_ns[number] = answered - asked;
    if (silence_ns > 0) sleep_until(answered + silence_ns);
  }
  const int64_t took = now_ns() - began;
  const double cpu_us = (double)(cpu_ticks(pid) - ticks_before) * 1e6 / (double)sysconf(_SC_CLK_TCK);
  qsort(took_ns, (size_t)count, sizeof took_ns[0], by_size);
  printf("{\"count\":%ld,\"p50Us\":%.1f,\"p99Us\":%.1f,\"perSecond\":%.1f,\"cpuUsPerInput\":%.1f,\"residentKb\":%ld}\n", count,
         (double)took_ns[count / 2] / 1e3, (double)took_ns[count * 99 / 100] / 1e3, (double)count * 1e9 / (double)took,
         cpu_us / (double)count, status_kb(pid, "VmRSS: %ld kB"));
  return 0;
}
