import type { UpdateStatus } from '../../control/contract/update-status.js';
import { type RollingOutcome, rollingUpdate } from '../../control/rolling-update.js';
import { readImageFacts } from '../../gateway/operator/image-facts.js';
import { heaterPayload } from '../../model-board/heater-reference.js';
import type { ProgramChange } from '../judge/expected-run.js';
import { type HeaterImage, heaterFile, mcuOfKind } from '../stage/heater-image.js';
import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';

/** Time for two boards to be flashed and to join while inputs come. */
const OVER_US = 12_000_000;
/** How often the gateway is asked how far it is. */
const POLL_EVERY_US = 20_000;
/** An update that takes longer has come to nothing. */
const MOST_LOOKS = 1_500;
/** What the configuration says the relay takes: no transfer may leave the actuator alone for longer. */
const OPERATE_US = 8_000;
/** The duty of heater-2-less where the heater gives full power. */
const LESS_DUTY = 200;
const FULL_DUTY = 255;

interface Watched {
  outcome: RollingOutcome | null;
  /** What a person was shown. */
  readonly shown: UpdateStatus[];
  isOver: boolean;
}
const watched = new WeakMap<object, Watched>();

function planUpdate(stage: Stage, image: HeaterImage): void {
  const seen: Watched = { outcome: null, shown: [], isOver: false };
  watched.set(stage, seen);
  // Enough that a difference in every seventh is among them.
  const comparisons = Math.max(8, Math.floor(stage.options.inputs / 10));
  stage.inject(0.05, () => stage.do(() => update(stage, image, comparisons, seen)));
  // Enough is left for the new program, however long the update takes.
  stage.afterAnswers(Math.floor(stage.options.inputs * 0.9), () => {
    if (!seen.isOver) stage.client.pause();
  });
}

async function update(stage: Stage, image: HeaterImage, comparisons: number, seen: Watched): Promise<void> {
  const path = heaterFile(image);
  const facts = await stage.world.whileTimeStands(() => readImageFacts(path, mcuOfKind('uno').name));
  let looks = 0;
  seen.outcome = await rollingUpdate(
    { status: () => stage.shownStatus(), command: (command) => stage.command(command) },
    {
      ...{ image: path, facts, comparisons, converter: null, acceptsIdentical: true },
      decide: async (tried) => {
        seen.shown.push(tried);
        return 'accept';
      },
      progress: () => undefined,
      pause: async () => {
        await stage.pass(POLL_EVERY_US);
        return ++looks < MOST_LOOKS;
      },
    },
  );
  seen.isOver = true;
  stage.client.resume();
}

/** The contact leaves a: nothing was under way at either board from some while before until some while after. */
function changeOf(stage: Stage): ProgramChange | null {
  const leftAtUs = stage.world.recorder.changes.find(
    ({ atUs, board }) => atUs > stage.firstInputAtUs && board === null,
  )?.atUs;
  if (leftAtUs === undefined) return null;
  const after = stage.client.sent.filter(({ answers }) => (answers[0]?.atUs ?? leftAtUs) < leftAtUs).length;
  // b is updated first, and drives while a is.
  return { board: 'b', after, fullDuty: LESS_DUTY };
}

function outcomeCheck({ stage }: ReceivedRun) {
  const outcome = watched.get(stage)?.outcome ?? null;
  return check('the update was carried out', outcome !== null && 'done' in outcome, outcome);
}

/** R26: the old level, one gap no longer than the relay takes, the new level. */
function oneTransfer(run: ReceivedRun, isSameLevel: boolean) {
  const { transfers } = run.actuator;
  const isClean = transfers.every(({ openUs, before, after }) => {
    const isSame = before.duty === after.duty && before.trip === after.trip;
    const isAccepted = !isSameLevel && before.duty === FULL_DUTY && after.duty === LESS_DUTY && !after.trip;
    return openUs <= OPERATE_US && (isSame || isAccepted);
  });
  return check('the old level, one gap, the new level', transfers.length === 1 && isClean, transfers);
}

function sameImages(run: ReceivedRun) {
  const images = run.status.boards.map(({ image }) => image);
  return check('both boards run the same image', images[0] !== null && images[0] === images[1], images);
}

function differencesCheck({ stage }: ReceivedRun) {
  const shown = watched.get(stage)?.shown ?? [];
  const fields = shown.at(-1)?.fields ?? [];
  const [duty] = fields;
  const isListed =
    fields.length === 1 && duty?.field === 'duty' && duty.old === '255 / 255' && duty.fresh === '200 / 255';
  return check('the difference was listed by its field, before it was accepted', isListed, shown);
}

export const rollingUpdateIdentical: Scenario = {
  name: 'rolling-update-identical',
  images: ['heater-2-same'],
  promise:
    'copycat flash --rolling with an image that does the same, while inputs come: each board is flashed and joins in turn, and the relay moves once, at the same level; nothing lost, nothing repeated',
  runs: [
    {
      variant: '',
      client: { overUs: OVER_US },
      plan: (stage) => planUpdate(stage, 'heater-2-same'),
      checks: (run) => [
        ...commonChecks(run),
        outcomeCheck(run),
        check('nobody was asked', watched.get(run.stage)?.shown.length === 0, watched.get(run.stage)?.shown),
        check('nothing was given as a repeat', run.answers.repeats === 0, { repeats: run.answers.repeats }),
        sameImages(run),
        oneTransfer(run, true),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'updating', 'switched-over'),
      ],
    },
  ],
};

export const rollingUpdateDifferent: Scenario = {
  name: 'rolling-update-different',
  images: ['heater-2-less'],
  promise:
    'the same with an image that gives less where the old one gives full power: the difference is listed by its field before anybody accepts it, the actuator has levels of the old program, one gap, then levels of the new one',
  runs: [
    {
      variant: '',
      client: { overUs: OVER_US },
      payload: (id) => (id % 7 === 3 ? heaterPayload(100 * 16, 20 * 16) : null),
      plan: (stage) => planUpdate(stage, 'heater-2-less'),
      programChange: changeOf,
      checks: (run) => [
        ...commonChecks(run),
        outcomeCheck(run),
        differencesCheck(run),
        check('nothing was given as a repeat', run.answers.repeats === 0, { repeats: run.answers.repeats }),
        sameImages(run),
        oneTransfer(run, false),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'updating', 'switched-over'),
      ],
    },
  ],
};
