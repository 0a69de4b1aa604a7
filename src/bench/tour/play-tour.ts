import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { internalError } from '../../errors/copycat-error.js';
import type { BenchReport } from '../bench-report.js';
import type { PlayedScenarioRuns, ScenarioOptions } from '../run-scenario.js';
import type { Scenario } from '../stage/run-plan.js';
import { failureOf, type PlayedScenario, type PlayScenario } from './tour-messages.js';

const PLAYER = fileURLToPath(new URL('./play-scenarios.js', import.meta.url));

export interface TourEvents {
  readonly onStart: (scenario: string, index: number) => void;
  /** In the order of the tour, whichever was ready first. */
  readonly onReport: (report: BenchReport, traces: PlayedScenarioRuns['traces']) => void;
}

/**
 * Plays scenarios, `players` at a time, each player in a process of its own. Rejects with the first that could not be
 * played.
 */
export async function playTour(
  chosen: readonly Scenario[],
  options: ScenarioOptions,
  players: number,
  events: TourEvents,
): Promise<BenchReport[]> {
  const reports: BenchReport[] = [];
  const ready = new Map<string, PlayedScenarioRuns>();
  const waiting = [...chosen];
  let begun = 0;
  const tell = (played: PlayedScenarioRuns): void => {
    ready.set(played.report.scenario, played);
    for (let next = chosen[reports.length]; next !== undefined; next = chosen[reports.length]) {
      const told = ready.get(next.name);
      if (told === undefined) return;
      reports.push(told.report);
      ready.delete(next.name);
      events.onReport(told.report, told.traces);
    }
  };
  const playAll = async (player: ChildProcess): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      events.onStart(next.name, begun++);
      tell(await playOn(player, { scenario: next.name, options }));
    }
  };
  const processes = Array.from({ length: Math.min(players, chosen.length) }, () =>
    fork(PLAYER, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  try {
    await Promise.all(processes.map(playAll));
    return reports;
  } finally {
    for (const player of processes) if (player.connected) player.disconnect();
  }
}

function playOn(player: ChildProcess, scenario: PlayScenario): Promise<PlayedScenarioRuns> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(internalError('a player of the bench has ended', scenario.scenario));
    player.once('exit', ended);
    player.once('message', (message) => {
      player.off('exit', ended);
      // Only our own child sends it, from the typed side of the other file.
      const played = message as PlayedScenario;
      if ('report' in played) resolve(played);
      else reject(failureOf(played.failed));
    });
    player.send(scenario);
  });
}
