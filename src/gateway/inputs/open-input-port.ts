import type { InputConfig } from '../../config/config.js';
import { locatePort } from '../../serial/ports/find-port.js';
import { type ByteSession, openByteSession } from '../../serial/session/byte-session.js';
import type { FreshPort } from '../../serial/session/fresh-port.js';
import { holdLines } from '../../serial/session/hold-lines.js';
import { switchOnRs485 } from '../../serial/session/rs485.js';
import { portName } from '../ports/open-serial-port.js';

export type SerialInput = Extract<InputConfig, { type: 'serial' }>;

/** Opens the port at whose other end somebody asks; the place of a plug is looked up anew at every try. Rejects with PORT_UNAVAILABLE. */
export async function openInputPort({ port, line, rs485 }: SerialInput): Promise<ByteSession> {
  const { path, info } = await locatePort({ port: inputPortName(port), match: null });
  // Or the next opening would raise DTR, which is a reset to some of what may be there.
  const prepare = async ({ descriptor }: FreshPort): Promise<void> => {
    if (info !== null) await holdLines(path);
    if (rs485) await switchOnRs485(path, descriptor);
  };
  return openByteSession({ path, ...line, prepare });
}

/** As a person calls it: `usb-1.4`. */
export function inputPortName(port: SerialInput['port']): string {
  return port.type === 'match' ? '' : portName('input', port);
}
