"""A Modbus RTU slave of pymodbus at address 5, on the serial port that is named; says so when it begins to listen."""

import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer
from pymodbus.transaction import ModbusRtuFramer


def block():
    return ModbusSequentialDataBlock(1, [0] * 200)


store = ModbusSlaveContext(di=block(), co=block(), hr=block(), ir=block())
print("listening", flush=True)
StartSerialServer(
    context=ModbusServerContext(slaves={5: store}, single=False),
    framer=ModbusRtuFramer,
    port=sys.argv[1],
    baudrate=115200,
)
