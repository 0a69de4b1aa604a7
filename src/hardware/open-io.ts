import { CopycatError } from '../errors/copycat-error.js';
import type { RelayIo } from './relay-io.js';

/** The IO plugin for a relay's line: the one that is given. Throws RELAY_UNAVAILABLE when there is none. */
export function openIo(pin: string, given: RelayIo | null): RelayIo {
  if (given !== null) return given;
  throw new CopycatError('RELAY_UNAVAILABLE', `this version cannot drive ${pin} yet: it has no driver for GPIO lines`, {
    value: pin,
    expected: 'the virtual bench (copycat bench), which brings its own line',
  });
}
