/** USB numbers of boards and converters that people wire to a pair; vendor and product as lsusb shows them. */
const KNOWN: Readonly<Record<string, string>> = {
  '2341:0001': 'Arduino Uno',
  '2341:0010': 'Arduino Mega 2560',
  '2341:0042': 'Arduino Mega 2560 R3',
  '2341:0043': 'Arduino Uno R3',
  '2341:0243': 'Arduino Uno R3',
  '2341:0242': 'Arduino Mega 2560 R3',
  '2341:0036': 'Arduino Leonardo (bootloader)',
  '2341:8036': 'Arduino Leonardo',
  '2341:8037': 'Arduino Micro',
  '2341:0058': 'Arduino Nano Every',
  '2341:0069': 'Arduino Uno R4 Minima',
  '2341:1002': 'Arduino Uno R4 WiFi',
  '2a03:0043': 'Arduino Uno R3 (arduino.org)',
  '2a03:0042': 'Arduino Mega 2560 R3 (arduino.org)',
  '1a86:7523': 'CH340 converter (Uno and Nano clones)',
  '1a86:5523': 'CH341 converter',
  '1a86:55d4': 'CH9102 converter',
  '1a86:55d3': 'CH343 converter',
  '0403:6001': 'FTDI FT232 converter (Nano)',
  '0403:6010': 'FTDI FT2232 converter',
  '0403:6011': 'FTDI FT4232 converter',
  '0403:6014': 'FTDI FT232H converter',
  '0403:6015': 'FTDI FT-X converter',
  '10c4:ea60': 'CP210x converter',
  '067b:2303': 'PL2303 converter',
  '067b:23a3': 'PL2303GC converter',
  '04d8:00dd': 'MCP2221 converter',
  '16c0:0483': 'Teensy',
  '2e8a:0005': 'Raspberry Pi Pico (MicroPython)',
  '2e8a:000a': 'Raspberry Pi Pico',
  '2e8a:f00a': 'Raspberry Pi Pico W',
  '2e8a:0009': 'Raspberry Pi Pico 2',
  '303a:1001': 'ESP32 (its own USB)',
  '0483:5740': 'STM32 virtual COM port',
  '239a:800b': 'Adafruit Feather M0',
};

/** Null: not one of those that are known here. */
export function chipName(vendor: string, product: string): string | null {
  return KNOWN[`${vendor}:${product}`] ?? null;
}
