"""A master that opens the port for each request and closes it at once after the answer: quick-master.py PATH UNIT ROUNDS.

Says as JSON which rounds went wrong, and how. A request is given up after ten seconds: there is no other answer to it.
"""
import json
import os
import select
import sys

PATH, UNIT, ROUNDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def with_crc(frame):
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return bytes(frame) + crc.to_bytes(2, "little")


def ask(request):
    device = os.open(PATH, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        os.write(device, request)
        heard = b""
        while len(heard) < 8:
            if not select.select([device], [], [], 10)[0]:
                return "no answer: " + heard.hex()
            heard += os.read(device, 256)
        return "" if heard == request else "another answer: " + heard.hex()
    except OSError as error:
        return str(error)
    finally:
        os.close(device)


wrong = {}
for number in range(ROUNDS):
    # Write one register: its answer is the request itself.
    said = ask(with_crc([UNIT, 6, 0, 3, number >> 8, number & 0xFF]))
    if said:
        wrong[number] = said
print(json.dumps(wrong))
