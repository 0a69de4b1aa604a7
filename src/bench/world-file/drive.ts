/** What drives a pin or a channel over time. Levels are 0 or 1, channels are in volts; times in microseconds. */
export type Drive =
  | { readonly kind: 'constant'; readonly value: number }
  /** Each value from its time on; before the first one, the first. In order of time. */
  | { readonly kind: 'steps'; readonly steps: readonly { readonly atUs: number; readonly value: number }[] }
  /** Up and down again, once each period. */
  | { readonly kind: 'triangle'; readonly from: number; readonly to: number; readonly periodUs: number }
  /** `pressed` for so long, once each period, and let go else. */
  | {
      readonly kind: 'button';
      readonly everyUs: number;
      readonly forUs: number;
      readonly pressed: 0 | 1;
      /** When the first period begins. */
      readonly fromUs: number;
    }
  /** Follows the plant. */
  | { readonly kind: 'plant'; readonly perUnit: number; readonly offset: number };

/** What it says at that time; `plant` is where the plant stands. */
export function driveAt(drive: Drive, atUs: number, plant: number): number {
  switch (drive.kind) {
    case 'constant':
      return drive.value;
    case 'steps':
      return (drive.steps.findLast((step) => step.atUs <= atUs) ?? drive.steps[0])?.value ?? 0;
    case 'triangle': {
      const phase = (atUs % drive.periodUs) / drive.periodUs;
      return drive.from + (drive.to - drive.from) * (phase < 0.5 ? 2 * phase : 2 - 2 * phase);
    }
    case 'button': {
      const inPeriodUs = atUs - drive.fromUs;
      const isPressed = inPeriodUs >= 0 && inPeriodUs % drive.everyUs < drive.forUs;
      return isPressed ? drive.pressed : 1 - drive.pressed;
    }
    case 'plant':
      return drive.offset + drive.perUnit * plant;
  }
}
