import type { Config } from '../config/config.js';
import { firstPrimary } from '../config/to-pair-config.js';
import type { RelayDriver } from '../hardware/relay/relay-driver.js';
import { openLedger } from '../ledger/files/open-ledger.js';
import type { OpenedLedger } from '../ledger/opened-ledger.js';
import type { LedgerRows } from '../pair/result/ledger-rows.js';
import type { PairConfig } from '../pair/state/pair-config.js';
import { openRelayOf } from './lines/open-relay-of.js';
import { SafetyLines } from './lines/safety-lines.js';
import type { GatewayParts } from './parts.js';

/** What has to be there before a board is touched. */
export interface OpenedFirst {
  readonly ledger: OpenedLedger;
  readonly rows: LedgerRows;
  readonly relay: RelayDriver;
  readonly safety: SafetyLines;
  /** Of these and of the other lines; the relay stays where it is (R27). */
  close(): Promise<void>;
}

interface Lines {
  readonly relay: RelayDriver;
  readonly safety: SafetyLines;
}

/**
 * Opens ledger and lines. Rejects with what cannot be had, or with the reason of `parts.ended` as soon as it is aborted;
 * what was opened by then is closed.
 */
export async function openFirst(config: Config, pairConfig: PairConfig, parts: GatewayParts): Promise<OpenedFirst> {
  const { clock, log, waitsFor = () => undefined, ended } = parts;
  waitsFor('the ledger');
  const ledger = await openLedger(
    {
      ...config.ledger,
      boards: pairConfig.boards,
      firstOwner: firstPrimary(config),
      fields: { ...config.fields, sources: config.sources, outputs: config.outputs },
      ...(parts.storageDelay === undefined ? {} : { delay: parts.storageDelay }),
      ...(parts.workInFlight === undefined ? {} : { inFlight: parts.workInFlight }),
    },
    clock,
  );
  try {
    for (const note of ledger.notes) log.warn(note);
    const rows = await ledger.restore();
    ended?.throwIfAborted();
    waitsFor("the lines of the relay: they may be another board's, which is not there yet");
    const { relay, safety } = await unlessEnded(openAllLines(config, parts, rows), ended, closeLines);
    return {
      ...{ ledger, rows, relay, safety },
      close: async () => {
        await ledger.close();
        closeLines({ relay, safety });
        parts.lines.close();
      },
    };
  } catch (error) {
    parts.lines.close();
    await ledger.close();
    throw error;
  }
}

function closeLines({ relay, safety }: Lines): void {
  relay.close();
  // Not before: with the dead-man drive the relay falls.
  safety.close();
}

/** What comes too late is closed. */
async function unlessEnded<Part>(
  opening: Promise<Part>,
  ended: AbortSignal | undefined,
  close: (part: Part) => void,
): Promise<Part> {
  if (ended === undefined) return opening;
  let isLate = false;
  const aborted = new Promise<never>((_resolve, reject) => {
    ended.addEventListener('abort', () => {
      isLate = true;
      reject(ended.reason);
    });
  });
  const opened = opening.then((part) => {
    if (isLate) close(part);
    return part;
  });
  return await Promise.race([opened, aborted]);
}

/** The relay first: its line shows the lease before anything else is touched (R13). RESET in its place is of the lines beside it. */
async function openAllLines(config: Config, parts: GatewayParts, rows: LedgerRows): Promise<Lines> {
  const relayParts = {
    lines: parts.lines,
    // R13: the first level comes from the lease, before anything else can move the contact. R10: in the middle of a
    // takeover the contact waits for the new primary to catch up, as it would have without the restart.
    first: rows.owner,
    waitsForCommand: rows.unfinishedTakeover !== null && !rows.stopped,
    clock: parts.clock,
  };
  if (config.relay.kind === 'none') {
    const safety = await SafetyLines.open(config, parts);
    return { relay: await openRelayOf(config, relayParts, safety), safety };
  }
  const relay = await openRelayOf(config, relayParts);
  const safety = await SafetyLines.open(config, parts).catch((error: unknown) => {
    relay.close();
    throw error;
  });
  return { relay, safety };
}
