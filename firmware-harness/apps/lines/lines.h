/* A valve controller that answers lines: what its parts know of each other. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stdint.h>

#ifndef LINES_BAUD
#define LINES_BAUD 19200UL
#endif

/* How an answer ends. */
typedef enum {
  ANSWER_ONE_LINE,   /* each command is answered by one line */
  ANSWER_ENDS_OK,    /* by any number of lines, and `ok` or `error: ...` behind them */
  ANSWER_PROMPT      /* the command comes back as it is typed, then lines, then `> ` and no end of line; CR ends a command */
} answer_style;
#ifndef LINES_ANSWER
#define LINES_ANSWER ANSWER_ONE_LINE
#endif

/* The longest line that is taken, without its end. */
enum { LINE_BYTES = 40 };

/* input.c: what has come, by lines. A ring of 128 bytes holds what comes while a command is in work; what comes over it is
 * lost without a word, as on a board with an Arduino core. */
bool input_take(char *line, bool *is_too_long);

/* answer.c */
void answer_text(const char *text);
void answer_number(int16_t number);
void answer_end_line(void);
void answer_banner(void);
void answer_done(bool has_said_something);
void answer_error(const char *why);
void answer_echo(uint8_t byte);

/* commands.c */
void command_begin(void);
/* Carries out a line, and whatever of one still goes on. */
void command_take(char *line, bool is_too_long);
bool command_poll(void);

/* valve.c */
typedef struct {
  int16_t opening_c; /* hundredths of a per cent: where it stands */
  uint8_t set_point; /* per cent */
  uint8_t most;      /* per cent; kept in EEPROM */
  uint16_t sets;     /* how often it was told where to go, since the start */
} valve;
extern valve valve_state;

void valve_begin(void);
void valve_poll(void);
bool valve_set(int16_t per_cent);
void valve_limit(uint8_t most);
/* Pin 2 has changed since it was last asked; false as long as it bounces. */
bool valve_contact_changed(bool *is_closed);

#endif
