import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkConfig, NOT_PROTECTED_AGAINST_POWER_LOSS } from '../../../config/checks/check-config.js';
import { loadConfig, parseConfig } from '../../../config/load/load-config.js';
import type { Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { WireTap } from '../../stage/watching/wire-tap.js';

async function killAndStartAgain(stage: Stage, whileGone: () => void = () => undefined): Promise<void> {
  await stage.killGateway();
  stage.client.disconnect();
  whileGone();
  await stage.startAgain();
  await stage.connectClient();
}

function resets(stage: Stage): number {
  return [stage.uno('a').starts, stage.uno('b').starts].reduce(
    (sum, starts) => sum + starts.powerOn + starts.external + starts.watchdog,
    0,
  );
}

const taps = new WeakMap<object, WireTap>();
const startsBefore = new WeakMap<object, number>();

export const gatewayKilled: Scenario = {
  name: 'gateway-killed',
  promise:
    'kill -9 in full flow, twice: boards not reset, nothing lost, nothing acted on twice, repeats upstream marked, protected again at once',
  runs: [
    {
      variant: '',
      plan: (stage) => {
        taps.set(stage, new WireTap(stage.world));
        startsBefore.set(stage, resets(stage));
        for (const share of [0.33, 0.66]) {
          stage.inject(share, () => stage.do(() => killAndStartAgain(stage)));
        }
      },
      checks: (run) => [
        ...commonChecks(run),
        check('boards not reset', resets(run.stage) === startsBefore.get(run.stage), { starts: resets(run.stage) }),
        noSeqTwice(run),
        checkDrives(run, 'a'),
        checkFaults(run, 'gateway-restarted'),
      ],
    },
  ],
};

function noSeqTwice(run: ReceivedRun) {
  const reused = [...(taps.get(run.stage)?.reused ?? [])];
  return check('no seq used for two inputs', reused.length === 0, { reused });
}

interface PowerCut {
  atUs: number;
  /** The input that was under way when the power went. */
  underWay: number;
}
const cuts = new WeakMap<object, PowerCut>();

/** a is cut off and locked out; then the gateway's host loses power: coil, journal and process go, both boards live. */
function cutPower(stage: Stage): void {
  const { world, client } = stage;
  stage.do(() =>
    killAndStartAgain(stage, () => {
      cuts.set(stage, { atUs: world.nowUs(), underWay: client.answered + 1 });
      world.relay.powerLost();
      rmSync(join(dirname(stage.configFile), 'journal'), { recursive: true, force: true });
      world.boards.a.link.mend();
      world.relay.powerReturned();
    }),
  );
}

/**
 * With the journal, the gateway lost what it knew of the input that was under way. The client asks again, and a board
 * that had executed it executes it a second time: durability `process` promises no more over a power cut (docs/ledger.md).
 */
function executionOrder(stage: Stage): number[] {
  const order = stage.client.sent.map((input) => input.id);
  const executed = new Set([...(taps.get(stage)?.given.a ?? []), ...(taps.get(stage)?.given.b ?? [])]).size;
  const cut = cuts.get(stage);
  if (cut !== undefined && executed > order.length) order.splice(order.indexOf(cut.underWay), 0, cut.underWay);
  return order;
}

/** What `check` says of the same pair with the simplest wiring. */
function simpleWiringIsWarnedAbout(run: ReceivedRun) {
  const { configFile } = run.stage;
  const simple = readFileSync(configFile, 'utf8').replace('kind: latching', 'kind: changeover');
  const warned = (config: ReturnType<typeof loadConfig>): boolean =>
    checkConfig(config).some((finding) => finding.message.includes(NOT_PROTECTED_AGAINST_POWER_LOSS));
  return [
    check(
      'check warns about a wiring that cannot hold it off',
      warned(parseConfig(simple, 'simple', dirname(configFile))),
      {},
    ),
    check('check does not warn about this one', !warned(loadConfig(configFile)), {}),
  ];
}

export const gatewayPowerCycledAfterTakeover: Scenario = {
  name: 'gateway-power-cycled-after-takeover',
  promise:
    'coil drops, journal lost, boards alive: with a wiring that can hold it off the locked-out board never drives the actuator; no seq is used twice; with its cable mended it comes back by joining',
  runs: [
    {
      variant: '',
      relay: { kind: 'latching' },
      relayConfig: { kind: 'latching', pin: 'emulated' },
      order: executionOrder,
      plan: (stage) => {
        taps.set(stage, new WireTap(stage.world));
        stage.inject(0.3, () => stage.world.boards.a.link.cut());
        stage.inject(0.7, () => cutPower(stage));
      },
      checks: (run) => {
        const { stage } = run;
        const cut = cuts.get(stage);
        const after = stage.world.recorder.changes.filter((change) => cut !== undefined && change.atUs >= cut.atUs);
        return [
          ...commonChecks(run),
          check('the power was cut', cut !== undefined, {}),
          check(
            'a never drove again',
            after.every((change) => change.board !== 'a'),
            after.slice(0, 5),
          ),
          noSeqTwice(run),
          ...simpleWiringIsWarnedAbout(run),
          checkDrives(run, 'a', 'b'),
          checkFaults(run, 'silent', 'host-restarted'),
        ];
      },
    },
  ],
};
