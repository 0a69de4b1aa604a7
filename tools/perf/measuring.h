/* What the programs of the rig have in common: the clock, what Linux counts of a process, a checksum. Each includes it once. */
#ifndef MEASURING_H
#define MEASURING_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>

#define UNUSED_IS_FINE __attribute__((unused))

UNUSED_IS_FINE static void die(const char *what) {
  perror(what);
  exit(1);
}

/* The rig's one clock (CLOCK_MONOTONIC). */
UNUSED_IS_FINE static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

UNUSED_IS_FINE static void sleep_until(int64_t at_ns) {
  const struct timespec at = {at_ns / 1000000000, at_ns % 1000000000};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

/* utime + stime of all threads, in clock ticks; 0: of no process. */
UNUSED_IS_FINE static long cpu_ticks(int pid) {
  if (pid == 0) return 0;
  char path[64];
  char line[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (file == NULL || fgets(line, sizeof line, file) == NULL) die(path);
  fclose(file);
  const char *behind_name = strrchr(line, ')');
  unsigned long user = 0;
  unsigned long kernel = 0;
  if (behind_name == NULL || sscanf(behind_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2) {
    die("stat");
  }
  return (long)(user + kernel);
}

/* A line of /proc/PID/status in kB, such as "VmHWM: %ld kB"; 0: of no process. */
UNUSED_IS_FINE static long status_kb(int pid, const char *pattern) {
  if (pid == 0) return 0;
  char path[64];
  char line[256];
  long found = 0;
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE *file = fopen(path, "r");
  if (file == NULL) die(path);
  while (fgets(line, sizeof line, file) != NULL) sscanf(line, pattern, &found);
  fclose(file);
  return found;
}

/* For qsort. */
UNUSED_IS_FINE static int by_size(const void *one, const void *other) {
  const int64_t a = *(const int64_t *)one;
  const int64_t b = *(const int64_t *)other;
  return (a > b) - (a < b);
}

/* Bytes pass as they are. */
UNUSED_IS_FINE static void make_raw(int terminal, const char *name) {
  struct termios raw;
  if (tcgetattr(terminal, &raw) != 0) die(name);
  cfmakeraw(&raw);
  if (tcsetattr(terminal, TCSANOW, &raw) != 0) die(name);
}

/* CRC-16/MODBUS (MODBUS over Serial Line V1.02, 6.2.2); 0 over a frame with its own. */
UNUSED_IS_FINE static uint16_t crc16(const uint8_t *bytes, size_t length) {
  uint16_t crc = 0xffff;
  for (size_t at = 0; at < length; at++) {
    crc ^= bytes[at];
    for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
  }
  return crc;
}

#endif
