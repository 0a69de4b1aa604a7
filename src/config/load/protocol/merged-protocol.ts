import type {
  LinesProtocol,
  ModbusProtocol,
  RegisterField,
  RegisterRange,
  ResyncConfig,
  TextField,
} from '../../protocol-config.js';
import type { Complain } from '../../schema/explain-issue.js';
import type { SaidProtocol } from '../../schema/protocol/protocol-schema.js';

/** A profile and what the file says instead, in the program's form. What neither says is what nothing is asked for. */

const LINE_FEED = '\n';
const DEADLINE_US = 1_000_000;
const START_QUIET_US = 100_000;
const PROMPT_QUIET_US = 20_000;
const MOST_LINE_BYTES = 120;
const MOST_ANSWER_BYTES = 4096;
const TURNAROUND_US = 100_000;
const ANSWER_WITHIN_US = 400_000;

export function linesProtocol(said: SaidProtocol, complain: Complain): LinesProtocol {
  const { resync } = said;
  return {
    dialect: 'lines',
    profile: said.profile,
    answerEnds: said['answer-ends'] ?? 'done',
    delimiter: said.delimiter ?? LINE_FEED,
    lineEnd: said['line-end'] ?? said.delimiter ?? LINE_FEED,
    done: said.done ?? null,
    error: said.error ?? null,
    notTaken: said['not-taken'] ?? null,
    answer: said.answer ?? null,
    push: said.push ?? null,
    banner: said.banner ?? null,
    keepAlive: said['keep-alive'] ?? null,
    prompt: said.prompt ?? null,
    promptQuietUs: said['prompt-quiet'] ?? PROMPT_QUIET_US,
    startQuietUs: said['start-quiet'] ?? START_QUIET_US,
    ignore: ignoredText(said, complain),
    tolerances: textFields(said, complain),
    identity: identityLines(said, complain),
    probe: probeLine(said, complain),
    mayRepeat: said['may-repeat'] ?? null,
    window: said.window ?? { of: 'lines', most: 1 },
    maxLineBytes: said['max-line'] ?? MOST_LINE_BYTES,
    maxAnswerBytes: said['max-answer'] ?? MOST_ANSWER_BYTES,
    deadlineUs: said.deadline === 'none' ? null : (said.deadline ?? DEADLINE_US),
    resync: resync === undefined ? null : resyncOf(resync),
    settleUs: said.settle ?? 0,
    refusal: said.refusal ?? '',
  };
}

export function modbusProtocol(said: SaidProtocol, complain: Complain): ModbusProtocol {
  return {
    dialect: 'modbus',
    profile: said.profile,
    // none was refused where it was said
    deadlineUs: said.deadline === undefined || said.deadline === 'none' ? DEADLINE_US : said.deadline,
    turnaroundUs: said.turnaround ?? TURNAROUND_US,
    answerWithinUs: said['answer-within'] ?? ANSWER_WITHIN_US,
    upstreamSilenceUs: said['upstream-silence'] ?? null,
    readFrom: said['read-from'] ?? 'both',
    identity: identityCode(said, complain),
    codes: said.codes ?? new Map(),
    clearOnRead: said['clear-on-read'] ?? [],
    pulse: said.pulse ?? [],
    watch: said.watch ?? [],
    written: said.written ?? [],
    restartSign: said['restart-sign'] ?? null,
    joinCopy: said.join?.copy ?? [],
    ignore: ignoredRegisters(said, complain),
    tolerances: registerFields(said, complain),
    probe: probeRange(said, complain),
    settleUs: said.settle ?? 0,
  };
}

function resyncOf({ from, pace, preamble }: NonNullable<SaidProtocol['resync']>): ResyncConfig {
  return { from: from ?? 'none', pace: pace ?? 'full', preamble: preamble ?? [] };
}

function ignoredText({ ignore = [] }: SaidProtocol, complain: Complain): readonly string[] {
  return ignore.flatMap((one) => {
    if (typeof one === 'string') return [one];
    complain(['protocol', 'ignore'], one, "patterns: answers of lines have no registers, such as ['T:[0-9.]+']");
    return [];
  });
}

function ignoredRegisters({ ignore = [] }: SaidProtocol, complain: Complain): readonly RegisterRange[] {
  return ignore.flatMap((one) => {
    if (typeof one !== 'string') return one;
    complain(['protocol', 'ignore'], one, 'registers: answers of slaves are no text, such as [{ input: 3 }]');
    return [];
  });
}

function textFields({ tolerance = [] }: SaidProtocol, complain: Complain): readonly TextField[] {
  return tolerance.flatMap(({ of, field }) => {
    if (of === 'text') return [field];
    complain(['protocol', 'tolerance'], field, 'patterns: answers of lines have no registers');
    return [];
  });
}

function registerFields({ tolerance = [] }: SaidProtocol, complain: Complain): readonly RegisterField[] {
  return tolerance.flatMap(({ of, field }) => {
    if (of === 'register') return [field];
    complain(['protocol', 'tolerance'], field, 'registers: answers of slaves are no text');
    return [];
  });
}

function identityLines({ identity = [] }: SaidProtocol, complain: Complain): readonly string[] {
  if (typeof identity !== 'string') return identity;
  complain(['protocol', 'identity'], identity, "lines that only ask, such as ['VERSION']");
  return [];
}

function identityCode({ identity = 'none' }: SaidProtocol, complain: Complain): ModbusProtocol['identity'] {
  if (typeof identity === 'string') return identity === 'none' ? null : identity;
  complain(
    ['protocol', 'identity'],
    identity,
    'device (function 43/14), server-id (17) or none: slaves answer no lines',
  );
  return null;
}

function probeLine({ probe }: SaidProtocol, complain: Complain): string | null {
  if (probe === undefined || typeof probe === 'string') return probe ?? null;
  complain(['protocol', 'probe'], probe, 'a line that only asks: such boards have no registers');
  return null;
}

function probeRange({ probe }: SaidProtocol, complain: Complain): RegisterRange | null {
  if (probe === undefined) return null;
  if (typeof probe !== 'string') return probe;
  complain(['protocol', 'probe'], probe, 'one address: { holding: 0 }');
  return null;
}
