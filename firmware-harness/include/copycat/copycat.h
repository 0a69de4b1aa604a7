/* Copycat: what a sketch needs to run on a board of a pair.
 *
 * The board gets inputs over its serial port, one after another, computes a result for each, and moves its outputs only
 * when the result has been committed. The sketch need not know how many boards do the same, nor what becomes of it.
 *
 *   static struct { int32_t sum; } s;
 *
 *   static void on_input(const cc_input *input) {
 *     s.sum += cc_read(TEMP);
 *     cc_write(HEAT, s.sum > 1000 ? 0 : 255);
 *     cc_reply(&s.sum, sizeof s.sum);
 *   }
 *
 *   void setup(void) {
 *     cc_state(&s, sizeof s);
 *     cc_output(HEAT, 9, CC_PWM, 0);
 *     cc_source(TEMP, 14, CC_ADC);
 *     cc_begin("oven", 1, on_input);
 *   }
 *
 *   void loop(void) { cc_poll(); }
 *
 * Three rules make it work:
 * 1. Everything that outlives an input is in the registered state, and nothing else writes there: the state is checked
 *    before every input, and a board whose state has changed in between stops itself (R29).
 * 2. A result depends on the state and on what cc_input and cc_read give: no clock, pin or random number beside them (R21).
 * 3. Outputs are absolute levels, never steps: a level that is taken again does no harm (R23).
 */
#ifndef COPYCAT_COPYCAT_H
#define COPYCAT_COPYCAT_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"
#include "messages.generated.h"
#include "state.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Everything the library keeps; see context.h. */
typedef struct cc_context cc_context;

/* One unit of work. `payload` is valid during on_input only. */
typedef struct {
  uint32_t pair_time_ms; /* use this for millis(): it is the same on every board and never goes back */
  const uint8_t *payload;
  uint8_t length; /* 0 to 41 bytes (CC_LINES=8: 57), 4 fewer for each given observed value */
} cc_input;

typedef void (*cc_on_input)(const cc_input *input);

/* Kinds of outputs and sources. */
enum {
  CC_DIGITAL, /* 0 or 1 */
  CC_PWM,     /* 0 to 255 */
  CC_ADC      /* a source: raw counts of the converter, 0 to 1023 on an ATmega328P */
};

/* What to do when nobody has spoken to the board for its silence time. */
enum {
  CC_SAFE, /* outputs to their safe levels until a gateway takes the board back */
  CC_HOLD  /* outputs stay */
};

/* In setup, before cc_begin ------------------------------------------------------------------------------------- */

/* CC_STATE(level, is_pumping, report): registers variables of the sketch as its state, by their names (state.h). */

/* The same for one block: at most 65535 bytes without padding (the digest covers every byte). One call, of this or of CC_STATE: a second
 * one, or one after cc_begin, stops the board (reason `internal`). */
void cc_state(void *state, uint16_t bytes);

/* Describes the layout of one block in words of your own, e.g. "i32 integrator, u8 duty". State moves only between boards
 * with the same text and size; without a call the text is the name given to cc_begin. CC_STATE knows its layout itself. */
void cc_layout(const char *text);

/* Declares output `output` (0 to CC_LINES - 1, that is 3 or 7, without gaps) on `pin`, as CC_DIGITAL or CC_PWM. The pin takes `safe_level` at
 * once, and again whenever the board stops itself. A number beyond stops the board (reason `internal`, the number as detail);
 * so it is with sources. */
void cc_output(uint8_t output, uint8_t pin, uint8_t kind, int16_t safe_level);

/* Declares source `source` (0 to CC_LINES - 1) on `pin`, as CC_ADC or CC_DIGITAL. */
void cc_source(uint8_t source, uint8_t pin, uint8_t kind);

/* Declares a source that is no pin: a pulse counter, a sensor on I2C, an echo. `read` gives its value; cc_read calls it, once each,
 * on every board that executes the input, so it may begin anew with each call. What it gives is reported and handed to the boards
 * that follow like the reading of a pin (R21), and what theirs gives is compared by the tolerance of the configuration's `sources`.
 *
 *   static volatile uint16_t pulses;                     not in the state: only on_input writes there
 *   static void on_pulse(void) { pulses++; }             attachInterrupt(digitalPinToInterrupt(2), on_pulse, RISING)
 *   static int32_t pulses_since(void) {                  since the last call, so that a board which follows counts the same
 *     noInterrupts();
 *     const uint16_t counted = pulses;
 *     pulses = 0;
 *     interrupts();
 *     return counted;
 *   }
 *   cc_own_source(FLOW, pulses_since);                   in setup
 *   s.litres_x450 += cc_read(FLOW);                      in on_input: what outlives the input is in the state
 *
 * Pulses of the few milliseconds between the primary's reading and the backup's are lost if the primary fails just then.
 * `read` may take a few milliseconds (the input's deadline has to bear them) but must come to an end when the sensor is gone:
 * Wire.setWireTimeout, pulseIn with a timeout. cc_sample calls it too. */
void cc_own_source(uint8_t source, int32_t (*read)(void));

/* Declares an output that is no pin: a servo, a shift register, an expander on I2C. `write` puts a level out, and is called for
 * committed levels, for `safe_level` (at once, and whenever the board stops itself) and for levels of a transferred state, never
 * from an interrupt. `read_back` says which level is out there now, as far as it can be seen: it is told in DONE, and a level other
 * than the one last written stops the board before the next input (R29). NULL: it cannot be seen, and is taken to be what was written.
 *
 *   static void show_lamps(int16_t level) {              a 74HC595 on SPI; its last output comes back on MISO
 *     SPI.transfer((uint8_t)level);
 *     digitalWrite(LATCH, HIGH);
 *     digitalWrite(LATCH, LOW);
 *   }
 *   static int16_t lamps_shown(void) {                   what is shifted out is shifted in again; without LATCH nothing moves
 *     const uint8_t shown = SPI.transfer(0);
 *     SPI.transfer(shown);
 *     return shown;
 *   }
 *   cc_own_output(LAMPS, show_lamps, lamps_shown, 0);    in setup, after SPI.begin()
 *   cc_write(LAMPS, 0x81);                               in on_input
 *
 * Neither may write into the state or call functions of this library. Both are called before the next frame is looked at, so what
 * they take is added to the board's answers. */
void cc_own_output(uint8_t output, void (*write)(int16_t level), int16_t (*read_back)(void), int16_t safe_level);

/* Silence time and policy; 5000 ms and CC_SAFE without a call. */
void cc_silence(uint32_t timeout_ms, uint8_t policy);

/* Says who this is (`name` must stay valid) and begins to listen. HELLO also names the image, by a hash that the build
 * puts into it: two boards with the same hash run the same program. Do nothing slow before this call (no delay, no
 * warm-up): a board that restarts while the pair works must say HELLO within milliseconds, or it counts as silent. */
void cc_begin(const char *name, uint16_t version, cc_on_input on_input);

/* In loop --------------------------------------------------------------------------------------------------------- */

/* Does what is to be done: at most one frame, one input and a few answers; feeds the watchdog. Returns without waiting,
 * true when there was or still is something to do, false when the processor may sleep until the next interrupt. */
bool cc_poll(void);

/* Sleeps until the next interrupt, at most a millisecond, and not at all when a byte has come; for a loop that does nothing
 * else, on Arduino cores (the bare ports do it by themselves): `if (!cc_poll()) cc_idle();`. It saves power, and an emulated
 * board that sleeps costs its host a fifth. */
void cc_idle(void);

/* In on_input ----------------------------------------------------------------------------------------------------- */

/* The value of a source for this input: the one the gateway gives, or the board's own reading, which is reported in
 * any case. At most CC_LINES reads an input, 4 or 8; one more stops the board (reason `internal`). */
int32_t cc_read(uint8_t source);

/* Stages a level; the output moves when the result is committed. The last call for an output counts. */
void cc_write(uint8_t output, int16_t level);

/* Appends a part to the result: up to four parts, 64 bytes in all and 36 in one (CC_LINES=8: 52; 4 fewer for each cc_read). No call is
 * one empty part. What does not fit stops the board (reason `internal`): half a result is not one (R4). */
void cc_reply(const void *body, uint8_t bytes);

/* Appends the whole state as a part, as this input has left it so far; of at most 36 bytes, as with cc_reply. With CC_STATE the
 * answer is then told by the names of its values, if it is the first part of every answer: `level: 40 (board a) against 41 (board b)`. */
void cc_reply_state(void);

/* Is it time again? True once in `ms` milliseconds of pair time, at the first input that comes when they are over; they begin
 * with the first call. It keeps in step with that: inputs every 100 ms make of every 250 ms one at 300, 500, 800 and 1000. Of a
 * time that was missed whole (no inputs came) one call is true, and it begins anew. It is a function of state and pair time
 * alone (R21), so `timer` has to be in the state: a variable of type cc_timer that CC_STATE names, or within the block given to
 * cc_state. With any other the board stops itself at the first call (reason `internal`, and a line in the log says why):
 * a board that joins would not be given it. One timer for each place that asks. */
bool cc_every(cc_timer *timer, uint32_t ms);

/* Makes the result a rejection: nothing is staged, a body given by cc_reply says why. The state stays as on_input
 * leaves it. */
void cc_reject(void);

/* Anywhere -------------------------------------------------------------------------------------------------------- */

/* The board's own reading of a source, now, reported to nobody. For local guards, never for a result. */
int32_t cc_sample(uint8_t source);

/* This board's own milliseconds, from its start. For local guards, never for a result: that uses pair_time_ms. */
uint32_t cc_millis(void);

/* Stops this board: outputs to their safe levels at once, FAILED to the gateway, inputs ignored until reset (R7).
 * `reason` is CC_FAILED_REASON_APPLICATION, CC_FAILED_REASON_LOCAL_TRIP or CC_FAILED_REASON_SELF_TEST (a test of the
 * sketch's own hardware; the library's self-test is told, and stops nothing); `detail` is shown to the operator. */
void cc_fail(uint8_t reason, uint32_t detail);

/* Tells the gateway what this board saw of its own (a pin, a timer); it may come back as an input. The gateway takes up to
 * 25 bytes, the longest input there is. False when it cannot be sent now: no session, or no room. */
bool cc_offer(const void *payload, uint8_t bytes);

/* A line for the gateway's log; cut at 51 bytes (CC_LINES=8: 67), and then it ends in `...`; dropped when there is no room. */
void cc_log(const char *text);

/* cc_logf("level %d", level): the same with values in it (log.h). */

/* For ports and tests: the context that all functions above work on. */
void cc_use(cc_context *context);

#ifdef __cplusplus
}
#endif

#endif
