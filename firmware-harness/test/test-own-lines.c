/* Sources and outputs that functions of the sketch stand for: reported, given, staged, checked like those of pins. */
#include <string.h>

#include "check.h"
#include "fake-board.h"

static fake_board a;

enum { FLOW = CC_MAX_SOURCES - 1, LAMPS = 0, VALVE, LAMPS_SAFE = 5, VALVE_SAFE = 90 };

static int32_t pulses;
static int16_t lamps;
static int16_t valve;
static unsigned lamps_written;
static uint8_t wanted;

static int32_t pulses_since(void) {
  const int32_t counted = pulses;
  pulses = 0;
  return counted;
}

static void show_lamps(int16_t level) {
  lamps = level;
  lamps_written++;
}
static int16_t lamps_shown(void) { return lamps; }
static void turn_valve(int16_t level) { valve = level; }

static void on_input(const cc_input *input) {
  a.state.sum += (uint32_t)cc_read(FLOW);
  if (input->length > 0) cc_write(LAMPS, wanted);
  if (input->length > 1) cc_write(VALVE, input->payload[1]);
  cc_reply(&a.state.sum, sizeof a.state.sum);
}

static void begin(uint32_t boot) {
  board_begin(&a, boot);
  pulses = 0;
  lamps_written = 0;
  a.context.output_count = 0;
  cc_own_output(LAMPS, show_lamps, lamps_shown, LAMPS_SAFE);
  cc_own_output(VALVE, turn_valve, NULL, VALVE_SAFE);
  cc_own_source(FLOW, pulses_since);
  cc_begin("own lines", 1, on_input);
  give_open(&a, 1, 0, boot, false);
  board_run(&a, 0);
  take_all(&a, CC_HELLO, NULL);
}

static bool an_own_source_is_reported_and_given(void) {
  begin(1);
  pulses = 7;
  give_input(&a, 1, "a");
  board_run(&a, 0);
  cc_result_message result;
  CHECK(take_result(&a, 1, &result) != 0);
  CHECK(a.state.sum == 7 && result.observed_count == 1 && result.observed[0] == 7);
  begin(2);
  pulses = 6;
  give_observed(&a, 1, "a", 7);
  board_run(&a, 0);
  CHECK(take_result(&a, 1, &result) != 0);
  CHECK(a.state.sum == 7); /* computes with what the primary has read */
  CHECK(result.observed_count == 1 && result.observed[0] == 6); /* and reports its own */
  CHECK(pulses == 0); /* it counts from its own last input on, in step with the primary */
  return true;
}

static bool an_own_output_moves_on_commit(void) {
  begin(3);
  CHECK(lamps == LAMPS_SAFE && lamps_written == 1 && valve == VALVE_SAFE);
  wanted = 9;
  give_input(&a, 1, "ab");
  board_run(&a, 0);
  const uint32_t hash = take_result(&a, 1, NULL);
  CHECK(hash != 0 && lamps == LAMPS_SAFE && valve == VALVE_SAFE && lamps_written == 1);
  give_commit(&a, 1, hash + 1);
  board_run(&a, 0);
  CHECK(lamps == LAMPS_SAFE);
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  said s;
  cc_done_message done;
  CHECK(take_all(&a, CC_DONE, &s) == 1 && cc_unpack_done(s.frame.body, s.frame.end, &done));
  CHECK(lamps == 9 && valve == 'b');
  CHECK(done.read_back_count == 2 && done.read_back[LAMPS] == 9 && done.read_back[VALVE] == 'b');
  return true;
}

static bool done_tells_what_is_read_back(void) {
  begin(4);
  wanted = 9;
  give_input(&a, 1, "a");
  board_run(&a, 0);
  give_commit(&a, 1, take_result(&a, 1, NULL));
  board_run(&a, 0);
  lamps = 8; /* a shift register that has lost a bit */
  take_all(&a, CC_DONE, NULL);
  give_input(&a, 2, "a");
  board_run(&a, 0);
  said s;
  cc_failed_message failed;
  CHECK(take_all(&a, CC_FAILED, &s) == 1 && cc_unpack_failed(s.frame.body, s.frame.end, &failed));
  CHECK(failed.reason == CC_FAILED_REASON_OUTPUT_CORRUPT);
  CHECK(lamps == LAMPS_SAFE && valve == VALVE_SAFE);
  return true;
}

static bool a_transferred_state_has_own_outputs(void) {
  begin(5);
  const uint32_t state[2] = {40, 0};
  cc_state_put_message put;
  memset(&put, 0, sizeof put);
  put.execution_count = 12;
  put.flags = CC_STATE_PUT_LAST;
  put.outputs_count = 2;
  put.outputs[LAMPS] = 3;
  put.outputs[VALVE] = 45;
  put.data = (const uint8_t *)state;
  put.data_length = sizeof a.state;
  uint8_t wire[CC_WIRE_BYTES];
  uint8_t *const end = cc_pack_state_put(cc_frame_begin(wire, CC_STATE_PUT, 1, 0), &put);
  give_bytes(&a, wire, cc_frame_end(wire, end));
  board_run(&a, 0);
  said s;
  cc_state_message answer;
  CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &answer));
  CHECK((answer.flags & CC_STATE_ACCEPTED) && answer.outputs_count == 2);
  CHECK(lamps == 3 && valve == 45 && a.state.sum == 40);
  return true;
}

static bool a_line_too_many_stops_the_board(void) {
  begin(6);
  cc_own_source(CC_MAX_SOURCES, pulses_since);
  board_run(&a, 0);
  said s;
  cc_failed_message failed;
  CHECK(take_all(&a, CC_FAILED, &s) == 1 && cc_unpack_failed(s.frame.body, s.frame.end, &failed));
  CHECK(failed.reason == CC_FAILED_REASON_INTERNAL && failed.detail == CC_MAX_SOURCES);
  begin(7);
  cc_output(CC_MAX_OUTPUTS, PIN_A, CC_DIGITAL, 0);
  board_run(&a, 0);
  CHECK(take_all(&a, CC_FAILED, NULL) == 1 && a.context.failed_detail == CC_MAX_OUTPUTS);
  begin(8);
  CHECK(cc_sample(CC_MAX_SOURCES) == 0 && a.context.failed_reason == CC_FAILED_REASON_INTERNAL);
  return true;
}

static unsigned depth;
static void fail_to_turn(int16_t level) {
  (void)level;
  if (++depth < 1000) cc_fail(CC_FAILED_REASON_LOCAL_TRIP, 3);
}

static bool an_output_that_fails_stops_the_board_once(void) {
  begin(11);
  depth = 0;
  cc_own_output(VALVE, fail_to_turn, NULL, VALVE_SAFE);
  CHECK(depth == 2 && lamps == LAMPS_SAFE); /* its beginning, and its safe level */
  CHECK(a.context.failed_reason == CC_FAILED_REASON_LOCAL_TRIP && a.context.failed_detail == 3);
  return true;
}

static bool a_line_of_no_function_stops_the_board(void) {
  begin(12);
  cc_own_source(1, NULL);
  CHECK(a.context.failed_reason == CC_FAILED_REASON_INTERNAL && a.context.failed_detail == 1);
  begin(13);
  cc_own_output(2, NULL, lamps_shown, 0);
  CHECK(a.context.failed_reason == CC_FAILED_REASON_INTERNAL && a.context.output_count == 2);
  return true;
}

/* As many outputs, sources and readings as there is room for, beside 20 bytes of a part and 25 of a payload. */
static void on_full_input(const cc_input *input) {
  for (uint8_t i = 0; i < CC_LINES; i++) {
    const int32_t reading = cc_read(i);
    a.state.sum += (uint32_t)reading;
    cc_write(i, (int16_t)reading);
  }
  if (input->length >= 20) cc_reply(input->payload, 20);
}

static bool all_lines_at_once(void) {
  board_begin(&a, 9);
  for (uint8_t i = 0; i < CC_LINES; i++) {
    cc_output(i, i, CC_PWM, 0);
    cc_source(i, (uint8_t)(CC_LINES + i), CC_ADC);
    a.readings[CC_LINES + i] = i + 1;
  }
  cc_begin("full", 1, on_full_input);
  give_open(&a, 1, 0, 9, false);
  board_run(&a, 0);
  take_all(&a, CC_HELLO, NULL);
  uint8_t payload[25] = {1};
  cc_input_message input = {.flags = CC_INPUT_OBSERVED_GIVEN, .payload = payload, .payload_length = sizeof payload};
  input.observed_count = CC_LINES;
  for (uint8_t i = 0; i < CC_LINES; i++) input.observed[i] = 10 * (i + 1);
  uint8_t wire[CC_WIRE_BYTES];
  give_bytes(&a, wire, cc_frame_end(wire, cc_pack_input(cc_frame_begin(wire, CC_INPUT, 1, 1), &input)));
  board_run(&a, 0);
  cc_result_message result;
  const uint32_t hash = take_result(&a, 1, &result);
  CHECK(hash != 0 && result.observed_count == CC_LINES && result.body_length == 20);
  for (uint8_t i = 0; i < CC_LINES; i++) CHECK(result.observed[i] == i + 1 && a.levels[i] == 0);
  give_commit(&a, 1, hash);
  board_run(&a, 0);
  said s;
  cc_done_message done;
  CHECK(take_all(&a, CC_DONE, &s) == 1 && cc_unpack_done(s.frame.body, s.frame.end, &done));
  CHECK(done.read_back_count == CC_LINES);
  for (uint8_t i = 0; i < CC_LINES; i++) CHECK(a.levels[i] == 10 * (i + 1) && done.read_back[i] == a.levels[i]);
  return true;
}

/* R25: what one version reads out another can be given, frame by frame: STATE_PUT of 64 bytes with four levels. */
static bool a_chunk_fits_either_version(void) {
  static uint8_t large[100];
  board_begin(&a, 10);
  a.context.state = NULL; /* this sketch has another one */
  a.context.output_count = 0;
  cc_output(0, PIN_A, CC_PWM, 0);
  cc_state(large, sizeof large);
  cc_begin("large", 1, on_input);
  give_open(&a, 1, 0, 10, false);
  board_run(&a, 0);
  give_state_get(&a, 0);
  board_run(&a, 0);
  said s;
  cc_state_message state;
  CHECK(take_all(&a, CC_STATE, &s) == 1 && cc_unpack_state(s.frame.body, s.frame.end, &state));
  CHECK(state.data_length >= CC_STATE_CHUNK_BYTES);
  const uint8_t put_bytes = (uint8_t)(CC_STATE_PUT_FIXED_BYTES + 2 * state.outputs_count + state.data_length);
  CHECK(put_bytes + CC_HEADER_BYTES + CC_CRC_BYTES + 3 <= 64);
  return true;
}

TEST_LIST(own_line_tests,
          {"R21: a source of the sketch's own is reported, and given to the board that follows", an_own_source_is_reported_and_given},
          {"R7: an output of the sketch's own moves when its result is committed", an_own_output_moves_on_commit},
          {"R29: an output of the sketch's own that reads back another level stops the board", done_tells_what_is_read_back},
          {"R25: a transferred state has the levels of the sketch's own outputs", a_transferred_state_has_own_outputs,
           NEEDS_STATE_TRANSFER},
          {"R21: all lines at once are read, given, written and read back", all_lines_at_once},
          {"R25: a chunk of the state fits the frames of either version", a_chunk_fits_either_version, NEEDS_STATE_TRANSFER},
          {"R7: an output of the sketch's own that calls cc_fail stops the board once", an_output_that_fails_stops_the_board_once},
          {"a line that has no function stops the board and is named", a_line_of_no_function_stops_the_board},
          {"a line beyond those there is room for stops the board and is named", a_line_too_many_stops_the_board});
