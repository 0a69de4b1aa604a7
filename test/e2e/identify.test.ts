import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyPort } from '../../src/gateway/ports/identify-port.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import type { HelloMessage } from '../../src/protocol/messages.generated.js';
import { eightBits } from '../../src/values/line-settings.js';
import { PseudoTerminal } from './pseudo-terminal.js';

const HELLO: HelloMessage = {
  ...{
    kind: 'hello',
    session: 0,
    seq: 0x4f1c22aa,
    protocol: 1,
    boot: 7,
    imageHash: 0x9a3e0177,
    appId: 1,
    appVersion: 1,
  },
  ...{ stateLayout: 1, stateBytes: 8, wireBytes: 64, rxBytes: 64, window: 2, resetCause: 'powerOn', failed: false },
  ...{ parked: false, replays: false, executionCount: 0, digest: 0, actedBits: 0, kept: [] },
};

let board: PseudoTerminal;
beforeEach(() => {
  board = new PseudoTerminal();
});
afterEach(() => board.unplug());

const identify = (onBlinking?: () => void, forMs = 400) =>
  identifyPort({
    ...{ wish: { port: board.path, match: null }, line: eightBits(500_000), forMs, dialect: HARNESS },
    ...(onBlinking === undefined ? {} : { onBlinking }),
  });

describe('a board that no gateway serves', () => {
  it('is asked at its port, and what it says of itself is told', async () => {
    const found = await identify(() => board.send(encodeFrame(HELLO)));
    expect(found).toMatchObject({
      path: board.path,
      introduction: { outcome: 'described', board: { unit: 0x4f1c22aa, resetCause: 'powerOn', session: 0 } },
    });
    expect(board.received.length).toBeGreaterThan(0);
  });

  it('something else that answers is no board of the harness; nothing at all is neither', async () => {
    const other = await identify(() => board.send(Buffer.from('Hello, world!\r\n\0')));
    expect(other).toMatchObject({ introduction: { outcome: 'other-program' } });
    expect(await identify()).toMatchObject({ introduction: { outcome: 'silent' } });
  });

  it('a port that somebody has is left to them', async () => {
    let meanwhile: Promise<unknown> = Promise.resolve();
    await identify(() => {
      meanwhile = identify().catch((error: unknown) => error);
      // Long enough for the other one to try, however busy the machine is.
    }, 3_000);
    expect(await meanwhile).toMatchObject({ condition: 'taken' });
  });

  it('a board that is pulled out meanwhile ends it', async () => {
    const found = await identify(() => board.unplug());
    expect(found).toMatchObject({ introduction: { outcome: 'silent' } });
  });
});
