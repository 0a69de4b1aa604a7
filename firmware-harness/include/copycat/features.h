/* What a sketch need not pay for. Everything is there unless the build says otherwise, by -DCC_...=0 or, in the Arduino IDE, by an
 * edit here. A board never claims what it lacks: HELLO has its window, its receive buffer, its unit and whether it transfers its
 * state, and a SELFTEST that cannot be run gets no answer, which a gateway takes for no finding. What each costs is in
 * docs/firmware-costs.md. */
#ifndef COPYCAT_FEATURES_H
#define COPYCAT_FEATURES_H

/* How many results a board keeps, and the span of seqs it takes: n + CC_WINDOW never comes before n is done. With 1 the
 * gateway gives an input when the one before it is done. */
#ifndef CC_WINDOW
#define CC_WINDOW 2
#endif

/* How many outputs, how many sources, and how many readings an input: 4 or 8 of each. With 8 the board speaks version 2 of the
 * protocol, whose frames have 80 bytes and not 64, so that a payload, a part of a result and a chunk of the state stay as long
 * as they are; an older gateway refuses it by name. What the room costs is in docs/firmware-costs.md. */
#ifndef CC_LINES
#define CC_LINES 4
#endif

/* The self-test of flash, RAM and CPU (self-test.h). Without it two boards that differ are told apart by the other arbiters
 * alone (docs/how-it-works.md). */
#ifndef CC_WITH_SELF_TEST
#define CC_WITH_SELF_TEST 1
#endif

/* Giving out the state and taking one (STATE_GET, STATE_PUT). Without it HELLO says `replays`: a board that joins is given
 * again, from the ledger, all that the pair has executed since it last began anew, which takes longer from day to day. */
#ifndef CC_WITH_STATE_TRANSFER
#define CC_WITH_STATE_TRANSFER 1
#endif

/* The library's own lines for the log, which say why a frame was not obeyed; cc_log is there without them. */
#ifndef CC_WITH_TEXTS
#define CC_WITH_TEXTS 1
#endif

/* CC_PWM outputs on the bare AVR port; without it such an output stops the board at its first check. */
#ifndef CC_WITH_PWM
#define CC_WITH_PWM 1
#endif

/* The number of this very board, kept in EEPROM (AVR); without it HELLO says 0: this board cannot tell itself from its twin. */
#ifndef CC_WITH_UNIT
#define CC_WITH_UNIT 1
#endif

/* Bytes of all parts of a result together, at least those of an input's payload. */
#ifndef CC_SLOT_BYTES
#define CC_SLOT_BYTES 64
#endif

/* Of the bare AVR port's receive ring, a power of two; one stays free, and HELLO tells how many the gateway may send ahead. */
#ifndef CC_RX_RING_BYTES
#define CC_RX_RING_BYTES 256
#endif

/* Of its transmit ring: more than a frame, so that the next one is made while one leaves. */
#ifndef CC_TX_RING_BYTES
#define CC_TX_RING_BYTES 128
#endif

#endif
