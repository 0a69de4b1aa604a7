import type { Config } from '../../config/config.js';

/** One use of a line by the configuration. */
export interface LineUse {
  readonly key: string;
  readonly line: string;
  readonly direction: 'output' | 'input';
  /** The level that does something; null: both, or an input. */
  readonly active: 'high' | 'low' | null;
  /** What it does, as the second half of "… is". */
  readonly purpose: string;
}

/** Every line that is a pin somewhere; what the bench emulates is none. */
export function lineUses(config: Config): readonly LineUse[] {
  const { relay, alarm, stop, boards, inputs } = config;
  const uses: LineUse[] = [];
  const output = (key: string, line: string, activeLow: boolean, purpose: string) =>
    uses.push({ key, line, direction: 'output', active: activeLow ? 'low' : 'high', purpose });
  for (const line of relay.pins) output('relay.pin', line, relay.activeLow, 'the relay');
  for (const [board, lines] of Object.entries(relay.pinsOf)) {
    for (const line of lines) output(`relay.pins.${board}`, line, relay.activeLow, `the relay of ${board}`);
  }
  for (const line of relay.feedbacks) {
    uses.push({ key: 'relay.feedback', line, direction: 'input', active: null, purpose: 'the feedback' });
  }
  if (relay.deadMan !== null) {
    const { pin } = relay.deadMan;
    uses.push({
      key: 'relay.dead-man.pin',
      line: pin,
      direction: 'output',
      active: null,
      purpose: 'the dead-man drive',
    });
  }
  if (alarm !== null) output('alarm.pin', alarm.pin, alarm.activeLow, 'the alarm');
  if (stop.means === 'cut-off') output('stop.pin', stop.pin, stop.activeLow, 'the cut-off relay');
  for (const { board, reset } of boards) {
    if (reset !== null) output(`boards.${board}.reset`, reset, false, `RESET of ${board}`);
  }
  for (const input of inputs) {
    if (input.type === 'button' || input.type === 'sensor' || input.type === 'thermometer') {
      uses.push({ key: 'input', line: input.pin, direction: 'input', active: null, purpose: `the ${input.type}` });
    }
  }
  return uses.filter(({ line }) => line !== 'emulated');
}
