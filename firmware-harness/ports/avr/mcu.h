/* What this port has to know of the processor: its pins by their Arduino numbers, its timers, its vectors. */
#ifndef COPYCAT_AVR_MCU_H
#define COPYCAT_AVR_MCU_H

#include <avr/io.h>
#include <stdbool.h>
#include <stdint.h>

/* PINx is two below PORTx and DDRx one (register summary of the data sheets). */
typedef struct {
  volatile uint8_t *port;
  uint8_t mask; /* 0: there is no such pin */
} mcu_pin;

/* A pin that a timer can drive; its TCCRnB is one above its TCCRnA. */
typedef struct {
  uint8_t pin;
  uint8_t connect; /* bits of TCCRnA: clear going up, set going down */
  uint8_t clock;   /* bits of TCCRnB: the processor's clock over 64 */
  bool wide;       /* the compare register has 16 bits */
  volatile uint8_t *control;
  volatile void *compare;
} mcu_pwm;

#if defined(__AVR_ATmega328P__)
#include "mcu/atmega328p.h"
#elif defined(__AVR_ATmega2560__)
#include "mcu/atmega2560.h"
#else
#error "this port knows the ATmega328P and the ATmega2560: add a header to ports/avr/mcu"
#endif

#endif
