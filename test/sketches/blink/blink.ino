// Blinks a LED slow or fast: a client's input of one byte chooses (0 slow, 1 fast).
#include <Copycat.h>
const int LED_PIN = 13;
enum { LED };

bool isOn, isFast;
cc_timer timer;

void setup() {
  cc_output(LED, LED_PIN, CC_DIGITAL, LOW);
  CC_STATE(isOn, isFast, timer);
  cc_begin("blink", 1, onInput);
}

void onInput(const cc_input *input) {
  if (input->length == 1) isFast = input->payload[0] == 1;
  if (cc_every(&timer, isFast ? 100 : 500)) isOn = !isOn;
  cc_write(LED, isOn);
  cc_reply_state();
}

void loop() { cc_poll(); }
