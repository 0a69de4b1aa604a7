/* What the library's files know of each other. */
#ifndef COPYCAT_CORE_H
#define COPYCAT_CORE_H

#include <stddef.h>

#include "../include/copycat/context.h"
#include "../include/copycat/hal.h"

#if defined(__GNUC__)
#define CC_NOINLINE __attribute__((noinline))
#define CC_INLINE static inline __attribute__((always_inline))
#else
#define CC_NOINLINE
#define CC_INLINE static inline
#endif

/* Constants that an AVR leaves in flash instead of copying them to RAM. */
#if defined(__AVR__)
#include <avr/pgmspace.h>
#define CC_FLASH PROGMEM
#define CC_FLASH_TEXT(text) PSTR(text)
#define CC_FLASH_U8(address) pgm_read_byte(address)
#define CC_FLASH_U32(address) pgm_read_dword(address)
#define CC_FLASH_COPY(into, address, length) memcpy_P(into, address, length)
#else
#define CC_FLASH
#define CC_FLASH_TEXT(text) (text)
#define CC_FLASH_U8(address) (*(address))
#define CC_FLASH_U32(address) (*(address))
#define CC_FLASH_COPY(into, address, length) memcpy(into, address, length)
#endif

/* crc32.c: begin with CC_CRC_BEGIN, end with ~crc. */
#define CC_CRC_BEGIN 0xffffffffu
uint32_t cc_crc_byte(uint32_t crc, uint8_t byte);
uint32_t cc_crc_u32(uint32_t crc, uint32_t value);
uint32_t cc_crc_bytes(uint32_t crc, const void *bytes, uint16_t length);
uint32_t cc_crc_text(const char *text);

/* cobs.c: both in place. */
void cc_cobs_encode(uint8_t *code, uint8_t *end);
bool cc_cobs_decode(uint8_t *bytes, uint8_t length);

/* frame.c */
typedef struct {
  uint8_t type;
  uint8_t session;
  uint32_t seq;
  const uint8_t *body;
  const uint8_t *end;
} cc_frame;

uint8_t *cc_frame_begin(uint8_t *wire, uint8_t type, uint8_t session, uint32_t seq);
uint8_t cc_frame_end(uint8_t *wire, uint8_t *body_end);
bool cc_frame_open(uint8_t *encoded, uint8_t length, cc_frame *frame);
bool cc_receive(cc_context *c, cc_frame *frame);
bool cc_can_send(cc_context *c);
void cc_send(cc_context *c, uint8_t *wire, uint8_t *body_end);
/* A message of this session; there is room. `shape` is that of its struct (codec.h). */
void cc_send_message(cc_context *c, uint8_t type, uint32_t seq, const void *message, uint16_t shape);

/* copycat.c: the context that the functions of copycat.h work on. */
cc_context *cc_used(void);

/* log.c */
bool cc_can_say(cc_context *c);
void cc_say(cc_context *c, const char *text, size_t length);
#if CC_WITH_TEXTS
void cc_say_why_flash(cc_context *c, uint32_t seq, const char *text);
#define cc_say_why(c, seq, text) cc_say_why_flash(c, seq, CC_FLASH_TEXT(text))
#else
#define cc_say_why(c, seq, text) ((void)(c), (void)(seq))
#endif

/* dispatch.c */
bool cc_dispatch(cc_context *c, const cc_frame *frame);

/* results.c */
cc_slot *cc_executed_after(cc_context *c, const cc_slot *slot);

/* exchange.c */
void cc_take_input(cc_context *c, uint32_t seq, const cc_input_message *input);
void cc_take_commit(cc_context *c, uint32_t seq, uint32_t result_hash);
cc_slot *cc_kept(cc_context *c, uint32_t seq);
bool cc_busy(const cc_context *c);
void cc_act_granted(cc_context *c);
void cc_drop_results(cc_context *c);
void cc_keep_results(cc_context *c);

/* execute.c */
bool cc_execute_next(cc_context *c);
void cc_input_returned(void);

/* answers.c */
bool cc_send_due(cc_context *c);
void cc_repeat_results(cc_context *c);

/* hello.c */
void cc_ask_hello(cc_context *c);
bool cc_hello_ready(const cc_context *c);
void cc_send_hello(cc_context *c);
void cc_take_open(cc_context *c, const cc_open_message *open);

/* lines.c: false, and the board has stopped, when there is no such line. */
bool cc_output_declare(cc_context *c, uint8_t output, uint8_t pin, uint8_t kind, int16_t safe_level);
bool cc_source_declare(cc_context *c, uint8_t source, uint8_t pin, uint8_t kind);

/* own-lines.c */
void cc_declare_own_output(cc_context *c, uint8_t output, void (*write)(int16_t), int16_t (*read_back)(void), int16_t safe_level);
void cc_declare_own_source(cc_context *c, uint8_t source, int32_t (*read)(void));

/* outputs.c */
void cc_outputs_safe(cc_context *c);
void cc_outputs_acted(cc_context *c);
void cc_output_take(cc_context *c, uint8_t output, int16_t level);
bool cc_outputs_intact(cc_context *c);
uint8_t cc_outputs_read(cc_context *c, int16_t *levels);

/* state.c */
bool cc_register_state(cc_context *c, void *state, uint16_t bytes);
cc_access cc_access_state;
uint32_t cc_state_digest(const cc_context *c);
bool cc_state_intact(const cc_context *c);
void cc_take_state_get(cc_context *c, uint16_t offset);
void cc_take_state_put(cc_context *c, const cc_state_put_message *put);
void cc_send_state(cc_context *c);

/* silence.c */
void cc_heard(cc_context *c);
void cc_check_silence(cc_context *c);

/* failure.c */
void cc_stop(cc_context *c, uint8_t reason, uint32_t detail);

/* self-test.c */
bool cc_run_self_test(cc_context *c);

#endif
