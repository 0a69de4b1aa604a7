import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSerialSession } from '../../src/serial/session/serial-session.js';
import { PLACES, PluggedPair } from './plugged-pair.js';

/** What USB serial does to people, done to a whole gateway with real firmware behind real terminals. */

let pair: PluggedPair;

beforeEach(async () => {
  pair = await PluggedPair.make();
});
afterEach(async () => {
  await pair.dispose();
});

async function protectedPair(): Promise<void> {
  pair.cables.a.plugIn('ttyACM0', PLACES.a);
  pair.cables.b.plugIn('ttyACM1', PLACES.b);
  await pair.startGateway();
  await pair.until(() => pair.isProtected);
}

/** Off the bus for as long as the kernel takes to find it again, and then under another name. */
function throwOffBus(name: 'a' | 'b', tty: string): void {
  pair.cables[name].pullOut();
  setTimeout(() => pair.cables[name].plugIn(tty, PLACES[name]), 300);
}

describe('noise of the relay throws a board off the bus', () => {
  it('complaint 5, R10: the board that has just taken over: it is waited for, drives on, and that is no second fault', async () => {
    await protectedPair();
    pair.whenRelayMoves(1, () => throwOffBus('b', 'ttyACM7'));
    // It stands still with its pins held, and begins anew when it is let go.
    pair.cables.a.board.holdReset(true);
    await pair.until(() => pair.gateway.status().primary === 'b');
    pair.cables.a.board.holdReset(false);
    await pair.until(() => pair.boardStatus('b').port?.device?.endsWith('ttyACM7') === true);
    await pair.until(() => pair.isProtected);
    expect(pair.gateway.status()).toMatchObject({ primary: 'b', relay: { commanded: 'b', proved: true } });
    expect(pair.faultCodes()).toEqual(['silent']);
    const silent = pair.faults().find(({ code }) => code === 'silent');
    const steps = silent?.timeline.map(({ step }) => step) ?? [];
    expect(steps).toEqual(expect.arrayContaining(['relay-commanded', 'link-disturbed', 'link-back', 'took-over']));
    expect(pair.contact.history).toEqual(['a', 'none', 'b']);
  });

  it('complaint 5, R26: both boards, at a switchover: nobody is declared failed, and the pair is protected again', async () => {
    await protectedPair();
    pair.whenRelayMoves(1, () => {
      throwOffBus('a', 'ttyACM8');
      throwOffBus('b', 'ttyACM9');
    });
    await pair.gateway.command({ command: 'switch' });
    await pair.until(() => pair.boardStatus('a').port?.device?.endsWith('ttyACM8') === true);
    await pair.until(() => pair.boardStatus('b').port?.device?.endsWith('ttyACM9') === true);
    await pair.until(() => pair.isProtected);
    expect(pair.gateway.status()).toMatchObject({ primary: 'b', phase: 'serving' });
    expect(pair.faultCodes()).toEqual(['switched-over']);
    expect(pair.contact.history).toEqual(['a', 'none', 'b']);
  });
});

describe('a port that stays open', () => {
  it('complaints 1 and 6: with nothing behind it any more: the deadline tells, the device is called hung, a replug mends it', async () => {
    await protectedPair();
    const { a } = pair.cables;
    a.isUnresponsive = true;
    await pair.until(() => pair.gateway.status().primary === 'b');
    await pair.until(() => pair.troubleOf('a') === 'hung');
    expect(pair.faultCodes()).toEqual(['silent']);
    expect(pair.boardStatus('a').port?.trouble?.remedy).toContain('pull its plug');
    expect(pair.gateway.status()).toMatchObject({ primary: 'b', phase: 'serving' });
    a.pullOut();
    a.isUnresponsive = false;
    a.plugIn('ttyACM5', PLACES.a);
    await pair.until(() => pair.isProtected);
    expect(pair.boardStatus('a').port).toMatchObject({ trouble: null });
    expect(pair.gateway.status().primary).toBe('b');
  });
});

describe('names of ports', () => {
  it('complaint 3: both boards come back, each under the name that the other had: nothing is mixed up', async () => {
    await protectedPair();
    const { a, b } = pair.cables;
    b.pullOut();
    await pair.until(() => pair.troubleOf('b') === 'not-there');
    a.pullOut();
    await pair.until(() => pair.troubleOf('a') === 'not-there');
    b.plugIn('ttyACM0', PLACES.b);
    a.plugIn('ttyACM1', PLACES.a);
    await pair.until(() => pair.isProtected);
    expect(pair.boardStatus('a').port).toMatchObject({ place: `usb-${PLACES.a}`, trouble: null });
    expect(pair.boardStatus('a').port?.device).toMatch(/ttyACM1$/);
    expect(pair.boardStatus('b').port?.device).toMatch(/ttyACM0$/);
    expect(pair.gateway.status().primary).toBe('a');
    expect(pair.faultCodes()).not.toContain('boards-swapped');
    expect(pair.contact.history).toEqual(['a']);
  });

  it('complaint 3, R13: plugs in each other’s sockets: boards-swapped, nothing is given or moved, and put back it goes on', async () => {
    await protectedPair();
    const { a, b } = pair.cables;
    b.pullOut();
    await pair.until(() => pair.troubleOf('b') === 'not-there');
    a.pullOut();
    await pair.until(() => pair.troubleOf('a') === 'not-there');
    a.plugIn('ttyACM0', PLACES.b);
    b.plugIn('ttyACM1', PLACES.a);
    await pair.until(() => pair.faultCodes().includes('boards-swapped'));
    expect(pair.gateway.status()).toMatchObject({ phase: 'stopped', protected: false });
    expect(pair.contact.history).toEqual(['a']);
    a.pullOut();
    b.pullOut();
    await pair.until(() => pair.troubleOf('a') === 'not-there' && pair.troubleOf('b') === 'not-there');
    a.plugIn('ttyACM2', PLACES.a);
    b.plugIn('ttyACM3', PLACES.b);
    await pair.until(() => pair.troubleOf('a') === undefined && pair.troubleOf('b') === undefined);
    await pair.gateway.command({ command: 'resume' });
    await pair.until(() => pair.isProtected);
    expect(pair.gateway.status().primary).toBe('a');
    expect(pair.faultCodes().filter((code) => code === 'boards-swapped')).toHaveLength(1);
  });
});

describe('a board that cannot be had at the start', () => {
  it('complaint 13: is not plugged in: the other one serves, status names it, and it joins when it comes', async () => {
    pair.cables.a.plugIn('ttyACM0', PLACES.a);
    await pair.startGateway();
    await pair.until(() => pair.troubleOf('b') === 'not-there');
    await pair.until(() => pair.gateway.status().inputs.answered > 3);
    expect(pair.gateway.status()).toMatchObject({ protected: false, primary: 'a' });
    expect(pair.gateway.status().next?.text).toContain('plug board b in');
    pair.cables.b.plugIn('ttyACM1', PLACES.b);
    await pair.until(() => pair.isProtected);
  });

  it('complaint 7: ModemManager has its port: it is named, and the board is taken as soon as the port is free', async () => {
    pair.cables.a.plugIn('ttyACM0', PLACES.a);
    pair.cables.b.plugIn('ttyACM1', PLACES.b);
    const { device } = pair.cables.b;
    const other = await openSerialSession({ path: device, baudRate: 9600, maxFrameBytes: 64 });
    pair.host.process(501, 'ModemManager', [device]);
    await pair.startGateway();
    await pair.until(() => pair.troubleOf('b') === 'taken');
    expect(pair.boardStatus('b').port?.trouble).toMatchObject({
      text: expect.stringContaining('ModemManager (process 501) has it open'),
      remedy: expect.stringContaining('systemctl disable --now ModemManager'),
    });
    other.close();
    await other.closed;
    await pair.until(() => pair.isProtected);
    expect(pair.faultCodes()).toEqual([]);
  });
});
