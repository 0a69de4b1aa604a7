import type { BoardConfig, PortConfig } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Dialect } from '../../link/dialect.js';
import { locatePort, type PortWish } from '../../serial/ports/find-port.js';
import type { FreshPort } from '../../serial/session/fresh-port.js';
import { holdLines } from '../../serial/session/hold-lines.js';
import { switchOnRs485 } from '../../serial/session/rs485.js';
import { openSerialSession, type SerialSession } from '../../serial/session/serial-session.js';

/** Opens a board's configured port; the place of a plug is looked up anew at every try, as it may have changed its name. */
export async function openSerialPort(board: BoardConfig, dialect: Dialect): Promise<SerialSession> {
  const { path, info } = await locatePort(wishOf(board));
  // Or closing it would let the next opening restart the board.
  const prepare = async ({ descriptor }: FreshPort): Promise<void> => {
    if (info !== null) await holdLines(path);
    if (board.rs485) await switchOnRs485(path, descriptor);
  };
  const { maxFrameBytes, cut } = dialect;
  return openSerialSession({ path, ...board.line, maxFrameBytes, cut, prepare });
}

/** Where the board is looked for. Throws PORT_UNAVAILABLE for one that only an emulator has. */
export function wishOf({ board, port, match }: Pick<BoardConfig, 'board' | 'port' | 'match'>): PortWish {
  return { port: port.type === 'match' ? null : portName(board, port), match };
}

/** Throws PORT_UNAVAILABLE for one that only an emulator has. */
export function portName(board: string, port: Exclude<PortConfig, { type: 'match' }>): string {
  switch (port.type) {
    case 'path':
      return port.path;
    case 'usb':
      return `usb-${port.place}`;
    case 'name':
      return port.name;
    case 'emulated':
      throw new CopycatError('PORT_UNAVAILABLE', `board ${board} is emulated and has no port of its own yet`);
  }
}
