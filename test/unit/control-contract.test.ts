import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askGateway } from '../../src/api/socket/ask-gateway.js';
import { readStatus } from '../../src/api/socket/read-status.js';
import { sendCommand } from '../../src/api/socket/send-command.js';
import { serveControl } from '../../src/api/socket/serve-control.js';
import { faultJson } from '../../src/cli/faults/fault-json.js';
import { EVENT_STEPS, eventSchema } from '../../src/control/contract/event.js';
import { faultSchema } from '../../src/control/contract/fault.js';
import { inputSchema } from '../../src/control/contract/input.js';
import { statusSchema } from '../../src/control/contract/status.js';
import { CONTRACT_VERSION } from '../../src/control/contract/version.js';
import { KNOWN_STEPS } from '../../src/faults/timeline-text.js';
import { AnswerTimes } from '../../src/gateway/watch/answer-times.js';
import { LiveResults } from '../../src/gateway/watch/live-results.js';
import type { StoredInput } from '../../src/ledger/reader/read-stored-inputs.js';
import { inputJson } from '../../src/ledger-view/input-json.js';
import type { FaultStep, PairEffect } from '../../src/pair/state/effects.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-contract-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the control contract', () => {
  it('is told apart by its version: whoever speaks another one hears both, and nothing is done', async () => {
    const path = join(folder, 'control.sock');
    const done: unknown[] = [];
    const server = await serveControl({
      path,
      status: () => {
        throw new Error('not asked in this test');
      },
      command: (command) => {
        done.push(command);
        return Promise.resolve({ done: 'so it was' });
      },
    });
    const ask = (request: object): Promise<object> => askGateway(path, JSON.stringify(request), 5_000);
    expect(await ask({ do: 'switch', version: CONTRACT_VERSION + 1 })).toEqual({
      error: `this gateway speaks version ${CONTRACT_VERSION} of the control contract, and was asked in version ${CONTRACT_VERSION + 1}: use the copycat that it was installed with`,
    });
    expect(done).toEqual([]);
    expect(await ask({ do: 'switch', version: CONTRACT_VERSION })).toEqual({ done: 'so it was' });
    // A person with socat.
    expect(await ask({ do: 'switch' })).toEqual({ done: 'so it was' });
    await server.close();
  });

  it('of another version is told to whoever uses the command line, in both numbers, and nothing is done', async () => {
    const path = join(folder, 'control.sock');
    const done: unknown[] = [];
    const server = await serveControl({
      path,
      status: () => {
        throw new Error('not asked in this test');
      },
      command: (command) => {
        done.push(command);
        return Promise.resolve({ done: 'so it was' });
      },
    });
    // A command line of another version differs in what it says of its version.
    const other = join(folder, 'other.sock');
    const proxy = createServer((client) => {
      const gateway = connect(path);
      client.on('data', (line) => {
        const asked = String(line);
        gateway.write(asked.replace(`"version":${CONTRACT_VERSION}`, `"version":${CONTRACT_VERSION + 1}`));
      });
      gateway.pipe(client);
      client.on('close', () => gateway.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(other, resolve));
    const refused = {
      code: 'USAGE',
      value: expect.stringMatching(
        `version ${CONTRACT_VERSION} of .*asked in version ${CONTRACT_VERSION + 1}: use the copycat`,
      ),
    };
    await expect(readStatus(other)).rejects.toMatchObject(refused);
    await expect(sendCommand(other, { command: 'switch' })).rejects.toMatchObject(refused);
    expect(done).toEqual([]);
    expect(await sendCommand(path, { command: 'switch' })).toEqual({ done: 'so it was' });
    proxy.close();
    await server.close();
  });

  it('names every event that the core and the gateway note, and no other', () => {
    // And who closes a fault, which the ledger is told without them.
    const named: readonly (FaultStep | 'closed')[] = EVENT_STEPS;
    const noted: readonly (typeof EVENT_STEPS)[number][] = [] as readonly FaultStep[];
    expect([...named, ...noted].sort()).toEqual([...KNOWN_STEPS].sort());
  });

  it('can be written down as JSON schema, and every part of a status has its place', () => {
    const schema = z.toJSONSchema(statusSchema);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties ?? {})).toEqual(
      expect.arrayContaining(['phase', 'boards', 'relay', 'inputs']),
    );
  });
});

describe('what the command line prints for programs', () => {
  const field = { name: 'duty', type: 'f32', part: 0, offset: 0, scale: 1, unit: '%', tolerance: 0 } as const;
  const fields = {
    input: [{ ...field, type: 'u8' } as const],
    result: [field],
    sources: [],
    outputs: [{ name: 'heat', pin: 'D9', unit: '', scale: 1 }],
  };
  const asPrinted = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('is a fault as the contract has it, of a bench too', () => {
    const fault = {
      ...{ id: 7, code: 'silent', board: 'a', seq: 42, atUs: 1, wallTime: '2026-01-01T00:00:00.000Z' },
      ...{
        wallTimeTrusted: true,
        bootId: 'x',
        evidence: { waitedForMs: 60, backup: null },
        closedAt: null,
        repeats: 2,
      },
      // What the log may keep beside it one day is not told.
      timeline: [{ step: 'evidence', atUs: 1, detail: { repeats: 2 }, revision: 7 }],
      // A float that is no number.
      input: { ref: 'i1', kind: 'input', payload: Uint8Array.of(1), result: [Uint8Array.of(0, 0, 0xc0, 0x7f)] },
    };
    const booked = { fault, ledger: '/x', idInLedger: 7 };
    for (const scenario of [null, 'primary-halts']) {
      const printed = asPrinted(faultJson({ ...booked, scenario }, fields));
      const { timeline } = faultSchema.parse(printed);
      expect(faultSchema.parse(printed)).toEqual(printed);
      expect(timeline.map((event) => eventSchema.parse(event))).toEqual([
        { step: 'evidence', atUs: 1, detail: { repeats: 2 } },
      ]);
    }
  });

  it('is an input as the contract has it', () => {
    const commit = {
      ...{ board: 'a', epoch: 1, hash: 5, executionCount: 3, digest: 9, observed: [1] },
      parts: [{ rejected: false, body: Uint8Array.of(0, 0, 0, 0) }],
    };
    const input: StoredInput = {
      ...{ seq: 1, ref: 'i1', kind: 'input', state: 'finished', pairTimeMs: 5, payload: Uint8Array.of(1), commit },
      ...{
        doneBy: ['a'],
        readBacks: [{ board: 'a', levels: [255, 0] }],
        attempts: [{ board: 'a', session: 1 }],
        emitted: true,
        quarantined: false,
        dropped: false,
      },
    };
    for (const each of [input, { ...input, commit: null }]) {
      const printed = asPrinted(inputJson(each, fields));
      expect(inputSchema.parse(printed)).toEqual(printed);
    }
  });
});

describe('live values', () => {
  it('are those of the last result of each board, by name, with their age', () => {
    let nowUs = 1_000_000;
    const field = { name: 'duty', type: 'u8', part: 0, offset: 0, scale: 0.5, unit: '%' } as const;
    const live = new LiveResults({ input: [], result: [field] }, () => nowUs);
    const committed = (board: string, seq: number, duty: number): PairEffect => ({
      ...{ type: 'requestCommit', board, session: 1, epoch: 1, seq, hash: 1, executionCount: seq, digest: 1 },
      parts: [{ rejected: false, body: Uint8Array.of(duty) }],
      observed: [],
    });
    expect(live.of('a')).toBeNull();
    live.see(committed('a', 1, 10));
    live.see(committed('b', 1, 10));
    live.see(committed('a', 2, 73));
    nowUs += 12_000;
    expect(live.of('a')).toEqual({ seq: 2, ageMs: 12, values: [{ name: 'duty', value: 36.5, unit: '%' }] });
    expect(live.of('b')).toMatchObject({ seq: 1, values: [{ value: 5 }] });
    expect(new LiveResults({ input: [], result: [] }, () => nowUs).of('a')).toBeNull();
  });

  it('are the readings and the outputs of each board too, and what the newest input was', () => {
    let nowUs = 1_000_000;
    const live = new LiveResults(
      {
        input: [{ name: 'set point', type: 'u8', offset: 0, scale: 1, unit: 'degC' }],
        result: [],
        sources: [{ name: 'temperature', unit: 'degC', scale: 0.5 }],
        outputs: [{ name: 'heat', pin: 'D9', unit: '/ 255', scale: 1 }],
      },
      () => nowUs,
    );
    expect(live.lastInput).toEqual({ lastInput: null });
    const given = { ref: 'i', pairTimeMs: 1 } as const;
    live.see({ ...given, type: 'recordInput', seq: 7, kind: 'input', payload: Uint8Array.of(60) });
    live.see({ ...given, type: 'recordInput', seq: 8, kind: 'probe', payload: new Uint8Array(0) });
    live.see({
      ...{ type: 'requestCommit', board: 'a', session: 1, epoch: 1, seq: 7, hash: 1, executionCount: 7, digest: 1 },
      parts: [{ rejected: false, body: Uint8Array.of(1) }],
      observed: [119],
    });
    live.see({ type: 'recordDone', board: 'a', seq: 7, readBack: [52] });
    nowUs += 5000;
    expect(live.lastInput).toEqual({
      lastInput: { seq: 7, ageMs: 5, values: [{ name: 'set point', value: 60, unit: 'degC' }] },
    });
    expect(live.of('a')).toEqual({
      ...{ seq: 7, ageMs: 5, values: [] },
      readings: [{ name: 'temperature', value: 59.5, unit: 'degC' }],
      outputs: [{ name: 'heat', value: 52, unit: '/ 255' }],
    });
  });
});

describe('how long inputs take', () => {
  const given = (seq: number, kind: 'input' | 'probe' = 'input'): PairEffect => ({
    ...{ type: 'recordInput', seq, ref: `i${seq}`, kind, pairTimeMs: 1 },
    payload: new Uint8Array(0),
  });
  const answered = (seq: number, repeat = false): PairEffect => ({
    ...{ type: 'answer', seq, ref: `i${seq}`, kind: 'input', bodies: [], repeat, rejected: false },
  });

  it('is told of the last hundred, from when they were taken to their answer', () => {
    let nowUs = 0;
    const times = new AnswerTimes(() => nowUs);
    const took = (seq: number, ms: number): void => {
      times.see(given(seq));
      nowUs += ms * 1000;
      times.see(answered(seq));
    };
    expect(times.figures).toBeNull();
    took(1, 500);
    for (let seq = 2; seq <= 101; seq++) took(seq, seq === 50 ? 40 : 10);
    expect(times.figures).toEqual({ medianMs: 10, worstMs: 40, of: 100 });
  });

  it('knows nothing of a probe, of an answer that is given again, and of what is never answered', () => {
    let nowUs = 0;
    const times = new AnswerTimes(() => nowUs);
    times.see(given(1, 'probe'));
    times.see(answered(1));
    times.see(answered(2, true));
    expect(times.figures).toBeNull();
    for (let seq = 10; seq < 5000; seq++) times.see(given(seq));
    nowUs += 7000;
    times.see(answered(10));
    expect(times.figures).toBeNull();
    times.see(answered(4999));
    expect(times.figures).toEqual({ medianMs: 7, worstMs: 7, of: 1 });
  });
});
