import type { SerialPort } from 'serialport';

/** A port that has just been opened and of which nothing was read yet. */
export interface FreshPort {
  readonly path: string;
  /** What the driver says that it runs at; null when it does not say. Setting a rate fails without a word. */
  actualBaudRate(): Promise<number | null>;
  /** Its open file; null: not known. */
  readonly descriptor: number | null;
  /** ASYNC_LOW_LATENCY: no rights are needed. False: this driver does not have it. */
  setLowLatency(): Promise<boolean>;
}

/** What the binding for Linux can do besides what every binding can. */
interface LinuxBinding {
  readonly fd: number | null;
  getBaudRate(): Promise<{ readonly baudRate: number }>;
  set(options: Readonly<Record<string, boolean>>): Promise<void>;
  get(): Promise<{ readonly lowLatency?: boolean }>;
}

/** DTR and RTS stay as the kernel has set them when it opened the port: `set` clears every line that is not named. */
const LINES = { brk: false, cts: false, dsr: false, dtr: true, rts: true };

export function freshPort(port: SerialPort, path: string): FreshPort {
  const binding: unknown = port.port;
  if (!isLinuxBinding(binding)) {
    return { path, descriptor: null, actualBaudRate: async () => null, setLowLatency: async () => false };
  }
  return {
    path,
    descriptor: binding.fd,
    actualBaudRate: () =>
      binding.getBaudRate().then(
        ({ baudRate }) => (baudRate > 0 ? baudRate : null),
        () => null, // not every driver knows termios2
      ),
    setLowLatency: async () => {
      // The binding keeps a refusal to itself: only reading it again tells.
      await binding.set({ ...LINES, lowLatency: true }).catch(() => undefined);
      return binding.get().then(
        ({ lowLatency }) => lowLatency === true,
        () => false,
      );
    },
  };
}

function isLinuxBinding(binding: unknown): binding is LinuxBinding {
  return (
    typeof binding === 'object' && binding !== null && 'getBaudRate' in binding && 'set' in binding && 'fd' in binding
  );
}
