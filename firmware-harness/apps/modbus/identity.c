/* Who answers: functions 17 and 43/14. */
#include <string.h>

#include "modbus.h"

static const char *const objects[] = {"Copycat", "pump", "1.0"};
enum { OBJECT_COUNT = sizeof objects / sizeof objects[0] };
enum { READ_DEVICE_ID = 14, BASIC = 1, ONE_OBJECT = 4, BASIC_AND_SINGLE = 0x81, AT_OBJECTS = 7 };
enum { ON = 0xff };

uint8_t identity_server(uint8_t *pdu) {
  const uint8_t length = (uint8_t)strlen(objects[1]);
  pdu[1] = (uint8_t)(length + 1);
  memcpy(&pdu[2], objects[1], length);
  pdu[2 + length] = ON;
  return (uint8_t)(length + 3);
}

static uint8_t put_object(uint8_t *pdu, uint8_t at, uint8_t id) {
  const uint8_t length = (uint8_t)strlen(objects[id]);
  pdu[at] = id;
  pdu[at + 1] = length;
  memcpy(&pdu[at + 2], objects[id], length);
  return (uint8_t)(at + 2 + length);
}

static uint8_t refused(uint8_t *pdu, modbus_exception exception) {
  pdu[0] |= 0x80;
  pdu[1] = (uint8_t)exception;
  return 2;
}

uint8_t identity_device(uint8_t *pdu, uint8_t length) {
  if (length < 2 || pdu[1] != READ_DEVICE_ID) return refused(pdu, ILLEGAL_FUNCTION);
  if (length != 4) return refused(pdu, ILLEGAL_VALUE);
  const uint8_t code = pdu[2];
  const uint8_t id = pdu[3];
  if (code != BASIC && code != ONE_OBJECT) return refused(pdu, ILLEGAL_VALUE);
  if (code == ONE_OBJECT && id >= OBJECT_COUNT) return refused(pdu, ILLEGAL_ADDRESS);
  /* A list begins at the object that is named, or at the first where there is none such. */
  const uint8_t from = id < OBJECT_COUNT ? id : 0;
  const uint8_t to = code == ONE_OBJECT ? from : OBJECT_COUNT - 1;
  pdu[3] = BASIC_AND_SINGLE;
  pdu[4] = 0; /* nothing follows */
  pdu[5] = 0;
  pdu[6] = (uint8_t)(to - from + 1);
  uint8_t at = AT_OBJECTS;
  for (uint8_t object = from; object <= to; object++) at = put_object(pdu, at, object);
  return at;
}
