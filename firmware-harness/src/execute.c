/* One input through the sketch. */
#include <string.h>

#include "core.h"

/* Between the sketch's return and the digest of the state it left: a named place for a debugger or a fault injector. */
CC_NOINLINE void cc_input_returned(void) { __asm__ volatile("" ::: "memory"); }

/* R3: an input with a position runs when that is its execution count, and not before. One without runs in the order of
 * arrival, but never while one with a position waits: it would take the place of one that has not come yet. */
static cc_slot *next_queued(cc_context *c) {
  cc_slot *first = NULL;
  bool waits = false;
  for (cc_slot *slot = c->slots; slot < c->slots + CC_WINDOW; slot++) {
    if (slot->phase != CC_QUEUED) continue;
    if (slot->queued.position == c->execution_count + 1) return slot;
    if (slot->queued.position != 0) {
      waits = true;
    } else if (first == NULL || (int16_t)(uint16_t)(slot->queued.arrival - first->queued.arrival) < 0) {
      first = slot;
    }
  }
  return waits ? NULL : first;
}

/* R29: before an input, not after: a flipped bit is found before it reaches a result. */
static bool intact(cc_context *c) {
  if (!cc_state_intact(c)) {
    cc_stop(c, CC_FAILED_REASON_STATE_CORRUPT, cc_state_digest(c) ^ c->digest);
    return false;
  }
  if (!cc_outputs_intact(c)) {
    cc_stop(c, CC_FAILED_REASON_OUTPUT_CORRUPT, 0);
    return false;
  }
  return true;
}

static void begin_result(cc_slot *slot) {
  slot->phase = CC_EXECUTING;
  slot->result.flags = 0;
  slot->result.staged = 0;
  slot->result.observed_count = 0;
  slot->result.part_count = 0;
  slot->result.length = 0;
}

/* What the sketch may still need of its input is copied: the result takes its place in the slot. */
static void call_sketch(cc_context *c, cc_slot *slot) {
  uint8_t payload[CC_MAX_PAYLOAD];
  int32_t given[CC_MAX_OBSERVED];
  memcpy(payload, slot->queued.payload, slot->queued.payload_length);
  memcpy(given, slot->queued.given, sizeof given);
  const cc_input input = {slot->pair_time_ms, payload, slot->queued.payload_length};
  c->given = given;
  c->given_count = slot->queued.given_count;
  c->overflowed = false;
  begin_result(slot);
  c->executing = slot;
  c->on_input(&input);
  cc_input_returned();
  c->executing = NULL;
  c->given = NULL;
}

static bool fits(const cc_result *result) {
  const uint8_t room = (uint8_t)(CC_BODY_BYTES - CC_RESULT_FIXED_BYTES - 4 * result->observed_count);
  for (uint8_t i = 0; i < result->part_count; i++) {
    if (result->part_length[i] > room) return false;
  }
  return true;
}

static uint32_t hash_of(const cc_result *result) {
  uint32_t crc = CC_CRC_BEGIN;
  const uint8_t *body = result->bodies;
  for (uint8_t i = 0; i < result->part_count; i++) {
    const uint8_t last = i + 1 == result->part_count ? CC_RESULT_LAST : 0;
    crc = cc_crc_byte(crc, i);
    crc = cc_crc_byte(crc, last | result->flags);
    crc = cc_crc_byte(crc, result->part_length[i]);
    crc = cc_crc_bytes(crc, body, result->part_length[i]);
    body += result->part_length[i];
  }
  return ~cc_crc_u32(crc, result->digest);
}

/* Executes the input whose turn it is. False when there is none. */
bool cc_execute_next(cc_context *c) {
  cc_slot *slot = next_queued(c);
  if (slot == NULL) return false;
  if (!intact(c)) return true;
  cc_result *result = &slot->result;
  if (slot->input_flags & CC_INPUT_PROBE) {
    begin_result(slot);
  } else {
    call_sketch(c, slot);
    if (c->failed_reason != CC_FAILED_REASON_NONE) return true;
    if (c->overflowed || !fits(result)) {
      cc_stop(c, CC_FAILED_REASON_INTERNAL, slot->seq);
      return true;
    }
  }
  if (result->part_count == 0) {
    result->part_count = 1; /* R4: "nothing to do" is a result */
    result->part_length[0] = 0;
  }
  if (result->flags & CC_RESULT_REJECTED) result->staged = 0;
  c->digest = cc_state_digest(c);
  result->digest = c->digest;
  result->execution_count = ++c->execution_count;
  c->put_closed = true;
  result->hash = hash_of(result);
  slot->phase = CC_EXECUTED;
  slot->due_part = 0;
  result->repeated_ms = c->now_ms;
  return true;
}
