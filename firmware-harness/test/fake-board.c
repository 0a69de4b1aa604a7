#include "fake-board.h"

#include <string.h>

static fake_board *current;
static unsigned taken_in_poll;

static fake_board *of(cc_context *c) { return c->port; }

static bool bit_of(uint8_t byte, uint8_t bit) { return (byte >> bit & 1) != 0; }

static void set_bit(uint8_t *byte, uint8_t bit, bool value) {
  *byte = (uint8_t)(value ? *byte | 1u << bit : *byte & ~(1u << bit));
}

/* The cell that an address reaches. */
static uint16_t reached(const fake_board *b, uint16_t at) {
  if (b->fault.kind == LINE_LOW) return at & (uint16_t)~(1u << b->fault.line);
  if (b->fault.kind == LINE_HIGH) return at | (uint16_t)(1u << b->fault.line);
  return at;
}

static uint8_t faulty_read(void *memory, uint16_t at) {
  const fake_board *b = memory;
  const uint16_t cell = reached(b, at);
  uint8_t byte = b->ram[cell];
  if (cell == b->fault.at && b->fault.kind == STUCK) set_bit(&byte, b->fault.bit, b->fault.value);
  return byte;
}

static void faulty_write(void *memory, uint16_t at, uint8_t byte) {
  fake_board *b = memory;
  const ram_fault *f = &b->fault;
  const uint16_t cell = reached(b, at);
  const uint8_t old = b->ram[cell];
  uint8_t after = byte;
  if (f->kind == NO_CHANGE && cell == f->at && bit_of(old, f->bit) != f->value && bit_of(byte, f->bit) == f->value) {
    set_bit(&after, f->bit, !f->value);
  }
  b->ram[cell] = after;
  if ((f->kind != COUPLED && f->kind != INVERTED) || cell != f->by_at) return;
  if (bit_of(old, f->by_bit) == f->by_value || bit_of(byte, f->by_bit) != f->by_value) return;
  set_bit(&b->ram[f->at], f->bit, f->kind == COUPLED ? f->value : !bit_of(b->ram[f->at], f->bit));
}

uint32_t cc_hal_now_ms(cc_context *c) { return of(c)->now_ms; }

bool cc_hal_receive(cc_context *c, uint8_t *byte) {
  fake_board *b = of(c);
  if (b->rx_from == b->rx_to) return false;
  *byte = b->rx[b->rx_from++];
  taken_in_poll++;
  return true;
}

uint8_t cc_hal_send_room(cc_context *c) { return of(c)->tx_blocked ? CC_WIRE_BYTES - 1 : 128; }

void cc_hal_send(cc_context *c, const uint8_t *bytes, uint8_t length) {
  fake_board *b = of(c);
  if (b->tx_to + length > sizeof b->tx) return;
  memcpy(b->tx + b->tx_to, bytes, length);
  b->tx_to += length;
}

void cc_hal_output_begin(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  (void)kind;
  of(c)->levels[pin] = level;
}

void cc_hal_output_write(cc_context *c, uint8_t pin, uint8_t kind, int16_t level) {
  (void)kind;
  of(c)->levels[pin] = level;
  of(c)->level_writes++;
}

int16_t cc_hal_output_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)kind;
  return of(c)->levels[pin];
}

void cc_hal_source_begin(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)c;
  (void)pin;
  (void)kind;
}

int32_t cc_hal_source_read(cc_context *c, uint8_t pin, uint8_t kind) {
  (void)kind;
  return of(c)->readings[pin];
}

void cc_hal_start(cc_context *c, cc_start *start) {
  (void)c;
  start->unit = 0x2222;
  start->image_hash = 0x1111;
  start->rx_bytes = 255;
  start->reset_cause = CC_HELLO_RESET_CAUSE_POWER_ON;
}

void cc_hal_feed_watchdog(cc_context *c) { (void)c; }
void cc_hal_restart(cc_context *c) { of(c)->restarts++; }
void cc_hal_idle(cc_context *c) { (void)c; }

uint32_t cc_hal_flash_bytes(cc_context *c) { return of(c)->flash_bytes; }

uint32_t cc_hal_flash_crc(cc_context *c, uint32_t from, uint16_t length) {
  return ~cc_crc_bytes(CC_CRC_BEGIN, of(c)->flash + from, length);
}

uint16_t cc_hal_ram_bytes(cc_context *c) { return of(c)->ram_bytes; }

uint8_t cc_hal_march(cc_context *c, uint16_t first, uint16_t second, uint8_t background) {
  of(c)->marched[first]++;
  of(c)->marched[second]++;
  return cc_march(of(c), faulty_read, faulty_write, first, second, background);
}

bool cc_hal_registers_work(cc_context *c) { return !of(c)->cpu_fault; }

/* What the second payload byte asks for. */
static void on_input(const cc_input *input) {
  fake_board *b = current;
  const uint8_t argument = input->length > 2 ? input->payload[2] : 0;
  const uint8_t large[CC_SLOT_BYTES + 1] = {0};
  b->calls++;
  if (input->length > 0) b->state.sum += input->payload[0];
  b->state.pair_time_ms = input->pair_time_ms;
  switch (input->length > 1 ? input->payload[1] : 0) {
    case 'w': /* write: the level of output A */
      cc_write(LEVEL_A, argument);
      cc_reply(&b->state.sum, 4);
      break;
    case 'r': /* read the source `argument` times and use what it says */
      for (uint8_t i = 0; i < argument; i++) b->state.sum += (uint32_t)cc_read(0);
      cc_reply(&b->state.sum, 4);
      break;
    case 'p': /* `argument` parts, each its own number */
      for (uint8_t i = 0; i < argument; i++) cc_reply(&i, 1);
      break;
    case 'l': /* one part of `argument` bytes */
      cc_reply(large, argument);
      break;
    case 'x':
      cc_write(LEVEL_A, argument);
      cc_reject();
      break;
    case 'f':
      cc_write(LEVEL_A, argument);
      cc_fail(CC_FAILED_REASON_APPLICATION, argument);
      break;
    default:
      break;
  }
}

void board_use(fake_board *b) {
  current = b;
  cc_use(&b->context);
}

void board_begin(fake_board *b, uint32_t boot) {
  memset(b, 0, sizeof *b);
  b->context.port = b;
  b->context.start.boot = boot;
  board_use(b);
  cc_state(&b->state, sizeof b->state);
  cc_layout("u32 sum, u32 pairTimeMs");
  cc_output(LEVEL_A, PIN_A, CC_PWM, SAFE_A);
  cc_output(LEVEL_B, PIN_B, CC_DIGITAL, SAFE_B);
  cc_source(0, PIN_TEMP, CC_ADC);
  cc_begin("test", 7, on_input);
}

void board_open(fake_board *b) {
  board_begin(b, 0xb007);
  give_open(b, 1, 0, 0xb007, false);
  board_run(b, 1);
  take_all(b, CC_HELLO, NULL);
}

void board_run(fake_board *b, uint32_t ms) {
  board_use(b);
  for (uint32_t passed = 0;; passed++, b->now_ms++) {
    bool more = true;
    for (unsigned polls = 0; more && polls < 20000; polls++) {
      taken_in_poll = 0;
      more = cc_poll() || b->rx_from != b->rx_to;
      if (b->tx_blocked && b->rx_from == b->rx_to) more = false;
      if (taken_in_poll > b->largest_receive) b->largest_receive = taken_in_poll;
    }
    if (passed == ms) return;
  }
}

void give_bytes(fake_board *b, const void *bytes, size_t length) {
  if (b->rx_from == b->rx_to) b->rx_from = b->rx_to = 0;
  if (length > sizeof b->rx - b->rx_to) length = sizeof b->rx - b->rx_to;
  memcpy(b->rx + b->rx_to, bytes, length);
  b->rx_to += length;
}

static void give_frame(fake_board *b, uint8_t *wire, uint8_t *body_end) {
  const uint8_t length = cc_frame_end(wire, body_end);
  give_bytes(b, wire, length);
}

void give_simple(fake_board *b, uint8_t type, uint8_t session, uint32_t seq) {
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_frame_begin(wire, type, session, seq));
}

void give_open(fake_board *b, uint8_t new_session, uint8_t was_session, uint32_t boot, bool resume) {
  const cc_open_message open = {new_session, was_session, boot, resume ? CC_OPEN_RESUME : 0, 1};
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_pack_open(cc_frame_begin(wire, CC_OPEN, 0, 0), &open));
}

static void give_whole_input(fake_board *b, uint32_t seq, const char *payload, uint8_t flags, uint32_t position,
                             int32_t observed) {
  cc_input_message input = {0};
  input.flags = flags;
  input.position = position;
  input.pair_time_ms = seq * 100;
  if (flags & CC_INPUT_OBSERVED_GIVEN) {
    input.observed_count = 1;
    input.observed[0] = observed;
  }
  input.payload = (const uint8_t *)payload;
  input.payload_length = (uint8_t)strlen(payload);
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_pack_input(cc_frame_begin(wire, CC_INPUT, b->context.session, seq), &input));
}

void give_input(fake_board *b, uint32_t seq, const char *payload) { give_whole_input(b, seq, payload, 0, 0, 0); }

void give_at(fake_board *b, uint32_t seq, const char *payload, uint32_t position) {
  give_whole_input(b, seq, payload, 0, position, 0);
}

void give_observed(fake_board *b, uint32_t seq, const char *payload, int32_t observed) {
  give_whole_input(b, seq, payload, CC_INPUT_OBSERVED_GIVEN, 0, observed);
}

void give_flagged(fake_board *b, uint32_t seq, const char *payload, uint8_t flags) {
  give_whole_input(b, seq, payload, flags, 0, 0);
}

void give_commit(fake_board *b, uint32_t seq, uint32_t hash) {
  const cc_commit_message commit = {hash};
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_pack_commit(cc_frame_begin(wire, CC_COMMIT, b->context.session, seq), &commit));
}

void give_violation(fake_board *b, uint32_t seq, uint8_t reason) {
  const cc_violation_message violation = {reason};
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_pack_violation(cc_frame_begin(wire, CC_VIOLATION, b->context.session, seq), &violation));
}

void give_state_get(fake_board *b, uint16_t offset) {
  const cc_state_get_message get = {offset};
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_pack_state_get(cc_frame_begin(wire, CC_STATE_GET, b->context.session, 0), &get));
}

void give_state_put(fake_board *b, uint16_t offset, const void *data, uint8_t length, bool last, uint32_t count) {
  cc_state_put_message put = {0};
  put.execution_count = count;
  put.offset = offset;
  put.flags = last ? CC_STATE_PUT_LAST : 0;
  put.outputs_count = 2;
  put.outputs[0] = 77;
  put.outputs[1] = 0;
  put.data = data;
  put.data_length = length;
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_pack_state_put(cc_frame_begin(wire, CC_STATE_PUT, b->context.session, 0), &put));
}

void give_self_test(fake_board *b, uint16_t slice) {
  const cc_self_test_message test = {slice};
  uint8_t wire[CC_WIRE_BYTES];
  give_frame(b, wire, cc_pack_self_test(cc_frame_begin(wire, CC_SELFTEST, b->context.session, 0), &test));
}

bool take(fake_board *b, said *s) {
  while (b->tx_from < b->tx_to && b->tx[b->tx_from] == CC_DELIMITER) b->tx_from++;
  if (b->tx_from == b->tx_to) {
    b->tx_from = b->tx_to = 0;
    return false;
  }
  uint8_t length = 0;
  while (b->tx[b->tx_from] != CC_DELIMITER) s->bytes[length++] = b->tx[b->tx_from++];
  return cc_frame_open(s->bytes, length, &s->frame);
}

unsigned take_all(fake_board *b, uint8_t type, said *s) {
  said one;
  unsigned count = 0;
  while (take(b, &one)) {
    if (one.frame.type != type) continue;
    count++;
    if (s == NULL) continue;
    *s = one;
    s->frame.body = s->bytes + (one.frame.body - one.bytes);
    s->frame.end = s->bytes + (one.frame.end - one.bytes);
  }
  return count;
}

uint32_t take_result(fake_board *b, uint32_t seq, cc_result_message *last) {
  said s;
  uint32_t crc = CC_CRC_BEGIN;
  while (take(b, &s)) {
    cc_result_message result;
    if (s.frame.type != CC_RESULT || s.frame.seq != seq) continue;
    if (!cc_unpack_result(s.frame.body, s.frame.end, &result)) return 0;
    crc = cc_crc_byte(crc, result.part);
    crc = cc_crc_byte(crc, result.flags);
    crc = cc_crc_byte(crc, result.body_length);
    crc = cc_crc_bytes(crc, result.body, result.body_length);
    if (!(result.flags & CC_RESULT_LAST)) continue;
    if (last != NULL) *last = result;
    return ~cc_crc_u32(crc, result.digest);
  }
  return 0;
}
