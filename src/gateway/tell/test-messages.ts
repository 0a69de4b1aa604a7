import type { Config } from '../../config/config.js';
import type { Status } from '../../control/contract/status.js';
import type { Told } from '../../control/contract/told.js';
import type { CommandRunner } from '../../notify/command-runner.js';
import { tellOnce } from './teller.js';
import { heartbeat, toldChange, toldFault } from './told-messages.js';

/** A person waits for it, and a running gateway answers a command within 15 s. */
const TEST_TIMEOUT_MS = 10_000;

/** What became of one command of the configuration. */
export interface TestedCommand {
  readonly name: string;
  readonly ok: boolean;
  /** Empty when all went well. */
  readonly why: string;
}

/** Calls each command of the configuration once, side by side, with a message of its kind that says that it is a test. */
export function testCommands(
  config: Config,
  status: Status,
  wallTime: string,
  runner: Pick<CommandRunner, 'run'>,
): Promise<readonly TestedCommand[]> {
  return Promise.all(
    testMessages(config, status, wallTime).map(async ({ name, command, message }) => ({
      name,
      ...(await tellOnce(runner, name, command, message, TEST_TIMEOUT_MS)),
    })),
  );
}

interface TestMessage {
  readonly name: string;
  readonly command: readonly string[];
  readonly message: Told;
}

function testMessages(config: Config, status: Status, wallTime: string): readonly TestMessage[] {
  const { onFault, onChange, heartbeat: beat } = config.notify;
  const now = { protected: status.protected, primary: status.primary, stopped: status.phase === 'stopped' };
  const about = { changes: ['protection'] as const, before: now, after: now, attempt: 1 };
  return [
    ...(onFault === null ? [] : [of('on-fault', onFault, toldFault(config, madeUp(config, wallTime), 1, 0))]),
    ...(onChange === null ? [] : [of('on-change', onChange, toldChange(config.name, about, status))]),
    ...(beat === null ? [] : [of('heartbeat', beat.command, heartbeat(config.name, now, status.why))]),
  ];
}

function of(name: string, command: readonly string[], message: Told): TestMessage {
  const test = 'TEST, nothing has happened';
  const marked = { test: true, title: `${test}: ${message.title}`, text: `${test}.\n\n${message.text}` };
  return { name, command, message: { ...message, ...marked } };
}

/** A primary that fell silent, as the ledger would have it; number 0 is nobody's. */
function madeUp({ boards }: Config, wallTime: string): Parameters<typeof toldFault>[1] {
  const [{ board }, other] = boards;
  const at = (step: string, ms: number, detail = {}) => ({ step, atUs: ms * 1000, detail });
  return {
    ...{ id: 0, code: 'silent', board, seq: null, atUs: 0, wallTime, wallTimeTrusted: true, bootId: '' },
    evidence: {},
    timeline: [
      at('evidence', 0),
      at('declared-failed', 0),
      at('fenced', 2),
      at('relay-commanded', 2, { to: other.board }),
      at('relay-moved', 12, { proved: true }),
      at('took-over', 40, { primary: other.board }),
    ],
    ...{ input: null, closedAt: null, repeats: 0 },
  };
}
