"""A master of python3-pymodbus with its default time-outs: tcp PORT | rtu PATH, then UNIT ROUNDS. Says what it got as JSON."""

import json
import sys

from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.framer.rtu_framer import ModbusRtuFramer

way, where, unit, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
if way == "tcp":
    client = ModbusTcpClient("127.0.0.1", port=int(where))
else:
    # Without parity, its default: a pseudo-terminal has none, and termios of Python says so with an error.
    client = ModbusSerialClient(where, framer=ModbusRtuFramer, baudrate=19200)


def said(answer, name):
    return str(answer) if answer.isError() else getattr(answer, name)


got = {"connected": client.connect(), "reads": [], "errors": []}
client.write_register(3, 17, slave=unit)
client.write_registers(4, [18, 19], slave=unit)
client.write_coil(1, True, slave=unit)
got["registers"] = said(client.read_holding_registers(3, 3, slave=unit), "registers")
got["coils"] = said(client.read_coils(0, 3, slave=unit), "bits")[:3]
got["missing"] = str(client.read_holding_registers(9000, 1, slave=unit))
for round in range(rounds):
    client.write_register(0, round, slave=unit)
    answer = client.read_holding_registers(0, 1, slave=unit)
    (got["errors"] if answer.isError() else got["reads"]).append(said(answer, "registers"))
client.close()
print(json.dumps(got))
