import { CopycatError } from '../../errors/copycat-error.js';
import type { FieldMap } from '../../faults/stored-fault.js';
import type { InputState } from '../../ledger/reader/input-states.js';
import { type LedgerReader, openLedgerReader } from '../../ledger/reader/reader.js';
import { inputJson } from '../../ledger-view/input-json.js';
import { type FoundLedgers, findLedger, type LedgerChoice } from '../arguments/find-ledger.js';
import { inputNumber } from '../arguments/input-number.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { colours, print, printJson } from '../terminal/terminal.js';
import { inputLines, inputTable } from './input-text.js';

export interface InputsOptions extends LedgerChoice {
  readonly json?: boolean;
  /** Those in this state alone. */
  readonly state?: InputState;
  /** Finished, rejected and dropped ones too. */
  readonly all?: boolean;
  /** Most to list. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 20;
const NO_FIELDS: FieldMap = { input: [], result: [] };

/** copycat inputs list: those that are not finished, unless all are asked for. */
export function listInputs(options: InputsOptions): ExitCode {
  return withReader(options, (reader, { option }) => {
    const limit = options.limit ?? DEFAULT_LIMIT;
    // One more than is shown tells whether there are more.
    const most = { limit: limit + 1 };
    const found =
      options.state !== undefined || options.all === true
        ? reader.readInputs({ state: options.state ?? 'all', ...most })
        : [
            ...reader.readInputs({ state: 'quarantined', ...most }),
            ...reader.readInputs({ state: 'pending', ...most }),
          ];
    const inputs = found.slice(0, limit);
    if (options.json === true) {
      const fields = reader.fields() ?? NO_FIELDS;
      printJson(inputs.map((input) => inputJson(input, fields)));
      return;
    }
    const [first] = inputs;
    if (first === undefined) {
      print(
        options.state !== undefined
          ? `No input is ${options.state === 'pending' ? 'in work' : options.state}.`
          : options.all === true
            ? 'No inputs.'
            : 'Nothing is in work, nothing waits for a decision (others: inputs list --all).',
      );
      return;
    }
    print(inputTable(inputs, reader.fields() ?? NO_FIELDS));
    if (found.length > limit) print(`There are more; --limit ${limit * 5} shows more of them.`);
    const next = inputs.find(({ state }) => state === 'quarantined') ?? first;
    print(`Next: ${commandName()} inputs show ${next.seq}${option}`);
  });
}

/** copycat inputs show SEQ: what is known of one, and what can be done with it. */
export function showInput(text: string, options: InputsOptions): ExitCode {
  const seq = inputNumber(text);
  return withReader(options, (reader, found) => {
    const input = reader.readInput(seq);
    const fields = reader.fields() ?? NO_FIELDS;
    if (options.json === true) {
      printJson(inputJson(input, fields));
      return;
    }
    const names = { copycat: commandName(), option: found.config === null ? '' : found.option, isBench: found.isBench };
    for (const line of inputLines(input, fields, names)) print(/^[A-Z]/.test(line) ? colours.bold(line) : line);
  });
}

function withReader(options: InputsOptions, use: (reader: LedgerReader, found: FoundLedgers) => void): ExitCode {
  const found = findLedger(options);
  const [ledger, another] = found.ledgers.filter(
    ({ scenario }) => found.scenario === null || scenario === found.scenario,
  );
  if (ledger === undefined || another !== undefined) {
    const scenarios = [...new Set(found.ledgers.map(({ scenario }) => scenario ?? ''))];
    throw new CopycatError('USAGE', 'the last bench left a ledger for each of its scenarios', {
      expected: `one of them: --scenario ${scenarios.join(', ')}`,
    });
  }
  const reader = openLedgerReader(ledger.path);
  try {
    use(reader, found);
  } finally {
    reader.close();
  }
  return 0;
}
