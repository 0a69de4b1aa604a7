import type { Sensor, Thermometer } from 'johnny-five';
import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { LineProvider } from './line-provider.js';
import type { Lines } from './lines.js';

/** What is read: a contact, or an analog pin through johnny-five's Sensor or Thermometer. */
export type ReadingSource =
  | { readonly type: 'button'; readonly pin: string }
  | { readonly type: 'sensor'; readonly pin: string; readonly everyUs: number }
  | { readonly type: 'thermometer'; readonly pin: string; readonly controller: string; readonly everyUs: number };

/** Values of one source. */
export interface Readings {
  /** Counts of a sensor, thousandths of a degree Celsius, 1 and 0 of a button (only when it changes). Hot. */
  readonly values: Observable<number>;
  /** Null while values come as they should; otherwise why not, for people. The present one first. */
  readonly troubles: Observable<string | null>;
  close(): void;
}

/** A sensor whose pin has given nothing for so many of its periods, and for a second at least, gives no values. */
const SILENT_PERIODS = 3;
const SILENT_AT_LEAST_US = 1_000_000;

/** Opens the line and begins to read. Rejects with RELAY_UNAVAILABLE. */
export async function openReadings(lines: Lines, source: ReadingSource, clock: Clock): Promise<Readings> {
  return source.type === 'button' ? await readButton(lines, source.pin) : await readAnalog(lines, source, clock);
}

async function readButton(lines: Lines, line: string): Promise<Readings> {
  const { default: five } = await import('johnny-five');
  const { board, pin, provider } = await lines.boardOf(line);
  const values = new Subject<number>();
  // No resistor of the board's: what is written to switch it on would drive a line of the host.
  const button = new five.Button({ board, pin });
  let last = 0;
  const tell = (value: number) => () => {
    // A bounce that is over within johnny-five's 7 ms ends where it began.
    if (value === last) return;
    last = value;
    values.next(value);
  };
  button.on('down', tell(1));
  button.on('up', tell(0));
  const troubles = new BehaviorSubject(provider.trouble);
  const subscription = provider.changes.subscribe((trouble) => troubles.next(trouble));
  return {
    values,
    troubles,
    close: () => {
      subscription.unsubscribe();
      button.removeAllListeners();
      values.complete();
    },
  };
}

async function readAnalog(
  lines: Lines,
  source: Exclude<ReadingSource, { type: 'button' }>,
  clock: Clock,
): Promise<Readings> {
  const { default: five } = await import('johnny-five');
  const { board, pin, provider } = await lines.boardOf(source.pin);
  const freq = source.everyUs / 1000;
  const values = new Subject<number>();
  const troubles = new BehaviorSubject<string | null>(null);
  const watch = await watchAnalog(provider, pin, source, clock);
  let part: Sensor | Thermometer;
  // johnny-five gives 0 before the first value, and the last one for ever after: who reads must know how old it is.
  const give = (value: number): void => {
    const { trouble, hasValue } = watch();
    if (trouble !== troubles.value) troubles.next(trouble);
    if (trouble === null && hasValue) values.next(value);
  };
  if (source.type === 'sensor') {
    const sensor = new five.Sensor({ board, pin, freq });
    sensor.on('data', (counts: number) => give(counts));
    part = sensor;
  } else {
    const thermometer = openThermometer(five.Thermometer, { board, pin, freq, controller: source.controller });
    thermometer.on('data', ({ C }: { C: number }) => give(Math.round(C * 1000)));
    part = thermometer;
  }
  return {
    values,
    troubles,
    close: () => {
      part.disable();
      part.removeAllListeners();
      values.complete();
    },
  };
}

/** johnny-five knows many, most of them on a bus that is not passed through here. Throws RELAY_UNAVAILABLE for those. */
function openThermometer(part: typeof Thermometer, options: ConstructorParameters<typeof Thermometer>[0]): Thermometer {
  try {
    return new part(options);
  } catch (cause) {
    throw new CopycatError('RELAY_UNAVAILABLE', `a ${options.controller} cannot be read at ${options.pin}`, {
      value: options.controller,
      expected: 'a thermometer on one analog pin: TMP36, LM35, LM335 or ANALOG',
      cause,
    });
  }
}

/** Returns what tells whether there is a value, and why it is not to be trusted now. */
async function watchAnalog(
  provider: LineProvider,
  pin: string | number,
  { pin: line, everyUs }: { readonly pin: string; readonly everyUs: number },
  clock: Clock,
): Promise<() => { readonly trouble: string | null; readonly hasValue: boolean }> {
  const io = await provider.open();
  const silentUs = Math.max(SILENT_AT_LEAST_US, SILENT_PERIODS * everyUs);
  const sinceUs = clock.nowUs();
  return () => {
    const heardUs = io.lastAnalogUs?.(pin) ?? null;
    const isSilent = clock.nowUs() - (heardUs ?? sinceUs) > silentUs;
    return { trouble: provider.trouble ?? (isSilent ? `${line} gives no values` : null), hasValue: heardUs !== null };
  };
}
