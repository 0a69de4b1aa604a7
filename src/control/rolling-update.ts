import { internalError } from '../errors/copycat-error.js';
import type { Command, CommandOutcome } from './contract/command.js';
import type { Status } from './contract/status.js';
import type { ImageFacts } from './contract/update-command.js';
import { isTried, type UpdateStatus } from './contract/update-status.js';

/** A running gateway, as the one who updates its boards sees it. */
export interface UpdatingGateway {
  status(): Promise<Status>;
  command(command: Command): Promise<CommandOutcome>;
}

export interface RollingUpdateOptions {
  /** Absolute. */
  readonly image: string;
  /** Null: not known beforehand; the board says it. */
  readonly facts: ImageFacts | null;
  /** Makes the new layout of the state out of the old one; null: the layouts are the same. */
  readonly converter: string | null;
  /** Inputs that both programs are compared on. */
  readonly comparisons: number;
  /** A new program that has agreed in everything needs nobody to accept it. */
  readonly acceptsIdentical: boolean;
  /** A person looks at what differs. `later`: nobody is there to ask, and the trial goes on. */
  readonly decide: (tried: UpdateStatus) => Promise<'accept' | 'abandon' | 'later'>;
  readonly progress: (update: UpdateStatus) => void;
  /** Between two looks at the gateway; false: it is not waited for any longer. */
  readonly pause: () => Promise<boolean>;
}

/** `done`: both boards run the image. Otherwise why not, and the pair goes on with what it has. */
export type RollingOutcome =
  | { readonly done: string }
  | { readonly refused: string }
  | { readonly failed: string }
  | { readonly abandoned: string }
  | { readonly waits: string };

/** What may have begun to differ while a person looked is shown again; not for ever. */
const MOST_LOOKS = 5;

/**
 * R26: two joins and a switchover. The backup is flashed, joins, and is compared on live inputs; a person accepts what
 * differs; it becomes the primary; then the other board is flashed and joins. An update that was interrupted is taken up
 * where it stands; the way back is the same with the old image.
 */
export async function rollingUpdate(gateway: UpdatingGateway, options: RollingUpdateOptions): Promise<RollingOutcome> {
  const first = backupOf(await gateway.status());
  const begun = await begin(gateway, first, options);
  if (begun !== null) return begun;
  for (let look = 0; look < MOST_LOOKS; look++) {
    const tried = await watch(gateway, first, options);
    if ('failed' in tried) return tried;
    if (tried.update === null) return { done: `both boards run ${options.image}` };
    const refused = await settle(gateway, tried.update, options);
    if (refused === 'switched') return secondBoard(gateway, options);
    if (refused !== 'look again') return refused;
  }
  return { waits: 'the boards differ in ever more fields: see copycat status' };
}

/** The other board gets the program that the primary has by now, and joins as at any repair. */
async function secondBoard(gateway: UpdatingGateway, options: RollingUpdateOptions): Promise<RollingOutcome> {
  const second = backupOf(await gateway.status());
  const begun = await begin(gateway, second, options);
  if (begun !== null) return begun;
  const joined = await watch(gateway, second, options);
  if ('failed' in joined) return joined;
  if (joined.update === null) return { done: `both boards run ${options.image}` };
  return { failed: `board ${second} runs another image than the primary: was the file changed meanwhile?` };
}

/** Null: the board is being flashed, or was already. */
async function begin(
  gateway: UpdatingGateway,
  board: string,
  { image, facts, comparisons, converter }: RollingUpdateOptions,
): Promise<RollingOutcome | null> {
  const { update } = await gateway.status();
  const isUnderWay = update?.board === board && update.image === image && update.stage !== 'failed';
  if (isUnderWay) return null;
  const outcome = await gateway.command({ command: 'update-begin', board, image, facts, converter, comparisons });
  if ('refused' in outcome) return { refused: outcome.refused };
  return null;
}

/** Until it is in the pair, on trial for long enough, or out for good. */
async function watch(
  gateway: UpdatingGateway,
  board: string,
  { progress, pause }: RollingUpdateOptions,
): Promise<{ readonly update: UpdateStatus | null } | { readonly failed: string }> {
  for (;;) {
    const { update, phase, boards } = await gateway.status();
    if (update !== null) progress(update);
    if (update?.stage === 'failed') return { failed: update.why ?? 'no reason was noted' };
    if (phase === 'stopped') return { failed: 'the pair is stopped: see copycat status' };
    if (update !== null && isTried(update)) return { update };
    const role = boards.find((one) => one.board === board)?.role;
    if (update === null) {
      const isIn = role === 'backup' || role === 'primary';
      return isIn ? { update } : { failed: `board ${board} is ${role ?? 'gone'}: see copycat faults` };
    }
    if (!(await pause())) return { failed: 'it takes too long: see copycat status' };
  }
}

async function settle(
  gateway: UpdatingGateway,
  tried: UpdateStatus,
  options: RollingUpdateOptions,
): Promise<RollingOutcome | 'switched' | 'look again'> {
  const isIdentical = tried.differing === 0;
  const decision = isIdentical && options.acceptsIdentical ? 'accept' : await options.decide(tried);
  if (decision === 'later') return { waits: `board ${tried.board} stays on trial until somebody accepts it` };
  if (decision === 'abandon') {
    const outcome = await gateway.command({ command: 'update-abandon' });
    return 'refused' in outcome
      ? { refused: outcome.refused }
      : { abandoned: `board ${tried.board} is out of the pair` };
  }
  const fields = tried.fields.map(({ field }) => field);
  const outcome = await gateway.command({ command: 'update-accept', fields });
  if ('done' in outcome) return 'switched';
  if ('underWay' in outcome) return { waits: outcome.underWay };
  const { update } = await gateway.status();
  const hasMore = update?.stage === 'trial' && update.fields.some(({ field }) => !fields.includes(field));
  return hasMore ? 'look again' : { refused: outcome.refused };
}

/** The two boards of the pair come first in a status, the third copy behind them. */
function backupOf({ boards, primary }: Status): string {
  const other = boards.slice(0, 2).find(({ board }) => board !== primary);
  if (other === undefined) throw internalError('a status without a second board', boards);
  return other.board;
}
