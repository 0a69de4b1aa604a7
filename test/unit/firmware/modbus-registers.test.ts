import { beforeEach, describe, expect, it } from 'vitest';
import { framed, ModbusMaster, request } from './modbus-master.js';
import { stateAddress } from './serial-line.js';

const PUMP = 9;
const TRIPPED = 8;
const VALVE = 7;
const FLOW = 2;
const DRY = 3;
const HOLDING = {
  mode: 0,
  speed: 1,
  gain: 3,
  resetS: 4,
  ramp: 5,
  dose: 6,
  silenceMs: 9,
  command: 10,
  address: 11,
  calibration: 12,
};
const INPUT = { status: 0, speed: 1, level: 2, delivered: 3, uptime: 5, clock: 6, flow: 7, requests: 8 };
const MODE = { speed: 0, level: 1, dose: 2 };
const RUN = 0;
const COMMAND = { resetTrip: 1, calibrate: 2 };
const FULL_SPEED = 1000;

describe('the modbus image', () => {
  let master: ModbusMaster;
  beforeEach(() => {
    master = new ModbusMaster();
  });

  const write = (at: number, ...values: number[]) => master.ask(request.writeRegisters(at, ...values));
  const run = (on = true) => master.ask(request.writeCoil(RUN, on));
  const input = (at: number, count = 1) => master.words(request.readInput(at, count));

  it('writes and reads back by every function, and echoes as each is echoed', () => {
    expect(master.ask(request.writeRegister(1, 300))).toEqual([6, 0, 1, 300 >> 8, 300 & 0xff]);
    expect(write(2, 400, 100)).toEqual([16, 0, 2, 0, 2]);
    expect(master.words(request.readHolding(1, 3))).toEqual([300, 400, 100]);
    expect(master.ask(request.mask(2, 0xff00, 0x0012))).toEqual([22, 0, 2, 0xff, 0, 0, 0x12]);
    expect(master.words(request.readWrite(1, 2, 1, 77))).toEqual([77, 0x0112]);
    expect(master.ask(request.writeCoil(1, true))).toEqual([5, 0, 1, 0xff, 0]);
    expect(master.ask(request.writeCoils(2, 2, 0b01))).toEqual([15, 0, 2, 0, 2]);
    expect(master.ask(request.readCoils(0, 4))).toEqual([1, 1, 0b0110]);
    expect(master.ask(request.readDiscretes(0, 4))).toEqual([2, 1, 0]);
    expect(master.uno.duty(VALVE)).toBe(255);
  });

  it('says who it is', () => {
    expect(String.fromCharCode(...(master.ask([17]) ?? []).slice(2, -1))).toBe('pump');
    const device = master.ask([43, 14, 1, 0]) ?? [];
    expect(device.slice(0, 7)).toEqual([43, 14, 1, 0x81, 0, 0, 3]);
    expect(Buffer.from(device).toString('latin1')).toMatch(/Copycat.*pump.*1\.0$/s);
    expect(master.ask([43, 14, 4, 1])?.slice(-4)).toEqual([...Buffer.from('pump')]);
    expect(master.ask([43, 14, 4, 9])).toEqual([0xab, 2]);
  });

  it.each([
    ['an unknown function', [8, 0, 0, 1, 2], [0x88, 1]],
    ['a register there is not', request.readHolding(16, 1), [0x83, 2]],
    ['a range that goes beyond', request.readInput(8, 2), [0x84, 2]],
    ['a coil there is not', request.writeCoil(4, true), [0x85, 2]],
    ['a value out of range', request.writeRegister(1, 1001), [0x86, 3]],
    ['a coil neither on nor off', [5, 0, 0, 1, 0], [0x85, 3]],
    ['a count of none', request.readHolding(0, 0), [0x83, 3]],
    ['a count that does not fit', request.readHolding(0, 126), [0x83, 3]],
    ['bytes that are not as many as it says', [16, 0, 1, 0, 2, 4, 0, 1], [0x90, 3]],
  ])('answers %s with its exception', (_what, asked, answer) => {
    expect(master.ask(asked)).toEqual(answer);
  });

  it('writes all of a request or nothing of it', () => {
    expect(write(1, 500, 1001)).toEqual([0x90, 3]);
    expect(master.words(request.readHolding(1, 1))).toEqual([0]);
  });

  it('does a broadcast and says nothing', () => {
    expect(master.ask(request.writeRegister(1, 600), { address: 0 })).toBeNull();
    expect(master.ask(request.readHolding(1, 1), { address: 0 })).toBeNull();
    expect(master.words(request.readHolding(1, 1))).toEqual([600]);
  });

  it('has another address from the next request on', () => {
    expect(master.ask(request.writeRegister(HOLDING.address, 9))).toEqual([6, 0, 11, 0, 9]);
    expect(master.ask(request.readHolding(1, 1))).toBeNull();
    expect(master.ask(request.readHolding(1, 1), { address: 9 })).toEqual([3, 2, 0, 0]);
  });

  it('runs at the speed it is told, along its ramp, and counts what it delivers', () => {
    write(HOLDING.speed, FULL_SPEED, 500, 0, 0, 1000);
    run();
    master.listen(500_000);
    expect(master.uno.duty(PUMP)).toBeGreaterThan(100);
    expect(master.uno.duty(PUMP)).toBeLessThan(200);
    for (let half = 0; half < 4; half += 1) {
      input(INPUT.status);
      master.listen(450_000);
    }
    expect(master.uno.duty(PUMP)).toBe(255);
    const [status, speed, , high, low] = input(INPUT.status, 5);
    expect([status, speed, high]).toEqual([1, FULL_SPEED, 0]);
    expect(low).toBeGreaterThan(20);
    run(false);
    master.listen(20_000);
    expect(input(INPUT.speed)[0]).toBeLessThan(FULL_SPEED);
  });

  it('gives a dose of 32 bits once, and again only when told again', () => {
    write(HOLDING.mode, MODE.dose, FULL_SPEED);
    write(HOLDING.dose, 0, 10);
    run();
    master.listen(200_000);
    expect(master.uno.duty(PUMP)).toBe(255);
    master.listen(500_000);
    expect(master.uno.duty(PUMP)).toBe(0);
    expect(input(INPUT.delivered, 2)).toEqual([0, 10]);
    run();
    master.listen(700_000);
    expect(input(INPUT.delivered, 2)).toEqual([0, 20]);
  });

  it('holds a level, and what it has summed up shows at its pin', () => {
    master.uno.setVolts(0, 2);
    write(HOLDING.mode, MODE.level, 0, 500, 100, 1);
    run();
    master.listen(200_000);
    const before = master.uno.duty(PUMP);
    input(INPUT.status);
    master.listen(700_000);
    expect(master.uno.duty(PUMP)).toBeGreaterThan(before);
    expect(input(INPUT.level)).toEqual([399]);
  });

  it('trips a pin and stops when the master is silent, and runs again only after a reset', () => {
    write(HOLDING.silenceMs, 200);
    write(HOLDING.speed, 500);
    run();
    for (let poll = 0; poll < 6; poll += 1) {
      master.listen(100_000);
      input(INPUT.status);
    }
    expect([master.uno.duty(PUMP), master.uno.duty(TRIPPED)]).toEqual([127, 0]);
    master.listen(220_000);
    expect([master.uno.duty(PUMP), master.uno.duty(TRIPPED)]).toEqual([0, 255]);
    expect(run()).toEqual([0x85, 4]);
    expect(write(HOLDING.command, COMMAND.resetTrip)).toEqual([16, 0, 10, 0, 1]);
    expect(run()).toEqual([5, 0, 0, 0xff, 0]);
    master.listen(20_000);
    expect([master.uno.duty(PUMP), master.uno.duty(TRIPPED)]).toEqual([127, 0]);
  });

  it('misses nobody before the first request, nor for frames that are not for it', () => {
    master.listen(1_500_000);
    expect(master.uno.duty(TRIPPED)).toBe(0);
    master.ask(request.readHolding(0, 1));
    for (let poll = 0; poll < 12; poll += 1) {
      master.give(framed([6, ...request.readHolding(0, 1)]));
      master.listen(100_000);
    }
    expect(master.uno.duty(TRIPPED)).toBe(255);
  });

  it('fails where it would run dry, and stops when it does', () => {
    write(HOLDING.speed, 500);
    run();
    master.listen(20_000);
    expect(master.uno.duty(PUMP)).toBe(127);
    master.uno.setLevel(DRY, 0);
    master.listen(20_000);
    expect(master.uno.duty(PUMP)).toBe(0);
    expect(run()).toEqual([0x85, 4]);
    expect(input(INPUT.status)).toEqual([4]);
  });

  it('accepts a calibration without having finished, and takes no write meanwhile', () => {
    expect(write(HOLDING.command, COMMAND.calibrate)).toEqual([0x90, 5]);
    expect(write(HOLDING.speed, 5)).toEqual([0x90, 6]);
    expect(input(INPUT.status)).toEqual([16]);
    expect(master.words(request.readHolding(HOLDING.speed, 1))).toEqual([0]);
    master.listen(600_000);
    expect(write(HOLDING.speed, 5)).toEqual([16, 0, 1, 0, 1]);
  });

  it('says that its memory has changed where a calibration is no longer what was written', () => {
    write(HOLDING.calibration, 20, 1, 2, 3);
    expect(master.words(request.readHolding(HOLDING.calibration, 4))).toEqual([20, 1, 2, 3]);
    master.uno.pokeRam(stateAddress('modbus') + 2 * HOLDING.calibration, 0x01);
    expect(master.ask(request.readHolding(HOLDING.calibration, 1))).toEqual([0x83, 8]);
    expect(master.words(request.readHolding(HOLDING.speed, 1))).toEqual([0]);
  });

  it('clears its count of pulses when it is read', () => {
    for (let pulse = 0; pulse < 3; pulse += 1) {
      master.uno.setLevel(FLOW, 0);
      master.listen(1000);
      master.uno.setLevel(FLOW, 1);
      master.listen(1000);
    }
    expect(input(INPUT.flow)).toEqual([3]);
    expect(input(INPUT.flow)).toEqual([0]);
  });

  it('has a clock, an uptime that falls at a restart, and a count of what it was asked', () => {
    master.listen(1_000_000);
    const [uptime = 0, clock = 0, , requests] = input(INPUT.uptime, 4);
    expect(requests).toBe(1);
    expect(uptime).toBe(10);
    const [, later = 0, , more] = input(INPUT.uptime, 4);
    expect(later).toBeGreaterThan(clock);
    expect(more).toBe(2);
    master.uno.resetExternal();
    master.listen(100_000);
    expect(input(INPUT.uptime)[0]).toBeLessThan(uptime);
  });

  it('is restarted by its own watchdog when it hangs, with its outputs off and its registers as new', () => {
    write(HOLDING.speed, 500);
    run();
    master.listen(20_000);
    master.uno.pauseForUs(3_000_000, { interrupts: 'stop', watchdogWorks: true });
    master.listen(1_500_000);
    expect(master.uno.starts.watchdog).toBe(1);
    expect(master.uno.duty(PUMP)).toBe(0);
    expect(master.words(request.readHolding(HOLDING.speed, 1))).toEqual([0]);
  });
});
