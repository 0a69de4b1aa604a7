import { type Budget, budgetOf, type Leg } from '../../config/budget/budget.js';
import { checkConfig } from '../../config/checks/check-config.js';
import { loadConfig } from '../../config/load/load-config.js';
import { wrap } from '../../faults/wrap-text.js';
import { findConfigFile, type GatewayChoice } from '../arguments/reach-gateway.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { colours, print, printJson, textWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

/** copycat budget [FILE]: where the time of one input goes, and what follows. 2 when the deadline is below what the link needs. */
export function budget(options: GatewayChoice & { readonly json?: boolean }): ExitCode {
  const file = findConfigFile(options, 'budget');
  const config = loadConfig(file);
  const found = budgetOf(config);
  const isRefused = checkConfig(config).some(
    ({ severity, key }) => severity === 'error' && (key === 'deadline' || key === 'protocol.deadline'),
  );
  if (options.json === true) printJson({ ...found, refused: isRefused });
  else print(budgetText(file, found, isRefused));
  return isRefused ? 2 : 0;
}

/** What a master sees of it. */
function answeredRow({ answeredInTakeover: span }: Budget): (readonly [string, string])[] {
  if (span === undefined) return [];
  return [
    [
      '',
      `its answer comes after ${ms(span.typicalUs)} ms then, from the other board (at most ${ms(span.worstUs)}): a master has to wait so long`,
    ],
  ];
}

function howSure({ answeredInTakeover }: Budget): string {
  if (answeredInTakeover === undefined) return 'These are calculated. copycat commission measures them on your boards.';
  return 'These are calculated. What such a board takes by itself its maker says, or a master that measures: 2 to 300 ms.';
}

const ms = (us: number): string => (us / 1000).toFixed(us < 9_950 ? 1 : 0);

function budgetText(file: string, found: Budget, isRefused: boolean): string {
  const rowOf = ({ name, typicalUs, worstUs, counts }: Leg): string[] => [
    name,
    ms(typicalUs),
    ms(worstUs),
    counts ? '' : 'not counted by the deadline',
  ];
  const total = (name: string, { typicalUs, worstUs }: Budget['done']): string[] => [
    colours.bold(name),
    colours.bold(ms(typicalUs)),
    colours.bold(ms(worstUs)),
    '',
  ];
  const table = textTable(
    [
      ['one input, in milliseconds', 'typical', 'worst', ''],
      ...found.toPin.map(rowOf),
      total('the pin has moved after', found.pinMoves),
      ...found.toDone.map(rowOf),
      total('done after', found.done),
    ],
    [1, 2],
  );
  const deadline = `${ms(found.deadlineUs)} ms`;
  const floor = `${ms(found.deadlineFloorUs)} ms`;
  const rows: readonly (readonly [string, string])[] = [
    [
      'deadline',
      isRefused
        ? `${colours.red(`${deadline} is refused`)}: a sound board on this link may need ${floor}; twice that leaves room`
        : `${deadline}; the least that is accepted is ${floor}`,
    ],
    ['rate', `${Math.floor(found.surelyHz)} inputs a second surely, about ${Math.floor(found.usuallyHz)} usually`],
    [
      'takeover',
      `${ms(found.takeoverWhenGone.typicalUs)} ms after the primary is known to be gone (at most ${ms(found.takeoverWhenGone.worstUs)})`,
    ],
    [
      '',
      `${ms(found.takeoverWhenSilent.typicalUs)} ms after the input that it does not answer (at most ${ms(found.takeoverWhenSilent.worstUs)})`,
    ],
    ...answeredRow(found),
  ];
  return [
    `${file}: board ${found.board} on ${found.link}`,
    '',
    table,
    '',
    ...rows.flatMap(([name, text]) =>
      wrap(text, textWidth() - 12).map((line, row) => `  ${(row === 0 ? name : '').padEnd(10)}${line}`),
    ),
    '',
    ...wrap(howSure(found), textWidth()),
  ].join('\n');
}
