import { CopycatError } from '../../errors/copycat-error.js';
import { PortError } from '../ports/port-error.js';

/** The RS-485 mode of a UART whose driver turns the transceiver around by RTS: the kernel's, as nobody else is quick enough. */
interface Rs485Calls {
  /** Switches it on, and gives whether it is on then; the name of the refusal where there was one. */
  switchOn(descriptor: number): true | string;
}

/** linux/serial.h: flags, two delays in ms and room for more; asm-generic/ioctls.h, the same on x86-64, arm64 and armhf. */
const STRUCT_BYTES = 32;
const TIOCGRS485 = 0x542e;
const TIOCSRS485 = 0x542f;
/** SER_RS485_ENABLED, and SER_RS485_RTS_ON_SEND: RTS is high while we speak and low while we listen, as most transceivers are wired. */
const ENABLED = 0x1;
const RTS_ON_SEND = 0x2;

let calls: Promise<Rs485Calls> | null = null;

/** @throws CopycatError INTERNAL when koffi or the C library cannot be loaded */
function loadRs485Calls(): Promise<Rs485Calls> {
  calls ??= load();
  return calls;
}

/**
 * Done with an open port: from then on its driver holds RTS while bytes go out.
 * @throws PortError line-unsupported where the driver has no such mode, or leaves it off
 */
export async function switchOnRs485(path: string, descriptor: number | null): Promise<void> {
  const { switchOn } = await loadRs485Calls();
  const said = descriptor === null ? 'no descriptor is known' : switchOn(descriptor);
  if (said === true) return;
  throw new PortError('line-unsupported', `${path} has no RS-485 mode of its own (${said})`, {
    value: path,
    expected:
      'leave rs485 out where an adapter turns around by itself; else use a UART whose driver has the mode (docs/protocols.md)',
  });
}

async function load(): Promise<Rs485Calls> {
  const { default: koffi } = await loadKoffi();
  // Variadic in C; on Linux (x86-64, arm64, armhf) a third argument is passed the same way.
  const ioctl = koffi.load('libc.so.6').func('int ioctl(int, unsigned long, void*)');
  const refusal = (): string => {
    const number = koffi.errno();
    return Object.entries(koffi.os.errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`;
  };
  return {
    switchOn(descriptor) {
      const settings = Buffer.alloc(STRUCT_BYTES);
      settings.writeUInt32LE(ENABLED | RTS_ON_SEND, 0);
      if (ioctl(descriptor, TIOCSRS485, settings) !== 0) return refusal();
      // A driver takes what it can, and says so only when it is asked again.
      const found = Buffer.alloc(STRUCT_BYTES);
      if (ioctl(descriptor, TIOCGRS485, found) !== 0) return refusal();
      return (found.readUInt32LE(0) & ENABLED) === 0 ? 'it stays off' : true;
    },
  };
}

async function loadKoffi() {
  try {
    return await import('koffi');
  } catch (cause) {
    throw new CopycatError('INTERNAL', 'a UART cannot be set to RS-485: koffi is missing', {
      expected: 'koffi, as npm installs it on Linux (x64, arm64, arm)',
      cause,
    });
  }
}
