/** A serial port of this host, as the kernel describes it. */
export interface PortInfo {
  /** `ttyACM0`: changes with the order of plugging. */
  readonly name: string;
  /** `/dev/ttyACM0` */
  readonly device: string;
  /** Null: a UART of the host itself. */
  readonly usb: UsbInfo | null;
  /** The kernel's driver: `cdc_acm`, `ftdi_sio`, `ch341`, `cp210x`, `uart-pl011`; null when it does not say. */
  readonly driver: string | null;
  /** Names in /dev/serial/by-id and by-path: those that udev would make, and those that it has made. */
  readonly byId: readonly string[];
  readonly byPath: readonly string[];
  /** The folder of the device in sysfs, where a converter's settings are; null when only a link in /dev tells of it. */
  readonly sysFolder: string | null;
}

export interface UsbInfo {
  /** `usb-1.2`: port 2 of the hub in port 1. The same place on two controllers differs in `bus` only. */
  readonly place: string;
  readonly bus: number | null;
  /** Four hexadecimal digits, lower case, as lsusb shows them; empty when unknown. */
  readonly vendor: string;
  readonly product: string;
  /** Null: the board has none, as CH340s do not. */
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly productText: string | null;
  readonly interfaceNumber: number;
  /** Which port of a converter that has several. */
  readonly converterPort: number | null;
}
