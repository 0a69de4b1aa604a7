import {
  HEATER_START,
  type HeaterState,
  type HeaterStep,
  heaterPayload,
  heaterStep,
} from '../../../src/model-board/heater-reference.js';

/** Commands both temperatures, in degC. */
export const commanded = (setPointC: number, measuredC: number): Uint8Array =>
  heaterPayload(setPointC * 16, measuredC * 16);

/** Nothing: the heater measures by itself. */
export const TICK = new Uint8Array();

/** What the reference makes of these payloads, one after the other. */
export function reference(...payloads: readonly Uint8Array[]): HeaterStep[] {
  let state: HeaterState = HEATER_START;
  return payloads.map((payload) => {
    const step = heaterStep(state, { payload, adc: undefined });
    state = step.state;
    return step;
  });
}
