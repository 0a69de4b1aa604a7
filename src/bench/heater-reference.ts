/**
 * The heater's arithmetic, bit for bit as in firmware-harness/apps/heater/heater.h, which says the formula. The bench's
 * promises are judged by it.
 */

const KP = 64;
const KI = 1;
const TRIP = 120 * 16;
const SUM_MAX = 65535;
const INTEGRATOR_MAX = 65280;
const UNITS_PER_DEGREE = 16;

export interface HeaterState {
  readonly integrator: number;
  readonly setPoint: number;
  readonly duty: number;
  readonly trip: number;
}

export function heaterStart(): HeaterState {
  return { integrator: 0, setPoint: 60 * UNITS_PER_DEGREE, duty: 0, trip: 0 };
}

/** One input: i16 set point, i16 measured; a shorter payload keeps the set point and takes `adc` (0 to 1023) instead. */
export function heaterStep(state: HeaterState, payload: Uint8Array, adc = 0): HeaterState {
  if (payload.length > 4) return state;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const setPoint = payload.length === 4 ? view.getInt16(0, true) : state.setPoint;
  const measured = payload.length === 4 ? view.getInt16(2, true) : heaterDegrees(adc);
  if (measured >= TRIP) return { integrator: 0, setPoint, duty: 0, trip: 1 };
  const error = setPoint - measured;
  const next = Math.min(INTEGRATOR_MAX, Math.max(0, state.integrator + KI * error));
  const sum = KP * error + next;
  if (sum > SUM_MAX) return { integrator: error < 0 ? next : state.integrator, setPoint, duty: 255, trip: 0 };
  if (sum < 0) return { integrator: error > 0 ? next : state.integrator, setPoint, duty: 0, trip: 0 };
  return { integrator: next, setPoint, duty: Math.floor(sum / 256), trip: 0 };
}

/** ADC counts to 1/16 degC: 0 to 1023 stand for 0 to 250 degC. */
export function heaterDegrees(adc: number): number {
  const counts = Math.min(1023, Math.max(0, adc));
  return Math.floor((counts * 4000 + 511) / 1023);
}

/** The body of its answer: u8 duty, u8 trip, i32 integrator. */
export function heaterReply(state: HeaterState): Uint8Array {
  const body = new Uint8Array(6);
  const view = new DataView(body.buffer);
  view.setUint8(0, state.duty);
  view.setUint8(1, state.trip);
  view.setInt32(2, state.integrator, true);
  return body;
}

/** Its input, from degrees Celsius. */
export function heaterPayload(setPointC: number, measuredC: number): Uint8Array {
  const payload = new Uint8Array(4);
  const view = new DataView(payload.buffer);
  view.setInt16(0, Math.round(setPointC * UNITS_PER_DEGREE), true);
  view.setInt16(2, Math.round(measuredC * UNITS_PER_DEGREE), true);
  return payload;
}
