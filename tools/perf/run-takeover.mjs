// One takeover by the wall clock: a pair is started, serves a load, and loses its primary in a way that a person could cause. Every moment is
// of one clock (CLOCK_MONOTONIC): the rig's own, the relay's command as the line's driver saw it, the fault's steps in the ledger.
import { setTimeout as pass } from 'node:timers/promises';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { startPair } from './run-contender.mjs';

const TAKES_WITHIN_MS = 20_000;
/** Of copycat-pair.mjs for these runs. */
export const DEADLINE_MS = 50;

const nowUs = () => Number(process.hrtime.bigint() / 1000n);

/**
 * @param how `unplugged`: the primary's cable ends; `silent`: its program stands still
 * @param condition what goes on meanwhile (conditions.mjs)
 * @returns microseconds from the fault to: relay commanded, right board proved at the contact; and from evidence to command
 */
export async function runTakeover(contender, programs, how, { load, environment, beside, within }) {
  const more = environment?.(programs) ?? {};
  const pair = await startPair(
    contender,
    programs,
    { PERF_DEADLINE: `${DEADLINE_MS}ms`, ...more },
    { within: within?.() },
  );
  try {
    for (const command of beside?.(pair.ledger) ?? []) await pair.startBeside(...command);
    const driving = pair.drive({ count: 1_000_000, ...load }).catch(() => null);
    await pair.isProtected();
    await pass(300 + Math.random() * 50);
    const atUs = nowUs();
    pair.boards[0].kill(how === 'unplugged' ? 'SIGKILL' : 'SIGSTOP');
    const [fault, commandedUs] = await movedRelay(pair);
    const step = (name) => fault.timeline.find((one) => one.step === name)?.atUs ?? Number.NaN;
    pair.endLoad();
    await driving;
    return {
      code: fault.code,
      evidenceUs: fault.atUs - atUs,
      commandedUs: commandedUs - atUs,
      evidenceToCommandUs: commandedUs - fault.atUs,
      provedUs: step('relay-moved') - atUs,
    };
  } finally {
    await pair.end();
  }
}

async function movedRelay(pair) {
  const untilMs = Date.now() + TAKES_WITHIN_MS;
  for (;;) {
    const commanded = /^relay 1 (\d+)$/m.exec(pair.said())?.[1];
    const ledger = openLedgerReader(pair.ledger);
    const fault = ledger.listFaults().find(({ timeline }) => timeline.some(({ step }) => step === 'relay-moved'));
    ledger.close();
    if (commanded !== undefined && fault !== undefined) return [fault, Number(commanded)];
    if (Date.now() > untilMs) throw new Error(`no takeover:\n${pair.said()}`);
    await pass(20);
  }
}
