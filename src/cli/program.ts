import { Command } from 'commander';
import { wrap } from '../faults/wrap-text.js';
import { wholeNumber } from './arguments/whole-number.js';
import { addBackup } from './backup/program-backup.js';
import type { BenchArguments } from './bench/bench-arguments.js';
import type { HardwareArguments } from './bench/bench-hardware.js';
import { inputsArgument, inputsSaid, refusePlot } from './bench/inputs-argument.js';
import { addConsole, addToken } from './console/program-console.js';
import { addFaults } from './faults/program-faults.js';
import { addHands } from './hands/program-hands.js';
import { completeCommands } from './help/complete-commands.js';
import { takeConfiguration } from './help/configuration-argument.js';
import { showHelp } from './help/help.js';
import { addInputs } from './inputs/program-inputs.js';
import { addLedger } from './ledger/program-ledger.js';
import { addMachine } from './machine/program-machine.js';
import { addPorts } from './machine/program-ports.js';
import type { CommandOptions } from './pair/command.js';
import type { FlashOptions } from './pair/flash.js';
import type { LogOptions } from './pair/log.js';
import type { RunOptions } from './pair/run.js';
import { addReport } from './report/program-report.js';
import { addSetUp } from './set-up/program-set-up.js';
import { addSketch } from './sketch/program-sketch.js';
import type { StatusOptions } from './status/status.js';
import type { ExitCode } from './terminal/report-failure.js';
import { textWidth } from './terminal/terminal.js';
import { useUtc } from './terminal/time-text.js';

/** As they are typed: what `--inputs` says depends on whether images are compared. */
type BenchOptions = Omit<BenchArguments, 'inputs'> &
  Omit<HardwareArguments, 'inputs'> & { readonly inputs?: number | string };

const PROGRAM_HELP = [
  'Begin with: copycat bench',
  'Every command takes the configuration as its last argument or with -c, and finds ./copycat.yaml by itself.',
  'Exit code: 0 it is so; 1 a promise was not held, the pair is not protected, or a command was not carried out; 2 wrong usage or configuration. copycat help COMMAND says which.',
];

/**
 * All commands and their arguments. `finish` hears the exit code of the one that ran. A command is loaded only when it is
 * asked for: serial ports, SQLite and emulators are no business of `check`.
 */
export function buildProgram(version: string, finish: (code: ExitCode) => void): Command {
  const program = new Command('copycat')
    .description('Makes a pair of ordinary microcontroller boards fault tolerant.')
    .version(version, '-v, --version', 'print the version, its commit, Node and the platform')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'copycat: ')),
      getOutHelpWidth: () => textWidth(),
      getErrHelpWidth: () => textWidth(process.stderr),
    })
    .addHelpText('after', () => PROGRAM_HELP.flatMap((text) => ['', ...wrap(text, textWidth())]).join('\n'));

  // Settings are copied into a subcommand when it is made, so each is made from the one above it.
  const command = (name: string, description: string): Command => program.command(name).description(description);

  program.commandsGroup('Try it, without any board:');
  command('bench', 'lose boards on purpose: the gateway on emulated boards, judged at the actuator')
    .argument('[scenario...]', 'scenarios to run; all of them when none is named')
    .option('--list', 'list the scenarios and what each promises')
    .option(
      '--inputs <n>',
      'inputs for each scenario (default: 300); --against: ledger, or a file of recorded ones',
      inputsArgument,
    )
    .option('--seed <n>', 'seed of everything that is left to chance', wholeNumber(0, 2 ** 32 - 1), 1)
    .option(
      '--world <file>',
      '--firmware, -c: what drives the pins and says the inputs (default: ./world.yaml, where it is)',
    )
    .option('--init-world', 'write a world file with comments, to be changed')
    .option('--link <model>', 'how the boards are connected: uno-16u2, ftdi-16, ftdi-1, ch340, cdc or wire', 'uno-16u2')
    .option('--board <kind>', 'what the boards are: uno or mega2560')
    .option(
      '--firmware <file>',
      'play an image of your own (Intel HEX) instead of the heater, or a sketch: its folder, or an example (Tank)',
    )
    .option(
      '--against <file>',
      'play recorded inputs to this older image and to that of --firmware, and list what differs',
    )
    .option('--needs-both', 'with commits that need both boards (commit: { needs: both })')
    .option('--real-time', 'at the pace of the clock on the wall, through pseudo-terminals, one scenario after another')
    .option('--plot <file>', 'write one HTML page: what every run looked like over time')
    .option('--json', 'print one JSON array and nothing else')
    .option('--keep <dir>', 'keep ledgers, configurations and logs there (default: .copycat/bench)')
    .option(
      '--hardware',
      'lose the boards of a real pair (-c FILE), by their ports and RESET lines; its actuator must be disconnected',
    )
    .option(
      '-c, --config <file>',
      'play the image of this pair, as it is configured; --hardware: the pair itself (default: ./copycat.yaml)',
    )
    .option('--payload <hex>', '--hardware: what every input says', '')
    .option('--every <ms>', '--hardware: time between two inputs', wholeNumber(1, 60_000), 50)
    .option('--yes', '--hardware: do not ask whether the actuator is disconnected')
    .action(async (names: readonly string[], said: BenchOptions) => {
      const options = { ...said, ...inputsSaid(said.inputs, said.against !== undefined) };
      if (options.against !== undefined) {
        const { benchAgainst } = await import('./bench/bench-against.js');
        return finish(benchAgainst(names, options, options.against));
      }
      if (options.hardware === true) {
        const { benchHardware } = await import('./bench/bench-hardware.js');
        refusePlot(options.plot);
        return finish(await benchHardware(names, options));
      }
      const { bench } = await import('./bench/bench.js');
      finish(await bench(names, options, version));
    });

  addSketch(command, finish, async (words) => {
    await buildProgram(version, finish).parseAsync([...words], { from: 'user' });
  });
  addHands(
    command('try', 'halt, unplug, disturb a running emulated pair by hand, and see what it does about it'),
    finish,
  );

  program.commandsGroup('Set up a pair:');
  addSetUp(command, finish);

  program.commandsGroup('Run a pair:');
  command('run', 'run the gateway for one pair of boards')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--verbose', 'in a terminal: every line of the log, with all it has')
    .option('--demo', 'a pair on emulated boards, without a configuration, and keys that do something to it')
    .action(async (options: RunOptions & { readonly demo?: boolean }) => {
      if (options.demo === true) {
        const { demo } = await import('./hands/demo.js');
        return finish(await demo(options));
      }
      const { run } = await import('./pair/run.js');
      finish(await run(options, version));
    });

  command('status', 'say whether the pair is protected (exit code 0) or not (1)')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--watch', 'go on saying so until Ctrl-C')
    .option('--verbose', 'counters, sessions, clients and the ledger too')
    .option('--json', 'print JSON; with --watch one object a line')
    .action(async (options: StatusOptions) => {
      const { status } = await import('./status/status.js');
      finish(await status(options));
    });

  command('watch', 'the pair as it goes: protection, who drives, values of both boards, until Ctrl-C')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .action(async (options: StatusOptions) => {
      const { watch } = await import('./watch/watch.js');
      finish(await watch(options));
    });

  command('log', 'what the boards said for people (cc_log), as the running gateway has kept it')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--board <name>', 'only this board')
    .option('--follow', 'go on with what comes, until Ctrl-C')
    .option('--json', 'print one JSON object a line')
    .action(async (options: LogOptions) => {
      const { log } = await import('./pair/log.js');
      finish(await log(options));
    });

  addConsole(
    command('console', 'serve all pairs of this machine to a browser, and to programs (docs/console.md)'),
    finish,
  );
  addToken(command('token', 'tokens for whoever comes to the console over a network (token add)'), finish);

  program.commandsGroup('Tell the running gateway what to do:');
  const order = (name: string, description: string): Command =>
    command(name, description)
      .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
      .option('--json', 'print JSON');

  order('switch', 'make the other board the primary; nothing is lost').action(async (options: CommandOptions) => {
    const { switchOver } = await import('./pair/command.js');
    finish(await switchOver(options));
  });

  const relay = command('relay', 'prove that the relay would hand the actuator over (relay test)').helpCommand(false);
  relay
    .command('test')
    .description('swap duty and back, read back from the feedback line; nothing is lost (exit code 0: proved)')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--stay', 'swap only, without the way back')
    .option('--json', 'print JSON')
    .action(async (options: CommandOptions & { readonly stay?: boolean }) => {
      const { relayTest } = await import('./pair/command.js');
      finish(await relayTest(options));
    });

  order('rejoin', 'let a board that is kept out join the pair again, or have one that is out tried at once')
    .argument('<board>', 'its name')
    .action(async (board: string, options: CommandOptions) => {
      const { rejoin } = await import('./pair/command.js');
      finish(await rejoin(board, options));
    });

  const notify = command('notify', 'whether somebody is told what happens (notify test)').helpCommand(false);
  notify
    .command('test')
    .description('call each command of on-fault, on-change and heartbeat once (exit code 0: all ended well)')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--json', 'print JSON')
    .action(async (options: CommandOptions) => {
      const { notifyTest } = await import('./pair/notify.js');
      finish(await notifyTest(options));
    });

  order('resume', 'let a stopped pair go on').action(async (options: CommandOptions) => {
    const { resume } = await import('./pair/command.js');
    finish(await resume(options));
  });

  order('flash', 'give boards their program: both, one after the other, or one that does not drive the actuator')
    .argument('[board]', "a board's name, or both")
    .argument('[image]', 'as --image')
    .option('--image <file>', 'the program, an Intel HEX file (default: firmware of the configuration, or of the kind)')
    .option('--force', 'also the board that drives: the other one takes over first; without a gateway its pins float')
    .option('--rolling <image>', 'the same as both --image')
    .option('--comparisons <n>', 'inputs that old and new are compared on', wholeNumber(1, 1_000_000), 100)
    .option('--accept-identical', 'go on unasked when old and new agreed in everything')
    .option(
      '--converter <command>',
      'reads the old state and writes the new one, for an image with another layout of it',
    )
    .option('--yes', 'go on unasked whatever differed')
    .option('--abandon', 'give up an update that is under way; its board is kept out until it is flashed again')
    .action(async (board: string | undefined, image: string | undefined, options: FlashOptions) => {
      const { flash } = await import('./pair/flash.js');
      finish(await flash(board, image, options));
    });

  program.commandsGroup('See what happened:');
  addFaults(command('faults', 'what failed, how it was noticed, what was done, what to do now'), finish);

  addInputs(
    command('inputs', 'what came in, what became of it; what to do with one that two boards failed on'),
    finish,
  );

  addReport(
    command('report', 'a shift or a month for the record: protection, takeovers, proof tests, who did what, what ran'),
    finish,
  );

  addLedger(
    command('ledger', 'whether the files of the ledger are sound, and keep every rule that they can prove'),
    finish,
  );

  program.commandsGroup('Look after the machine:');
  addPorts(command, finish);
  addBackup(command, version, finish);
  addMachine(command, finish);

  program.commandsGroup('Help:');
  command('help', 'what --help of a command says')
    .argument('[command...]', 'the command: faults show')
    .action((words: readonly string[]) => {
      showHelp(program, words);
      finish(0);
    });

  completeCommands(program);
  program.hook('preAction', (_, called) => {
    takeConfiguration(called);
    if (called.getOptionValue('utc') === true) useUtc();
  });
  return program;
}
