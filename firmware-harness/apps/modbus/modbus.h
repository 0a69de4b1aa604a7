/* A Modbus RTU slave with a small pump controller behind it: what its parts know of each other. */
#ifndef MODBUS_H
#define MODBUS_H

#include <stdbool.h>
#include <stdint.h>

#ifndef MODBUS_ADDRESS
#define MODBUS_ADDRESS 5
#endif
#ifndef MODBUS_BAUD
#define MODBUS_BAUD 19200UL
#endif
#ifndef MODBUS_PARITY
#define MODBUS_PARITY PLAIN_PARITY_EVEN
#endif
#ifndef MODBUS_TWO_STOP_BITS
#define MODBUS_TWO_STOP_BITS false
#endif
/* From the end of a request to its answer: 2, 30 or 300 ms, as real slaves take. A register changes it. */
#ifndef MODBUS_ANSWER_MS
#define MODBUS_ANSWER_MS 2
#endif
/* The longest silence of the master that the pump bears; 0: any. A register changes it. */
#ifndef MODBUS_SILENCE_MS
#define MODBUS_SILENCE_MS 1000
#endif

enum { PDU_BYTES = 253 };

typedef enum {
  NO_EXCEPTION = 0,
  ILLEGAL_FUNCTION = 1,
  ILLEGAL_ADDRESS = 2,
  ILLEGAL_VALUE = 3,
  DEVICE_FAILURE = 4,
  ACKNOWLEDGE = 5, /* accepted; it goes on for a while */
  BUSY = 6,        /* not taken */
  PARITY_ERROR = 8 /* what it keeps in memory has changed by itself */
} modbus_exception;

/* Wire addresses. */
enum {
  HOLDING_MODE = 0,      /* a pump_mode */
  HOLDING_SPEED = 1,     /* per mille of full speed */
  HOLDING_LEVEL = 2,     /* per mille of the sensor's range: the set point of MODE_LEVEL */
  HOLDING_GAIN = 3,      /* hundredths */
  HOLDING_RESET_S = 4,   /* of the integrator; 0: there is none */
  HOLDING_RAMP = 5,      /* per mille a second, 100 to 10000; 0: at once */
  HOLDING_DOSE = 6,      /* two registers, the high one first: ml of MODE_DOSE */
  HOLDING_ANSWER_MS = 8, /* 2, 30 or 300 */
  HOLDING_SILENCE_MS = 9,
  HOLDING_COMMAND = 10, /* reads as 0 */
  HOLDING_ADDRESS = 11, /* from the next request on */
  HOLDING_CALIBRATION = 12,
  CALIBRATION_REGISTERS = 4,
  HOLDING_COUNT = HOLDING_CALIBRATION + CALIBRATION_REGISTERS
};
enum {
  INPUT_STATUS = 0, /* the discrete inputs as bits, and STATUS_CALIBRATING */
  INPUT_SPEED = 1,
  INPUT_LEVEL = 2,
  INPUT_DELIVERED = 3, /* two registers, the high one first: ml since the start */
  INPUT_UPTIME = 5,    /* tenths of a second; stays at 65535 */
  INPUT_CLOCK = 6,     /* milliseconds; wraps around */
  INPUT_FLOW = 7,      /* pulses at pin 2 since it was last read: reading clears it */
  INPUT_REQUESTS = 8,  /* heard since the start, this one too; wraps around */
  INPUT_COUNT
};
enum { COIL_RUN, COIL_VALVE, COIL_LAMP, COIL_SPARE, COIL_COUNT };
enum { DISCRETE_RUNNING, DISCRETE_TRIPPED, DISCRETE_DRY, DISCRETE_FULL, DISCRETE_COUNT };
enum { STATUS_CALIBRATING = 1 << DISCRETE_COUNT };
typedef enum { MODE_SPEED, MODE_LEVEL, MODE_DOSE, MODE_COUNT } pump_mode;
typedef enum { COMMAND_NONE, COMMAND_RESET_TRIP, COMMAND_CALIBRATE } pump_command;

/* frame.c: bytes to requests, and answers to bytes. */
void frame_begin(void);
void frame_poll(void);
/* When the last byte of a good frame for this slave or for all had come. */
bool frame_is_heard(uint32_t *at_ms);

/* functions.c: carries out a request in place; the length of its answer. Of a broadcast only writes are carried out. */
uint8_t function_answer(uint8_t *pdu, uint8_t length, bool is_broadcast);
/* How many it was given since the start. */
uint16_t function_requests(void);

/* identity.c: functions 17 and 43/14. */
uint8_t identity_server(uint8_t *pdu);
uint8_t identity_device(uint8_t *pdu, uint8_t length);

/* registers.c: tables with their limits. Writing checks everything first: all of it is done or nothing. */
modbus_exception registers_read_holding(uint16_t from, uint16_t count, uint8_t *words);
modbus_exception registers_read_input(uint16_t from, uint16_t count, uint8_t *words);
modbus_exception registers_write(uint16_t from, uint16_t count, const uint8_t *words);
modbus_exception coils_write(uint16_t from, uint16_t count, const uint8_t *bits);
modbus_exception coils_read(uint16_t from, uint16_t count, uint8_t *bits);
modbus_exception discretes_read(uint16_t from, uint16_t count, uint8_t *bits);

/* pump.c */
typedef struct {
  uint16_t holding[HOLDING_COUNT];
  uint8_t coils;            /* bits */
  uint8_t discretes;        /* bits */
  uint16_t speed;           /* per mille, after the ramp */
  uint16_t level;           /* per mille */
  int32_t integrator;       /* per mille, times 1024 */
  uint32_t delivered_ul;    /* of the ml that is being filled */
  uint32_t delivered_ml;
  uint32_t dose_left_ul_10; /* tens of microlitres of the dose that runs */
  uint32_t calibrating_until_ms;
  uint32_t calibration_sum; /* of the registers, as they were last written */
} pump;
extern pump pump_state;

void pump_begin(void);
void pump_poll(void);
bool pump_is_busy(void);
/* Switches it on or off; DEVICE_FAILURE where it must not run. */
modbus_exception pump_run(bool on);
modbus_exception pump_command_now(pump_command command);
void pump_keep_calibration(void);
bool pump_calibration_holds(void);
/* The pulses since it was last asked. */
uint16_t pump_take_flow(void);

static inline uint16_t word_at(const uint8_t *bytes) { return (uint16_t)((uint16_t)bytes[0] << 8 | bytes[1]); }
static inline void put_word(uint8_t *bytes, uint16_t word) {
  bytes[0] = (uint8_t)(word >> 8);
  bytes[1] = (uint8_t)word;
}

#endif
