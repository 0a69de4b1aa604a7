import type { BoardName } from '../bench-board.js';
import { endOf } from '../stage/pair-end.js';
import { check, type RunCheck } from '../stage/run-record.js';
import type { OwnFirmwareRun } from './own-firmware-run.js';

/** What every run with such boards promises, by the client's own record; and that the pair stands as it is said to. */
export function commonChecks(run: OwnFirmwareRun): RunCheck[] {
  const { asked } = run.stage.client;
  const { isAnswered = () => true } = run.stage.setup;
  const lost = asked.filter(({ request, answers }) => isAnswered(request) && answers.length === 0);
  return [
    check('every request answered', asked.length === run.requests && lost.length === 0, {
      asked: asked.length,
      lost: lost.map(({ id }) => id).slice(0, 5),
    }),
    ...soundChecks(run),
  ];
}

/** The same without the first, where some requests stay unanswered. */
export function soundChecks({ stage, status }: OwnFirmwareRun): RunCheck[] {
  const { asked, strays } = stage.client;
  const { ends = 'protected', begins = 'protected' } = stage.setup;
  const twice = asked.filter(({ answers }) => answers.length > 1).map(({ id }) => id);
  const dropped = stage.world.recorder.dropped + stage.lines.a.dropped + stage.lines.b.dropped;
  return [
    check(`${begins} before the first request`, stage.stoodAtStart, status.why),
    check(`${ends} at the end`, endOf(status) === ends, { phase: status.phase, why: status.why }),
    check('nothing answered twice', twice.length === 0, twice.slice(0, 5)),
    check('nothing answered that was not asked', strays.length === 0, strays.length),
    check('the records are whole', dropped === 0, dropped),
  ];
}

/** Every answer there was is the one that a board alone gives. */
export function checkAnswers(
  { stage }: OwnFirmwareRun,
  isRight: (request: Uint8Array, answer: Uint8Array, id: number) => boolean,
): RunCheck {
  const wrong = stage.client.asked.flatMap(({ id, request, answers }) =>
    answers
      .filter(({ body }) => !isRight(request, body, id))
      .map(({ body }) => `${id}: ${Buffer.from(body).toString('hex')}`),
  );
  return check('every answer right', wrong.length === 0, wrong.slice(0, 5));
}

/** Each of these requests, which are all different, was given to this board, and none twice. `sent`: all of so many, where it is said. */
export function checkGivenOnce(
  { stage }: OwnFirmwareRun,
  isOne: (given: Uint8Array) => boolean,
  board: BoardName,
  sent: number | null = null,
): RunCheck {
  const counts = new Map<string, number>();
  for (const { bytes } of stage.lines[board].given) {
    if (!isOne(bytes)) continue;
    const key = Buffer.from(bytes).toString('hex');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const twice = [...counts].filter(([, count]) => count > 1).map(([key]) => key);
  return check(
    `nothing given twice to board ${board}`,
    twice.length === 0 && (sent === null ? counts.size > 0 : counts.size === sent),
    {
      twice: twice.slice(0, 5),
      given: counts.size,
    },
  );
}

/**
 * The actuator got these levels one after another, and no other. Only at a hand-over may it be at the one before again: what the first
 * board did unanswered, the second one does after it (without COMMIT nobody can hold it back).
 */
export function checkLevels({ stage }: OwnFirmwareRun, levels: readonly number[]): RunCheck {
  const wrong: string[] = [];
  let place = -1;
  let by: BoardName | null = null;
  const { changes } = stage.world.recorder;
  const before = stage.world.recorder.at(stage.firstRequestAtUs);
  for (const { atUs, board, duty } of [...(before === undefined ? [] : [before]), ...changes]) {
    if (board === null || atUs < Math.min(before?.atUs ?? 0, stage.firstRequestAtUs)) continue;
    const isHandOver = by !== null && by !== board;
    by = board;
    if (duty === (levels[place] ?? -1)) continue;
    if (duty === levels[place + 1]) place += 1;
    else if (isHandOver && duty === levels[place - 1]) place -= 1;
    else wrong.push(`${duty} by ${board} after level ${place}`);
  }
  if (place !== levels.length - 1) wrong.push(`the last one was number ${place + 1} of ${levels.length}`);
  return check('every level at the actuator, in order, and no other', wrong.length === 0, wrong.slice(0, 5));
}

/**
 * As with one slave before the fault, and behind the hand-over: none left out, and no other. Between the two the faulty board drives, and what
 * comes of that is said by the scenario; what was written meanwhile is at the actuator no more than a faulty slave would bring it there.
 */
export function checkLevelsAround(
  { stage }: OwnFirmwareRun,
  levels: readonly number[],
  mayBeBetween: (duty: number) => boolean,
): RunCheck {
  const { firstRequestAtUs, injectedAtUs, world } = stage;
  const changes = world.recorder.changes.filter(({ atUs }) => atUs >= firstRequestAtUs);
  const faultAtUs = injectedAtUs ?? Number.POSITIVE_INFINITY;
  const [first] = changes.flatMap(({ board }) => board ?? []);
  const before = dutiesOf(changes.filter(({ board, atUs }) => board === first && atUs < faultAtUs));
  const between = dutiesOf(changes.filter(({ board, atUs }) => board === first && atUs >= faultAtUs));
  const behind = dutiesOf(changes.filter(({ board }) => board !== null && board !== first));
  const from = levels[0] === before[0] ? 0 : 1;
  const isRight =
    levels.slice(from, from + before.length).join() === before.join() &&
    levels.slice(-behind.length).join() === behind.join();
  return check(
    'every level at the actuator before the fault and behind the hand-over, in order, and no other',
    isRight && between.every(mayBeBetween) && behind.length > 0,
    { before: before.slice(-3), between, behind: behind.slice(0, 3), last: levels.slice(-3) },
  );
}

function dutiesOf(changes: readonly { readonly duty: number }[]): number[] {
  return changes.map(({ duty }) => duty).filter((duty, index, all) => duty !== all[index - 1]);
}

export function checkDrives({ stage }: OwnFirmwareRun, ...drives: BoardName[]): RunCheck {
  const seen = drivesOf(stage.world.recorder.changes);
  return check(`the actuator was driven by ${drives.join(', then ')}`, seen.join() === drives.join(), seen);
}

/** The boards that drove, in turn. */
export function drivesOf(changes: readonly { readonly board: BoardName | null }[]): readonly BoardName[] {
  const drives: BoardName[] = [];
  for (const { board } of changes) if (board !== null && drives.at(-1) !== board) drives.push(board);
  return drives;
}

export function checkFaults(run: OwnFirmwareRun, ...codes: string[]): RunCheck {
  const found = [...new Set(run.faults.map(({ code }) => code))].sort();
  return check(`faults: ${codes.join(', ') || 'none'}`, found.join() === [...codes].sort().join(), { found });
}

/** Both boards stand alike at their pins. */
export function checkEqualPins({ stage }: OwnFirmwareRun): RunCheck {
  const { duty, trip, others = [] } = stage.setup.firmware.pins;
  const pins = [duty, ...(trip === null ? [] : [trip]), ...others];
  const seen = (['a', 'b'] as const).map((name) => pins.map((pin) => stage.uno(name).duty(pin)).join());
  return check('both boards have the same levels at the end', seen[0] === seen[1], seen);
}
