import type { BoardConfig, PortConfig } from '../config/config.js';
import { CopycatError } from '../errors/copycat-error.js';
import { findPort } from '../serial/find-port.js';
import { openSerialSession, type SerialSession } from '../serial/serial-session.js';

/** Longer than any frame of the wire (64 bytes): what comes without a delimiter beyond it is noise. */
const MAX_FRAME_BYTES = 128;

/** Opens a board's configured port; the place of a plug is looked up anew at every try, as it may have changed its name. */
export async function openSerialPort(board: BoardConfig): Promise<SerialSession> {
  const { port } = board;
  if (port.type === 'emulated') {
    throw new CopycatError('PORT_UNAVAILABLE', `board ${board.board} is emulated and has no port of its own yet`);
  }
  const path = await findPort(portName(port));
  return openSerialSession({ path, baudRate: board.baudRate, maxFrameBytes: MAX_FRAME_BYTES });
}

/** What `findPort` calls it. */
export function portName(port: Exclude<PortConfig, { type: 'emulated' }>): string {
  if (port.type === 'path') return port.path;
  if (port.type === 'usb') return `usb-${port.place}`;
  if (port.type === 'name') return port.name;
  throw new CopycatError('PORT_UNAVAILABLE', 'a board cannot be found by what it says of itself alone yet');
}
