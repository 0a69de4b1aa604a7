/* All that the library keeps, in one structure that the port provides: two boards fit into one process. */
#ifndef COPYCAT_CONTEXT_H
#define COPYCAT_CONTEXT_H

#include "copycat.h"
#include "features.h"

_Static_assert(CC_WINDOW >= 1 && CC_WINDOW <= CC_MAX_WINDOW, "HELLO can name at most CC_MAX_WINDOW kept results");

enum {
  CC_BODY_BYTES = CC_DECODED_BYTES - CC_HEADER_BYTES - CC_CRC_BYTES,
  CC_ENCODED_BYTES = CC_WIRE_BYTES - 2, /* between the delimiters */
  CC_MAX_PAYLOAD = CC_BODY_BYTES - CC_INPUT_FIXED_BYTES,
  /* Of the state in one frame: a chunk of either version fits a STATE_PUT of either, with all outputs. */
  CC_STATE_CHUNK_BYTES = 64 - 3 - CC_HEADER_BYTES - CC_CRC_BYTES - CC_STATE_PUT_FIXED_BYTES - 4 * 2,
  CC_MAX_SOURCES = CC_LINES,
  CC_NOTHING_DUE = 255,
  CC_REPEAT_MS = 100,        /* a result without COMMIT is said again */
  CC_HELLO_INTERVAL_MS = 20, /* between two HELLOs that nobody asked for by name */
  CC_SILENCE_MS = 5000,
  CC_POLL_BYTES = CC_WIRE_BYTES /* taken from the receive buffer by one cc_poll */
};
_Static_assert(CC_MAX_PAYLOAD <= CC_SLOT_BYTES, "a slot holds first the payload, then the result");

/* Before CC_EXECUTING a slot holds an input, from then on a result: `queued` is read in CC_QUEUED alone. */
enum { CC_EMPTY, CC_QUEUED, CC_EXECUTING, CC_EXECUTED, CC_GRANTED, CC_ACTED };

/* What an input needs until the sketch has it. */
typedef struct {
  uint32_t position;              /* the execution count it must get; 0: any */
  uint16_t arrival;               /* its number in the order of arrival */
  int32_t given[CC_MAX_OBSERVED]; /* what the primary observed */
  uint8_t given_count;
  uint8_t payload_length;
  uint8_t payload[CC_SLOT_BYTES];
} cc_queued;

/* What the sketch made of it. */
typedef struct {
  uint32_t execution_count; /* the one it got */
  uint32_t hash;
  uint32_t digest;
  uint32_t repeated_ms; /* when it was last made due */
  int32_t observed[CC_MAX_OBSERVED]; /* the board's own readings */
  union {
    int16_t staged_levels[CC_MAX_OUTPUTS]; /* until CC_ACTED: what a commit puts out */
    int16_t read_back[CC_MAX_OUTPUTS];     /* in CC_ACTED: what the registers showed after it */
  };
  uint8_t flags;  /* CC_RESULT_REJECTED */
  uint8_t staged; /* bit i: output i has a staged level */
  uint8_t observed_count;
  uint8_t part_count;
  uint8_t part_length[CC_MAX_PARTS];
  uint8_t length;                /* used of `bodies` */
  uint8_t bodies[CC_SLOT_BYTES]; /* the parts' bodies, one behind the other */
} cc_result;

/* One input and then its result, in the same memory; seq n lives in slot n % CC_WINDOW. */
typedef struct {
  uint32_t seq;
  uint32_t input_crc;
  uint32_t pair_time_ms;
  uint8_t phase;       /* CC_EMPTY ... CC_ACTED */
  uint8_t input_flags; /* CC_INPUT_PROBE, CC_INPUT_OBSERVED_GIVEN */
  uint8_t due_part;    /* next part of RESULT to send, or CC_NOTHING_DUE */
  bool done_due;
  union {
    cc_queued queued;
    cc_result result;
  };
} cc_slot;

typedef struct {
  uint8_t pin;
  uint8_t kind; /* CC_DIGITAL, CC_PWM or CC_OWN_LINE */
  int16_t safe_level;
  int16_t acted_level;   /* by the last committed result, or by a transferred state */
  int16_t written_level; /* what the register must show */
} cc_output_line;

typedef struct {
  uint8_t pin;
  uint8_t kind; /* CC_DIGITAL, CC_ADC or CC_OWN_LINE */
} cc_source_line;

/* A line that functions of the sketch stand for (own-lines.c). */
enum { CC_OWN_LINE = 255 };

/* What the port knows of this start. */
typedef struct {
  uint32_t unit;       /* this very board, whatever it runs: made once and kept; 0: it cannot tell */
  uint32_t boot;       /* differs from that of every other start */
  uint32_t image_hash; /* tells programs apart: a port knows it without reading all of flash, see cc_hal_start */
  uint16_t rx_bytes;   /* what the receive buffer holds */
  uint8_t reset_cause; /* CC_HELLO_RESET_CAUSE_... */
} cc_start;

/* What is done with `length` bytes of the state, from `offset` on; the sum is a crc32 without its last step. */
enum { CC_STATE_SUM, CC_STATE_READ, CC_STATE_WRITE };
typedef uint32_t cc_access(const cc_context *c, uint8_t how, uint16_t offset, uint8_t *bytes, uint16_t length);

/* An AVR reaches the first 64 bytes behind a pointer in one instruction and needs six for what lies further: so what is asked
 * at every turn comes first, the small before the large. */
struct cc_context {
  bool running;
  bool worked; /* by the last cc_poll: ask again before sleeping */
  bool parked;
  bool restarting;
  uint8_t session;
  uint8_t failed_reason; /* CC_FAILED_REASON_NONE while well */
  uint8_t output_count;
  uint8_t received; /* bytes in `frame` */
  bool overlong;    /* more than a frame has come without a delimiter: drop until the next */

  bool hello_due;
  bool hello_asked; /* by name: not held back by the interval */
  bool failed_due;
  bool stale_due;
  bool state_due;
  bool state_data; /* the due STATE carries a chunk; otherwise it answers a STATE_PUT */
  bool report_due;
  uint8_t state_flags;
  uint16_t state_offset;

  uint32_t now_ms;
  void *state; /* of one block; of pieces (state.h) their list, which lies in flash */
  uint16_t state_bytes;
  uint16_t put_offset;  /* how much of a transferred state has come */
  bool state_torn;      /* a transfer has begun and not ended: the state is neither old nor new */
  bool put_taken;       /* the last transfer has ended in a whole state */
  bool put_closed;      /* something has been executed since the fresh OPEN: no state is taken any more */
  cc_access *access_pieces; /* a state of pieces is read and written by this; NULL: it is one block */
  uint32_t digest;      /* of the state after the last executed input */
  uint32_t execution_count;

  cc_slot *executing; /* during on_input */
  uint32_t highest_seq; /* of all INPUTs since the last fresh OPEN; 0 before the first */
  uint32_t heard_ms; /* when the gateway was last heard in this session */
  uint32_t stale_seq;

  const int32_t *given; /* to the executing input */
  uint8_t given_count;
  bool overflowed; /* on_input replied or read more than fits */
  uint8_t silence_policy;
  uint32_t failed_detail;
  uint32_t silence_ms;
  uint32_t hello_ms;
  uint16_t arrivals;    /* INPUTs that were queued; wraps around, and orders the few that wait */
  uint16_t report_slice;
  uint16_t bad_frames; /* received and dropped: length, COBS, CRC, type or body */

  const char *name;
  uint32_t layout; /* crc32 of what the state's layout was called; 0: nothing was said */
  cc_on_input on_input;
  uint16_t version;
  cc_start start;
  void *port; /* the port's own, e.g. which of several boards this is */
  /* Only the calls that declare such lines point here, so that a sketch without them links nothing of own-lines.c. */
  int32_t (*read_own_source)(uint8_t source);
  int16_t (*use_own_output)(const cc_context *c, uint8_t output, const int16_t *level); /* writes it; NULL: reads back */

  cc_output_line outputs[CC_MAX_OUTPUTS];
  cc_source_line sources[CC_MAX_SOURCES];
  cc_slot slots[CC_WINDOW];
  uint8_t frame[CC_ENCODED_BYTES];
};

#endif
