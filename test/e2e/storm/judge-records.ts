import type { Sent } from './storm-client.js';

/** Lives between which the ledger may have lost its tail: damage came between them. */
export type LossyLives = ReadonlySet<number>;

interface Execution {
  readonly id: string;
  readonly sum: number;
  readonly step: number;
  readonly life: number;
}

/**
 * What is wrong in what the clients got, judged by nothing but that. The heater adds each input's step to its sum, so the
 * answers put all executions in order, and whatever was executed twice, as another, or without an answer leaves a gap.
 * @param lossy lives whose gateway found damaged files: inputs of the life before may be lost, and are then new ones
 */
export function judgeRecords(all: readonly Sent[], lossy: LossyLives): string[] {
  const wrong: string[] = [];
  const executions: Execution[] = [];
  for (const { id, step, answers, lost } of all) {
    let known: Execution | undefined;
    for (const { sum, repeat, life } of answers) {
      if (known?.sum === sum) {
        // R23: that it had been answered may be lost as well.
        if (!repeat && !isLossyBetween(lossy, known.life, life))
          wrong.push(`${id}: the same answer again in life ${life}, and not marked as a repeat`);
        continue;
      }
      const since = known?.life ?? life;
      if (known !== undefined && !isLossyBetween(lossy, since, life))
        wrong.push(`${id}: answered ${known.sum} in life ${since}, and ${sum} in life ${life}`);
      known = { id, sum, step, life };
      executions.push(known);
    }
    if (answers.length === 0 && !lost) wrong.push(`${id}: never answered, and never said to be lost`);
    if (lost && lossy.size === 0) wrong.push(`${id}: said to be lost, and no file was damaged`);
  }
  executions.sort((one, other) => one.sum - other.sum);
  let before: Execution = { id: 'nothing', sum: 0, step: 0, life: 1 };
  for (const execution of executions) {
    const { id, sum, step, life } = execution;
    if (sum - step !== before.sum && (sum === before.sum || !isLossyBetween(lossy, before.life, life))) {
      wrong.push(
        `${id} came to ${sum} by a step of ${step} (life ${life}); before it ${before.id} came to ${before.sum} (life ${before.life})`,
      );
    }
    before = execution;
  }
  return wrong;
}

/** Was there a damage after life `from`, up to the start of life `to`; or the one after, which answers for it late? */
function isLossyBetween(lossy: LossyLives, from: number, to: number): boolean {
  for (let life = from + 1; life <= to + 1; life++) if (lossy.has(life)) return true;
  return false;
}
