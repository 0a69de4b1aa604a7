import type { JoiningStatus } from './contract/status.js';

/** What a board on its way into the pair is at, for people: `comparing 2 of 3`. */
const STEP_TEXTS: Readonly<Record<string, string>> = {
  resetting: 'it has shut itself down and is told to restart',
  opening: 'it is asked who it is',
  waiting: 'waiting for a pause of the primary',
  reading: 'reading the state of the primary',
  converting: 'its state is converted for another program',
  writing: 'giving it that state',
  replaying: 'giving it what the primary has executed',
  comparing: 'comparing',
};

const UNITS: Readonly<Record<string, string>> = { reading: ' bytes', writing: ' bytes', replaying: ' inputs' };

/** @param joining as the core has it, or as it is told */
export function joiningText({
  note = null,
  ...progress
}: Omit<JoiningStatus, 'note'> & { note?: string | null }): string {
  if (note === null) return progressText(progress);
  // What it waits for stands in its note.
  return progress.step === 'resetting' ? note : `${progressText(progress)}; ${note}`;
}

function progressText({ step, done, of }: JoiningStatus): string {
  const text = STEP_TEXTS[step] ?? step;
  if (of === 0) return text;
  return step === 'comparing' ? `${text} ${done} of ${of}` : `${text}, ${done} of ${of}${UNITS[step] ?? ''}`;
}
