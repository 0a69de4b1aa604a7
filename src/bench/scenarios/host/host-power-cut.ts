import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { StateWatch } from '../../stage/watching/state-watch.js';
import { WireTap } from '../../stage/watching/wire-tap.js';

/** How long host, coil and (with USB power) boards are without supply. */
const OFF_US = 200_000;
/** From the cut until boards that lost their supply drive their outputs by inputs again. */
const BOOT_US = 3_000_000;

interface Cut {
  readonly tap: WireTap;
  readonly a: StateWatch;
  /** Inputs answered, and executions of a, by the time of the cut. */
  answered: number;
  executed: number;
}
const cuts = new WeakMap<object, Cut>();

async function cutPower(
  stage: Stage,
  how: { readonly keepsJournal: boolean; readonly usbPower: boolean },
): Promise<void> {
  const { world, client, gateway } = stage;
  if (gateway === null) return;
  const { a, b } = world.boards;
  await stage.killGateway();
  client.disconnect();
  const cut = cuts.get(stage);
  if (cut !== undefined) Object.assign(cut, { answered: client.answered, executed: cut.a.states.length });
  world.relay.powerLost();
  if (!how.keepsJournal) rmSync(join(dirname(stage.configFile), 'journal'), { recursive: true, force: true });
  if (how.usbPower) {
    stage.allowSafeLevel('a', BOOT_US);
    for (const port of [a, b]) port.unplug({ losesPower: true });
  }
  await stage.pass(OFF_US);
  world.relay.powerReturned();
  if (how.usbPower) for (const port of [a, b]) port.plug({ losesPower: true });
  await stage.startGateway();
  await stage.connectClient();
}

/**
 * What was under way at the cut may have been executed before it and again after it: its client, which had no answer, has
 * asked for it again, and durability `process` has forgotten it.
 */
function order(stage: Stage, usbPower: boolean): (number | null)[] {
  const ids = stage.client.sent.map(({ id }) => id);
  const cut = cuts.get(stage);
  if (cut === undefined) return ids;
  const before = ids.slice(0, cut.answered);
  const after = ids.slice(cut.answered);
  const underWay = after.slice(0, 1);
  const executedAfter = cut.a.states.length - cut.executed;
  const executedBefore = cut.executed > cut.answered ? underWay : [];
  // As many executions as inputs: the one under way was executed (again) as well.
  const rest = executedAfter >= after.length || executedBefore.length === 0 ? after : after.slice(1);
  return [...before, ...executedBefore, ...(usbPower ? [null] : []), ...rest];
}

function runFor(durability: 'process' | 'power', usbPower: boolean): RunPlan {
  const keepsJournal = durability === 'power';
  return {
    variant: `${usbPower ? 'USB-powered' : 'self-powered'}, durability ${durability}`,
    ...(keepsJournal ? { config: { ledger: { path: 'ledger.sqlite', durability } } } : {}),
    order: (stage) => order(stage, usbPower),
    plan: (stage) => {
      cuts.set(stage, {
        tap: new WireTap(stage.world),
        a: new StateWatch(stage.uno('a'), stage.symbols),
        answered: 0,
        executed: 0,
      });
      stage.inject(0.5, () => stage.do(() => cutPower(stage, { keepsJournal, usbPower })));
    },
    checks: (run) => [
      ...commonChecks(run),
      seqsOnce(run),
      checkDrives(run, 'a'),
      // The host of the bench has not really restarted: with its journal on disk, the ledger sees a killed gateway.
      checkFaults(run, keepsJournal ? 'gateway-restarted' : 'host-restarted', ...(usbPower ? ['pair-restarted'] : [])),
    ],
  };
}

function seqsOnce(run: ReceivedRun) {
  const reused = [...(cuts.get(run.stage)?.tap.reused ?? [])];
  return check('no seq used for two inputs', reused.length === 0, { reused });
}

export const hostPowerCut: Scenario = {
  name: 'host-power-cut',
  onlyNamed: true,
  promise:
    'the host loses power in full flow: boards with a supply of their own go on where they were; boards on USB power begin anew from their safe levels; no seq is used twice, every input is answered once',
  runs: [runFor('process', false), runFor('process', true), runFor('power', false), runFor('power', true)],
};
