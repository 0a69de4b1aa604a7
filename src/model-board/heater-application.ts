import type { ScriptedApplication } from './board-application.js';
import {
  HEATER,
  HEATER_START,
  type HeaterState,
  heaterDegrees,
  heaterStateBytes,
  heaterStep,
} from './heater-reference.js';

const commandedPayloadBytes = 4;

function readState(bytes: Uint8Array): HeaterState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    integrator: view.getInt32(0, true),
    setPoint: view.getInt16(4, true),
    duty: view.getUint8(6),
    trip: view.getUint8(7) === 0 ? 0 : 1,
  };
}

/** firmware-harness/apps/heater on a scripted board: same name, version, state and outputs, by the reference arithmetic. */
export const heaterApplication: ScriptedApplication = {
  name: 'heater',
  version: 1,
  layout: 'i32 integrator, i16 setPoint, u8 duty, u8 trip',
  outputs: [
    { pin: HEATER.outputs.duty.pin, kind: 'pwm', safeLevel: HEATER.outputs.duty.safe },
    { pin: HEATER.outputs.trip.pin, kind: 'digital', safeLevel: HEATER.outputs.trip.safe },
  ],
  startState: heaterStateBytes(HEATER_START),
  guard: {
    everyUs: HEATER.guardUs,
    look(own) {
      const measured = heaterDegrees(own);
      if (measured >= HEATER.localTrip) return { kind: 'stop', reason: 'localTrip', detail: measured };
      return measured >= HEATER.trip ? { kind: 'offer', payload: new Uint8Array() } : { kind: 'nothing' };
    },
  },
  onInput(bytes, payload, readSource) {
    const adc = payload.length < commandedPayloadBytes ? readSource() : undefined;
    const { state, rejected, parts } = heaterStep(readState(bytes), { payload, adc });
    if (rejected) return { state: bytes, parts: [], levels: [], rejected };
    // A report stages nothing.
    const levels = parts.length > 1 ? [] : [state.duty, state.trip];
    return { state: heaterStateBytes(state), parts, levels, rejected };
  },
};
