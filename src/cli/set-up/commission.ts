import type { CommissionedBoard, CommissionReport } from '../../gateway/commission/commission-report.js';
import { runCommission } from '../../gateway/commission/run-commission.js';
import { findGateway, type GatewayChoice } from '../arguments/reach-gateway.js';
import { refuseBesideGateway, refuseEmulated } from '../arguments/refuse-beside-gateway.js';
import { createAsker } from '../terminal/asker.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { waitingFor } from '../terminal/sign-of-life.js';
import { colours, print, printError, printJson } from '../terminal/terminal.js';

export interface CommissionArguments extends GatewayChoice {
  readonly inputs: number;
  readonly moves: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** copycat commission: tries the whole pair before it is used. 0 when it is ready, 1 when something has to be mended. */
export async function commission(options: CommissionArguments): Promise<ExitCode> {
  const { config, file } = findGateway(options, 'commission');
  refuseEmulated(config, 'commission');
  await refuseBesideGateway(config, file);
  if (options.yes !== true && !(await mayBegin())) {
    printError('copycat: nothing was touched');
    return 1;
  }
  const report = await waitingFor('the boards', (sign) =>
    runCommission(config, {
      roundTrips: options.inputs,
      moves: options.moves,
      tell(what) {
        printError(`copycat: ${what}`);
        sign.say(what);
      },
    }),
  );
  if (options.json === true) printJson(report);
  else print(commissionText(report, file));
  return report.toMend.length === 0 ? 0 : 1;
}

async function mayBegin(): Promise<boolean> {
  printError('This restarts both boards and switches the actuator to and fro. Make sure that it can do no harm.');
  const asker = createAsker();
  try {
    return /^y(es)?$/i.test(await asker.ask('Go on (yes, no)', 'no'));
  } finally {
    asker.close();
  }
}

const ms = (us: number): string => `${(us / 1000).toFixed(1)} ms`;

function commissionText(report: CommissionReport, file: string): string {
  const { deadline, swap, toMend } = report;
  const proved = report.relay.filter(({ outcome }) => outcome === 'proved');
  const slowest = Math.max(0, ...proved.map(({ afterUs }) => afterUs));
  const lines = [
    ...report.boards.flatMap(boardLines),
    '',
    report.relay.length === 0
      ? '  relay     none that was tried'
      : `  relay     ${report.relay.length} moves, ${proved.length} proved by the feedback line${proved.length === 0 ? '' : `, the slowest after ${ms(slowest)}`}`,
    ...report.resets.map(
      ({ board, fellSilent, restarted }) =>
        `  RESET ${board}   ${fellSilent && restarted ? 'holds it, and lets it begin anew' : 'does not work as it should'}`,
    ),
    ...(swap === null
      ? []
      : [`  swap      ${swap.done ? `${swap.why}, with the cold start in ${ms(swap.tookUs)}` : swap.why}`]),
    `  deadline  ${deadline.configuredMs} ms is configured; proposed from the slowest of these inputs: ${deadline.proposedMs} ms`,
  ];
  const verdict =
    toMend.length === 0
      ? [colours.green('The pair is ready.'), `Next: ${commandName()} run -c ${file}`]
      : [colours.red(`${toMend.length} to mend:`), ...toMend.map((text) => `  ${text}`)];
  const left = report.notTried.length === 0 ? [] : ['', 'Not tried:', ...report.notTried.map((text) => `  ${text}`)];
  return [`${file}, commissioned ${report.at}`, '', ...lines, ...left, '', ...verdict].join('\n');
}

function boardLines({ board, answers, hello, roundTrips }: CommissionedBoard): readonly string[] {
  if (hello === null)
    return [
      `  board ${board}   ${answers === 'no' ? 'does not answer' : 'is connected; its protocol cannot say more'}`,
    ];
  const image = hello.imageHash?.toString(16).padStart(8, '0') ?? '(it cannot tell)';
  const unit = hello.unit === 0 ? 'cannot tell which board it is' : `is board number ${hello.unit.toString(16)}`;
  const who = `  board ${board}   runs image ${image} and ${unit}`;
  if (roundTrips === null) return [who];
  const { count, typicalUs, mostUs, worstUs, histogram } = roundTrips;
  return [
    who,
    `            ${count} inputs: typically ${ms(typicalUs)}, all but one in a hundred within ${ms(mostUs)}, the slowest ${ms(worstUs)}`,
    ...bars(histogram).map((line) => `            ${line}`),
  ];
}

const BAR = 40;

/** One line for each millisecond that an input took. */
function bars(histogram: readonly number[]): readonly string[] {
  const most = Math.max(1, ...histogram);
  return histogram.flatMap((count, bucket) => {
    if (count === 0) return [];
    const label = `${String(bucket).padStart(3)} to ${String(bucket + 1).padStart(2)} ms`;
    return [`${label}  ${'#'.repeat(Math.max(1, Math.round((count / most) * BAR)))} ${count}`];
  });
}
