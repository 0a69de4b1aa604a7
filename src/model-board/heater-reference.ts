/**
 * The heater of firmware-harness/apps/heater in TypeScript: the same integer arithmetic, written from the description in
 * heater.h, so that a run on boards can be judged by something that is not a board. Temperatures in 1/16 degC.
 */
export const HEATER = {
  kp: 64,
  ki: 1,
  sumMax: 65_535,
  integratorMax: 65_280,
  setPoint: 60 * 16,
  trip: 120 * 16,
  localTrip: 140 * 16,
  /** Between two looks of the local guard. */
  guardUs: 10_000,
  outputs: { duty: { pin: 9, safe: 0 }, trip: { pin: 8, safe: 1 } },
  source: { pin: 14, fullScaleC: 250, counts: 1023 },
} as const;

export interface HeaterState {
  readonly integrator: number;
  readonly setPoint: number;
  readonly duty: number;
  readonly trip: 0 | 1;
}

export interface HeaterInput {
  readonly payload: Uint8Array;
  /** What the board that executed first read from A0, in counts; looked at only when the payload is shorter than 4 bytes. */
  readonly adc: number | undefined;
}

export interface HeaterStep {
  readonly state: HeaterState;
  readonly rejected: boolean;
  /** The reply's bytes; empty when rejected. Of a report, the first part. */
  readonly body: Uint8Array;
  /** All parts of the result: one, or two of a report. */
  readonly parts: readonly Uint8Array[];
}

export const HEATER_START: HeaterState = { integrator: 0, setPoint: HEATER.setPoint, duty: 0, trip: 0 };

const clamp = (value: number, lowest: number, highest: number): number => Math.min(highest, Math.max(lowest, value));

/** Converter counts to 1/16 degC. */
export function heaterDegrees(adc: number): number {
  return Math.floor((clamp(adc, 0, HEATER.source.counts) * 4000 + 511) / HEATER.source.counts);
}

/** Payload that commands both temperatures, in 1/16 degC. */
export function heaterPayload(setPoint: number, measured: number): Uint8Array {
  const payload = new Uint8Array(4);
  const view = new DataView(payload.buffer);
  view.setInt16(0, setPoint, true);
  view.setInt16(2, measured, true);
  return payload;
}

/** Payload that asks for a report: the six bytes `report`. Changes nothing; the result has two parts. */
export const HEATER_REPORT: Uint8Array = Uint8Array.from('report', (letter) => letter.charCodeAt(0));

function control(state: HeaterState, measured: number, fullDuty: number): HeaterState {
  if (measured >= HEATER.trip) return { ...state, duty: 0, trip: 1, integrator: 0 };
  const error = state.setPoint - measured;
  const next = clamp(state.integrator + HEATER.ki * error, 0, HEATER.integratorMax);
  const sum = HEATER.kp * error + next;
  if (sum > HEATER.sumMax) {
    return { ...state, trip: 0, duty: fullDuty, integrator: error < 0 ? next : state.integrator };
  }
  if (sum < 0) return { ...state, trip: 0, duty: 0, integrator: error > 0 ? next : state.integrator };
  return { ...state, trip: 0, duty: Math.floor(sum / 256), integrator: next };
}

/** What the heater gives where it gives all it can; `heater-2-less` gives 200. */
const FULL_DUTY = 255;

/** One input. A missing `adc` where the heater would have read one throws: the recording is then incomplete. */
export function heaterStep(state: HeaterState, input: HeaterInput, fullDuty = FULL_DUTY): HeaterStep {
  const { payload, adc } = input;
  if (isReport(payload)) {
    const body = replyOf(state);
    const setPoint = new Uint8Array(2);
    new DataView(setPoint.buffer).setInt16(0, state.setPoint, true);
    return { state, rejected: false, body, parts: [body, setPoint] };
  }
  if (payload.length > 4) {
    const body = new Uint8Array(0);
    return { state, rejected: true, body, parts: [body] };
  }
  let before = state;
  let measured: number;
  if (payload.length === 4) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    before = { ...state, setPoint: view.getInt16(0, true) };
    measured = view.getInt16(2, true);
  } else {
    if (adc === undefined) throw new RangeError('the heater reads A0 for this input, and no reading was recorded');
    measured = heaterDegrees(adc);
  }
  const after = control(before, measured, fullDuty);
  const body = replyOf(after);
  return { state: after, rejected: false, body, parts: [body] };
}

function replyOf({ duty, trip, integrator }: HeaterState): Uint8Array {
  const body = new Uint8Array(6);
  const view = new DataView(body.buffer);
  view.setUint8(0, duty);
  view.setUint8(1, trip);
  view.setInt32(2, integrator, true);
  return body;
}

function isReport(payload: Uint8Array): boolean {
  return payload.length === HEATER_REPORT.length && payload.every((byte, index) => byte === HEATER_REPORT[index]);
}

/** The state as the board keeps it: what the digest is the CRC-32 of. */
export function heaterStateBytes(state: HeaterState): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, state.integrator, true);
  view.setInt16(4, state.setPoint, true);
  view.setUint8(6, state.duty);
  view.setUint8(7, state.trip);
  return bytes;
}
