import { nearestWord } from '../../words/nearest-word.js';
import type { AlarmConfig, Config, RelayConfig, StopConfig } from '../config.js';
import type { ConfigFile } from '../schema/config-schema.js';
import type { Complain } from '../schema/explain-issue.js';
import { checkWithoutRelay, unwiredRelay } from './unwired-relay.js';

/** The lines of the host and of the Firmata board: relay, alarm, means of a stop. */
export function fileToLines(
  file: ConfigFile,
  boards: readonly [string, string],
  complain: Complain,
): Pick<Config, 'relay' | 'gpioChip' | 'alarm' | 'stop'> {
  const relay = typeof file.relay === 'string' ? unwiredRelay(file.relay) : relayOf(file.relay, boards, complain);
  checkWithoutRelay(file, complain);
  const alarm = file.alarm === undefined ? null : alarmOf(file.alarm);
  const stop = stopOf(file, complain);
  for (const [path, line] of twiceNamed(file)) complain(path, line, 'a line that nothing else of this file uses');
  const needsFirmata = allLines(file).find(([, line]) => /^[DA]\d/.test(line));
  if (needsFirmata !== undefined && file.firmata === undefined) {
    const [path, line] = needsFirmata;
    complain(path, line, 'a line of the host (GPIO17), or a Firmata board: firmata: { port: usb-1.4 }');
  }
  return { relay, gpioChip: file.gpio.chip === 'auto' ? null : file.gpio.chip, alarm, stop };
}

type WiredRelay = Exclude<ConfigFile['relay'], string>;

function relayOf(said: WiredRelay, boards: readonly [string, string], complain: Complain): RelayConfig {
  const atRest = said['at-rest'];
  if (![...boards, 'none'].includes(atRest)) {
    const near = nearestWord(atRest, boards);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    complain(['relay', 'at-rest'], atRest, `${boards.join(', ')} or none`, hint);
  }
  const pins = listOf(said.pin);
  const pinsOf = Object.fromEntries(Object.entries(said.pins ?? {}).map(([board, lines]) => [board, listOf(lines)]));
  checkPins(said, pins, pinsOf, boards, complain);
  const deadMan = said['dead-man'];
  return {
    kind: said.kind,
    pins,
    pinsOf,
    atRest: atRest === 'none' ? null : atRest,
    feedbacks: listOf(said.feedback),
    feedbackActiveLow: said['feedback-active-low'],
    feedbackPull: said['feedback-pull'],
    activeLow: said['active-low'],
    settleUs: said.settle,
    operateUs: said.operate,
    pulseUs: said.pulse,
    gapUs: said.gap,
    holdOff: said['hold-off'],
    onGatewayDeath: said['on-gateway-death'] ?? null,
    deadMan: deadMan === undefined ? null : { pin: deadMan.pin, everyUs: deadMan.every },
    ratedOperations: said['rated-operations'],
    proveEveryUs: said['prove-every'],
    disturbsForUs: said['disturbs-for'],
  };
}

/** One line (or list) for both boards, or one for each: the kind says which. The bench's own relay has one of any kind. */
function checkPins(
  said: WiredRelay,
  pins: readonly string[],
  pinsOf: Readonly<Record<string, readonly string[]>>,
  boards: readonly [string, string],
  complain: Complain,
): void {
  const isEmulated = pins.includes('emulated');
  const each = said.kind === 'two-relays' || (said.kind === 'latching' && !isEmulated);
  if (!each) {
    if (pins.length === 0) complain(['relay', 'pin'], null, 'the line of the coil, such as GPIO17');
    if (said.pins !== undefined)
      complain(['relay', 'pins'], said.pins, `pin: one line for both boards (kind: ${said.kind})`);
  } else {
    const [first, second] = boards;
    const example = `{ ${first}: GPIO17, ${second}: GPIO22 }`;
    if (said.pin !== undefined) complain(['relay', 'pin'], said.pin, `pins: ${example} (kind: ${said.kind})`);
    for (const board of boards) {
      if (pinsOf[board] === undefined)
        complain(['relay', 'pins', board], null, `the line that connects board ${board}`);
    }
    for (const name of Object.keys(pinsOf).filter((name) => !boards.includes(name))) {
      complain(['relay', 'pins', name], name, boards.join(' or '));
    }
    if (pinsOf[first]?.length !== pinsOf[second]?.length) {
      complain(['relay', 'pins'], said.pins ?? null, 'as many lines for one board as for the other');
    }
  }
  const feedbacks = listOf(said.feedback).length;
  const channels = each ? (Object.values(pinsOf)[0]?.length ?? 0) : pins.length;
  if (feedbacks > 1 && feedbacks !== channels) {
    complain(['relay', 'feedback'], said.feedback, `one line, or one for each of the ${channels} channels`);
  }
}

function alarmOf(said: NonNullable<ConfigFile['alarm']>): AlarmConfig {
  return { pin: said.pin, activeLow: said['active-low'], on: said.on };
}

function stopOf(file: ConfigFile, complain: Complain): StopConfig {
  const { means, pin } = file.stop;
  if (means === 'cut-off') {
    if (pin === undefined) complain(['stop', 'pin'], null, 'the line of the relay that cuts the actuator off');
    return { means, pin: pin ?? '', activeLow: file.stop['active-low'] };
  }
  if (pin !== undefined) complain(['stop', 'pin'], pin, 'means: cut-off, or no line');
  if (means === 'reset-both') {
    for (const [board, said] of Object.entries(file.boards)) {
      if (said.reset === undefined)
        complain(['boards', board, 'reset'], null, 'a line: a stop is to reset both boards');
    }
  }
  return { means };
}

/** Every line with the key that names it; what the bench emulates is no line of a host. */
function allLines(file: ConfigFile): readonly (readonly [path: readonly string[], line: string])[] {
  const relay: Partial<WiredRelay> = typeof file.relay === 'string' ? {} : file.relay;
  const named: (readonly [readonly string[], string])[] = [
    ...listOf(relay.pin).map((line) => [['relay', 'pin'], line] as const),
    ...Object.entries(relay.pins ?? {}).flatMap(([board, lines]) =>
      listOf(lines).map((line) => [['relay', 'pins', board], line] as const),
    ),
    ...listOf(relay.feedback).map((line) => [['relay', 'feedback'], line] as const),
    ...listOf(relay['dead-man']?.pin).map((line) => [['relay', 'dead-man', 'pin'], line] as const),
    ...listOf(file.alarm?.pin).map((line) => [['alarm', 'pin'], line] as const),
    ...listOf(file.stop.pin).map((line) => [['stop', 'pin'], line] as const),
    ...Object.entries(file.boards).flatMap(([board, { reset }]) =>
      listOf(reset).map((line) => [['boards', board, 'reset'], line] as const),
    ),
  ];
  for (const said of Array.isArray(file.input) ? file.input : [file.input]) {
    const line = typeof said === 'string' ? /^(?:button|sensor|thermometer) (\w+)/.exec(said)?.[1] : undefined;
    if (line !== undefined) named.push([['input'], line]);
  }
  return named.filter(([, line]) => line !== 'emulated');
}

function twiceNamed(file: ConfigFile): readonly (readonly [path: readonly string[], line: string])[] {
  const seen = new Set<string>();
  return allLines(file).filter(([, line]) => {
    const isSecond = seen.has(line);
    seen.add(line);
    return isSecond;
  });
}

function listOf(said: string | readonly string[] | undefined): readonly string[] {
  if (said === undefined) return [];
  return typeof said === 'string' ? [said] : said;
}
