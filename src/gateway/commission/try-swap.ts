import { setTimeout as pass } from 'node:timers/promises';
import type { Config } from '../../config/config.js';
import type { CommandOutcome } from '../../control/contract/command.js';
import { type Gateway, startGateway } from '../gateway.js';
import type { GatewayParts } from '../parts.js';
import type { CommissionReport } from './commission-report.js';

const POLL_EVERY_MS = 50;
/** A cold start is a join, with bootloaders, transfer and comparisons. */
const PROTECTED_WITHIN_US = 60_000_000;

/** Runs the pair without inputs until it is protected, and changes its primary to and fro. Closes the lines. */
export async function trySwap(config: Config, parts: GatewayParts): Promise<NonNullable<CommissionReport['swap']>> {
  const { clock } = parts;
  const gateway = await startGateway({ ...config, inputs: [] }, parts);
  const startUs = clock.nowUs();
  const failed = (why: string) => ({ done: false, why, tookUs: clock.nowUs() - startUs });
  try {
    for (let swaps = 0; swaps < 2; swaps++) {
      if (!(await isProtected(gateway, parts))) return failed(`the pair is not protected: ${gateway.status().why}`);
      const why = whyNot(await gateway.command({ command: 'switch' }));
      if (why !== null) return failed(why);
    }
    if (!(await isProtected(gateway, parts))) return failed(`the pair is not protected: ${gateway.status().why}`);
    return { done: true, why: 'to the other board and back', tookUs: clock.nowUs() - startUs };
  } finally {
    await gateway.close();
  }
}

async function isProtected(gateway: Gateway, { clock }: GatewayParts): Promise<boolean> {
  const untilUs = clock.nowUs() + PROTECTED_WITHIN_US;
  while (!gateway.status().protected && clock.nowUs() < untilUs) await pass(POLL_EVERY_MS);
  return gateway.status().protected;
}

function whyNot(outcome: CommandOutcome): string | null {
  if ('done' in outcome) return null;
  return 'refused' in outcome ? outcome.refused : 'it did not end in time';
}
