// Eight lamps on a 74HC595; a button steps the pattern, an input of one byte chooses the speed (in 10 ms).
#include <Copycat.h>
const int DATA_PIN = 11, CLOCK_PIN = 12, LATCH_PIN = 8;
const int BUTTON_PIN = 2;
enum { LAMPS, BUTTON = 0 };

uint8_t pattern, place, speed = 20;
bool wasDown;
cc_timer timer;
const uint8_t PATTERNS[3][4] = {{0x01, 0x04, 0x10, 0x40}, {0x81, 0x42, 0x24, 0x18}, {0xff, 0x00, 0xff, 0x00}};

int16_t shown;  // what was last shifted out

void showLamps(int16_t lamps) {
  digitalWrite(LATCH_PIN, LOW);
  shiftOut(DATA_PIN, CLOCK_PIN, MSBFIRST, lamps);
  digitalWrite(LATCH_PIN, HIGH);
  shown = lamps;
}

// The register cannot be asked, its pins can: they have to be as showLamps left them.
int16_t readLamps() {
  bool isAsLeft = digitalRead(LATCH_PIN) == HIGH && digitalRead(DATA_PIN) == (shown & 1);
  return isAsLeft ? shown : -1;
}

void setup() {
  pinMode(DATA_PIN, OUTPUT);
  pinMode(CLOCK_PIN, OUTPUT);
  pinMode(LATCH_PIN, OUTPUT);
  pinMode(BUTTON_PIN, INPUT_PULLUP);
  cc_own_output(LAMPS, showLamps, readLamps, 0);
  cc_source(BUTTON, BUTTON_PIN, CC_DIGITAL);
  CC_STATE(pattern, place, speed, wasDown, timer);
  cc_begin("lights", 1, onInput);
}

void onInput(const cc_input *input) {
  if (input->length == 1 && input->payload[0] > 0) speed = input->payload[0];
  bool isDown = cc_read(BUTTON) == LOW;
  if (isDown && !wasDown) pattern = (pattern + 1) % 3;
  wasDown = isDown;
  if (cc_every(&timer, speed * 10)) place = (place + 1) % 4;
  cc_write(LAMPS, PATTERNS[pattern][place]);
  cc_reply_state();
}

void loop() { cc_poll(); }
