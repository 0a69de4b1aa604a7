/* Inputs, kept results and commits: who may be executed, repeated, acted on. */
#include <stddef.h>
#include <string.h>

#include "core.h"

static cc_slot *slot_of(cc_context *c, uint32_t seq) { return &c->slots[seq % CC_WINDOW]; }

cc_slot *cc_kept(cc_context *c, uint32_t seq) {
  cc_slot *slot = slot_of(c, seq);
  return slot->phase != CC_EMPTY && slot->seq == seq ? slot : NULL;
}

static bool beyond_window(const cc_context *c, uint32_t seq) {
  return c->highest_seq >= CC_WINDOW && seq <= c->highest_seq - CC_WINDOW;
}

/* R11: an old seq is answered as stale, never executed again. */
static void answer_stale(cc_context *c, uint32_t seq) {
  c->stale_due = true;
  c->stale_seq = seq;
}

/* R3: two inputs never get the same place in the order of execution, and a place behind is nobody's any more. */
static bool place_taken(const cc_context *c, uint32_t seq, uint32_t position) {
  if (position == 0) return false;
  if (position <= c->execution_count) return true;
  for (const cc_slot *slot = c->slots; slot < c->slots + CC_WINDOW; slot++) {
    if (slot->phase == CC_QUEUED && slot->seq != seq && slot->queued.position == position) return true;
  }
  return false;
}

static void say_place_taken(cc_context *c, uint32_t seq) { cc_say_why(c, seq, "input for a place that is taken"); }

static void repeat(cc_context *c, cc_slot *slot) {
  if (slot->phase < CC_EXECUTED) return; /* it waits for its turn */
  slot->due_part = 0;
  slot->result.repeated_ms = c->now_ms;
}

static uint32_t crc_of_input(const cc_input_message *input) {
  uint32_t crc = cc_crc_byte(CC_CRC_BEGIN, input->flags & CC_INPUT_PROBE);
  crc = cc_crc_u32(crc, input->pair_time_ms);
  return ~cc_crc_bytes(crc, input->payload, input->payload_length);
}

static void queue(cc_context *c, uint32_t seq, uint32_t crc, const cc_input_message *input) {
  cc_slot *slot = slot_of(c, seq);
  slot->seq = seq;
  slot->input_crc = crc;
  slot->pair_time_ms = input->pair_time_ms;
  slot->input_flags = input->flags;
  cc_queued *queued = &slot->queued;
  queued->position = input->position;
  queued->arrival = c->arrivals++;
  queued->given_count = 0;
  if (input->flags & CC_INPUT_OBSERVED_GIVEN) {
    queued->given_count = input->observed_count;
    memcpy(queued->given, input->observed, sizeof queued->given);
  }
  queued->payload_length = input->payload_length;
  memcpy(queued->payload, input->payload, input->payload_length);
  slot->due_part = CC_NOTHING_DUE;
  slot->done_due = false;
  slot->phase = CC_QUEUED;
  if (seq > c->highest_seq) c->highest_seq = seq;
}

static void take_again(cc_context *c, cc_slot *kept, uint32_t crc, uint32_t position) {
  if (kept->input_crc != crc) {
    cc_say_why(c, kept->seq, "input differs from the kept one of its seq");
  } else if (kept->phase != CC_QUEUED) {
    repeat(c, kept);
  } else if (place_taken(c, kept->seq, position)) {
    say_place_taken(c, kept->seq);
  } else {
    kept->queued.position = position; /* while it waits, the last word about its place counts */
  }
}

void cc_take_input(cc_context *c, uint32_t seq, const cc_input_message *input) {
  if (seq == 0) return;
  cc_slot *kept = cc_kept(c, seq);
  if (input->flags & CC_INPUT_RECALL) {
    if (kept == NULL) {
      answer_stale(c, seq);
    } else {
      repeat(c, kept);
    }
    return;
  }
  uint32_t crc = crc_of_input(input);
  if (kept != NULL) {
    take_again(c, kept, crc, input->position);
    return;
  }
  if (beyond_window(c, seq)) {
    answer_stale(c, seq);
    return;
  }
  cc_slot *slot = slot_of(c, seq);
  if (slot->phase != CC_EMPTY && slot->phase != CC_ACTED) {
    cc_say_why(c, seq, "input came before one a window earlier was done");
  } else if (c->state_torn) {
    cc_say_why(c, seq, "input came in the middle of a state transfer");
  } else if (place_taken(c, seq, input->position)) {
    say_place_taken(c, seq);
  } else {
    queue(c, seq, crc, input);
  }
}

static void act(cc_context *c, cc_slot *slot) {
  for (uint8_t i = 0; i < c->output_count; i++) {
    if (slot->result.staged & (1u << i)) cc_output_take(c, i, slot->result.staged_levels[i]);
  }
  cc_outputs_read(c, slot->result.read_back);
  slot->phase = CC_ACTED;
  slot->due_part = CC_NOTHING_DUE;
  slot->done_due = true;
}

/* R3: a board acts in its execution order, whatever order the commits arrive in. */
void cc_act_granted(cc_context *c) {
  for (cc_slot *slot = NULL; (slot = cc_executed_after(c, slot)) != NULL;) {
    if (slot->phase == CC_EXECUTED) return;
    if (slot->phase == CC_GRANTED) act(c, slot);
  }
}

void cc_take_commit(cc_context *c, uint32_t seq, uint32_t result_hash) {
  cc_slot *slot = cc_kept(c, seq);
  if (slot == NULL) {
    if (beyond_window(c, seq)) {
      answer_stale(c, seq);
    } else {
      cc_say_why(c, seq, "commit of a seq that was never given");
    }
    return;
  }
  if (slot->phase < CC_EXECUTED) {
    cc_say_why(c, seq, "commit before the result");
  } else if (slot->result.hash != result_hash) {
    cc_say_why(c, seq, "commit of another result than the kept one"); /* R7: not this board's result, so not granted */
  } else if (slot->phase == CC_ACTED) {
    slot->done_due = true;
  } else {
    slot->phase = CC_GRANTED;
    cc_act_granted(c);
  }
}

bool cc_busy(const cc_context *c) {
  for (uint8_t i = 0; i < CC_WINDOW; i++) {
    if (c->slots[i].phase != CC_EMPTY && c->slots[i].phase != CC_ACTED) return true;
  }
  return false;
}

void cc_drop_results(cc_context *c) {
  for (uint8_t i = 0; i < CC_WINDOW; i++) c->slots[i].phase = CC_EMPTY;
  c->highest_seq = 0;
}

/* At OPEN{resume}. What was not executed is as if never given: its place belongs to the order of the old session. A
 * commit of the old session that has not been acted on is asked for again: the ledger may have changed its mind about
 * this board meanwhile. */
void cc_keep_results(cc_context *c) {
  for (cc_slot *slot = c->slots; slot < c->slots + CC_WINDOW; slot++) {
    slot->due_part = CC_NOTHING_DUE;
    slot->done_due = false;
    if (slot->phase < CC_EXECUTED) slot->phase = CC_EMPTY;
    if (slot->phase == CC_GRANTED) slot->phase = CC_EXECUTED;
  }
  c->stale_due = false;
}
