/*
 * wire-board modbus|lines BAUD ANSWERS_AFTER_US
 *
 * A board with firmware of its own on a wire of this speed, behind a pseudo-terminal whose name it prints: what it is asked
 * has come when its last character would have come, and its answer is there when its own last character would be. BAUD 0: a wire
 * without a length. A board answers ANSWERS_AFTER_US after it was asked.
 *
 *   modbus   a slave at address 5 with a hundred holding registers: codes 3 and 6, anything else is exception 1
 *   lines    each line is answered by a line of the same length
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "measuring.h"

enum { ADDRESS = 5, REGISTERS = 100, MOST_BYTES = 512, BITS_OF_A_MODBUS_CHARACTER = 11, BITS_OF_A_CHARACTER = 10 };

static uint16_t registers[REGISTERS];
static uint8_t held[MOST_BYTES];
static size_t held_length;

/* The answer's length; 0: nothing is said. */
static size_t answer_modbus(const uint8_t *asked, size_t length, uint8_t *answer) {
  if (length < 8 || asked[0] != ADDRESS || crc16(asked, length - 2) != (uint16_t)(asked[length - 2] | asked[length - 1] << 8)) return 0;
  const unsigned address = (unsigned)(asked[2] << 8 | asked[3]);
  const unsigned word = (unsigned)(asked[4] << 8 | asked[5]);
  size_t at = 0;
  answer[at++] = ADDRESS;
  if (asked[1] == 3 && word >= 1 && word <= 100 && address + word <= REGISTERS) {
    answer[at++] = 3;
    answer[at++] = (uint8_t)(2 * word);
    for (unsigned each = 0; each < word; each++) {
      answer[at++] = (uint8_t)(registers[address + each] >> 8);
      answer[at++] = (uint8_t)registers[address + each];
    }
  } else if (asked[1] == 6 && address < REGISTERS) {
    registers[address] = (uint16_t)word;
    memcpy(answer + at, asked + 1, 5);
    at += 5;
  } else {
    answer[at++] = asked[1] | 0x80;
    answer[at++] = 1;
  }
  const uint16_t crc = crc16(answer, at);
  answer[at++] = (uint8_t)crc;
  answer[at++] = (uint8_t)(crc >> 8);
  return at;
}

static size_t answer_line(const uint8_t *asked, size_t length, uint8_t *answer) {
  memcpy(answer, asked, length);
  return length;
}

/* Of what is held, so much is a whole request; 0: not yet. All requests of code 3 and 6 have eight bytes, as those of 43 are not sent here. */
static size_t request_length(int is_modbus) {
  if (is_modbus) return held_length >= 8 ? 8 : 0;
  const uint8_t *end = memchr(held, '\n', held_length);
  return end == NULL ? 0 : (size_t)(end - held) + 1;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "wire-board modbus|lines BAUD ANSWERS_AFTER_US\n");
    return 2;
  }
  const int is_modbus = strcmp(argv[1], "modbus") == 0;
  const long baud = atol(argv[2]);
  const int64_t after_ns = atol(argv[3]) * 1000;
  const int64_t character_ns =
      baud == 0 ? 0 : 1000000000LL * (is_modbus ? BITS_OF_A_MODBUS_CHARACTER : BITS_OF_A_CHARACTER) / baud;
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) die("posix_openpt");
  /* Kept open here too, or the terminal would hang up between two that open it. */
  const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  if (slave < 0) die(ptsname(master));
  make_raw(slave, "the terminal");
  printf("tty %s\n", ptsname(master));
  fflush(stdout);
  for (;;) {
    const ssize_t length = read(master, held + held_length, sizeof held - held_length);
    if (length <= 0) return 0;
    held_length += (size_t)length;
    int64_t free_ns = now_ns();
    for (size_t asked = request_length(is_modbus); asked > 0; asked = request_length(is_modbus)) {
      uint8_t answer[MOST_BYTES];
      const size_t said = (is_modbus ? answer_modbus : answer_line)(held, asked, answer);
      free_ns += (int64_t)(asked + said) * character_ns + after_ns;
      memmove(held, held + asked, held_length - asked);
      held_length -= asked;
      if (said == 0) continue;
      if (character_ns > 0 || after_ns > 0) sleep_until(free_ns);
      if (write(master, answer, said) != (ssize_t)said) die("write");
    }
    if (held_length == sizeof held) held_length = 0; /* what has no end is no request */
  }
}
