/* The least of an Arduino core, for this machine: what the library calls, on pins and streams that a test looks into. */
#ifndef FAKE_ARDUINO_H
#define FAKE_ARDUINO_H

#include <stddef.h>
#include <stdint.h>

#define HIGH 1
#define LOW 0
#define INPUT 0
#define OUTPUT 1
enum { A0 = 14, FAKE_PINS = 20 };

#ifdef __cplusplus
extern "C" {
#endif
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t level);
int digitalRead(uint8_t pin);
void analogWrite(uint8_t pin, int duty);
int analogRead(uint8_t pin);
unsigned long millis(void);
unsigned long micros(void);
#ifdef __cplusplus
}

class Stream {
 public:
  virtual ~Stream() {}
  virtual int available() = 0;
  virtual int read() = 0;
  virtual size_t write(const uint8_t *bytes, size_t length) = 0;
  virtual int availableForWrite() { return 0; }
};

class FakeSerial : public Stream {
 public:
  void begin(unsigned long) {}
  int available() override { return 0; }
  int read() override { return -1; }
  size_t write(const uint8_t *, size_t length) override { return length; }
};
extern FakeSerial Serial;
#endif

#endif
