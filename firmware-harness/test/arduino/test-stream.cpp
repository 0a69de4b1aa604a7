/* The Arduino port on this machine, as it is built for processors other than AVR: what it says on a stream whose buffer is
 * smaller than a frame, that it never asks more of it than it takes, and what its outputs show. */
#include <stdio.h>
#include <string.h>

#include <Copycat.h>

extern "C" {
#include "../../src/arduino/output-register.h"
}

static uint8_t pin_levels[FAKE_PINS];
static uint8_t pin_modes[FAKE_PINS];
static unsigned long now_ms;

extern "C" {
void pinMode(uint8_t pin, uint8_t mode) { pin_modes[pin] = mode; }
void digitalWrite(uint8_t pin, uint8_t level) { pin_levels[pin] = level; }
int digitalRead(uint8_t pin) { return pin_levels[pin]; }
void analogWrite(uint8_t pin, int duty) { pin_levels[pin] = (uint8_t)duty; }
int analogRead(uint8_t pin) { return pin; }
unsigned long millis(void) { return now_ms; }
unsigned long micros(void) { return now_ms * 1000; }
}
FakeSerial Serial;

/* A serial port with a small transmit buffer; what has left it is in `sent`. */
class Port : public Stream {
 public:
  Port(int room, bool tells_room) : room_(room), tells_room_(tells_room) {}
  int available() override { return (int)(given_ - taken_); }
  int read() override { return taken_ < given_ ? in_[taken_++] : -1; }
  int availableForWrite() override { return tells_room_ ? room_ - held_ : 0; }
  size_t write(const uint8_t *bytes, size_t length) override {
    if (tells_room_ ? (int)length > room_ - held_ : length > 1) waited = true;
    memcpy(sent + sent_bytes, bytes, length);
    sent_bytes += length;
    held_ += (int)length;
    return length;
  }
  void drain(int bytes) { held_ = bytes < held_ ? held_ - bytes : 0; }
  void give(const uint8_t *bytes, size_t length) {
    memcpy(in_ + given_, bytes, length);
    given_ += length;
  }

  uint8_t sent[1024];
  size_t sent_bytes = 0;
  bool waited = false;

 private:
  int room_;
  bool tells_room_;
  int held_ = 0;
  uint8_t in_[256];
  size_t given_ = 0;
  size_t taken_ = 0;
};

static int failed;

static void check(bool is_so, const char *what) {
  if (is_so) return;
  printf("%s\n", what);
  failed++;
}

static void on_input(const cc_input *) {}

static uint8_t frames_in(const Port &port) {
  uint8_t delimiters = 0;
  for (size_t i = 0; i < port.sent_bytes; i++) delimiters = (uint8_t)(delimiters + (port.sent[i] == 0));
  return (uint8_t)(delimiters / 2);
}

/* One life of a board on a port of `room` bytes, that lets two bytes out at each cc_poll. */
static void says_hello(int room, bool tells_room, uint16_t rx_bytes) {
  Port port(room, tells_room);
  cc_stream(port, rx_bytes);
  cc_begin("test", 1, on_input);
  for (int polls = 0; polls < 200; polls++) {
    port.drain(2);
    cc_poll();
  }
  check(!port.waited, "more was written than the stream takes without waiting");
  check(frames_in(port) == 1, "not one whole HELLO");
  check(port.sent_bytes > 40, "HELLO is too short");
  cc_log("a line for the log, long enough that a frame has no room for it beside another one");
  cc_log("dropped: the first one still waits");
  for (int polls = 0; polls < 200; polls++) {
    port.drain(2);
    cc_poll();
  }
  check(!port.waited, "the log waited");
  check(frames_in(port) == 2, "not one line of the log");
  cc_stream(Serial);
}

enum Tide { LOW_TIDE, HIGH_TIDE };
static int16_t level = -3;
static volatile bool is_open;
static uint16_t history[4];
static Tide tide;
static float degrees = 21.5F;
static cc_timer report;
static struct {
  uint8_t low, high;
} limits;

static void names_its_state() {
  CC_STATE(level, is_open, history, tide, degrees, report, limits);
  check(CC_TYPE_OF(level) == 0x22 && CC_TYPE_OF(is_open) == 0x41 && CC_TYPE_OF(history) == 0x12, "types of numbers");
  check(CC_TYPE_OF(tide) == 0x14 && CC_TYPE_OF(degrees) == 0x34 && CC_TYPE_OF(report) == 0x14, "other types");
  check(CC_TYPE_OF(limits) == 0, "a struct is bytes");
  cc_logf("nobody hears this yet: %d %s %f %u %c", level, "text", degrees, 3UL, 'c');
}

int main() {
  names_its_state();
  cc_output(0, 8, CC_DIGITAL, 1);
  cc_output(1, 9, CC_PWM, 40);
  check(pin_modes[8] == OUTPUT && pin_levels[8] == HIGH, "a digital output shows its safe level");
  check(pin_levels[9] == 40, "a duty shows its safe level");
  check(cc_port_output_shown(8, false) == 1 && cc_port_output_shown(9, true) == 40, "outputs are read back");
  digitalWrite(8, LOW);
  check(cc_port_output_shown(8, false) == 0, "a pin that was changed by somebody else is noticed");
  says_hello(0, false, 63);
  says_hello(63, true, 63);
  says_hello(16, true, 63);
  says_hello(1, true, 63);
  return failed == 0 ? 0 : 1;
}
