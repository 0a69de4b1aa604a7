import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkConfig } from '../../config/checks/check-config.js';
import { thisMachine } from '../../doctor/machine/this-machine.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { wrap } from '../../faults/wrap-text.js';
import { applyPlan, stepText } from '../../service/apply-plan.js';
import { thisMachineWriter } from '../../service/machine-writer.js';
import { planInstall } from '../../service/plan-install.js';
import { planUninstall } from '../../service/plan-uninstall.js';
import type { ServicePlan } from '../../service/service-plan.js';
import { type FoundGateway, findGateway } from '../arguments/reach-gateway.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { colours, print, printError, textWidth } from '../terminal/terminal.js';

export interface ServiceOptions {
  readonly config?: string;
  readonly user?: string;
  readonly dryRun?: boolean;
}

/** copycat service install: a unit of systemd, rules of udev, started and enabled. */
export async function installService(options: ServiceOptions): Promise<ExitCode> {
  const found = findGateway(options, 'service install');
  const plan = await installPlan(found, options);
  return options.dryRun === true ? show(plan) : carry(plan, 'install', found);
}

/** copycat service print: the files that it would write. */
export async function printService(options: ServiceOptions): Promise<ExitCode> {
  const plan = await installPlan(findGateway(options, 'service print'), options);
  for (const step of plan.steps) {
    if (step.type === 'write') print(`${colours.bold(`==> ${step.path}`)}\n${step.text}`);
  }
  // What is printed may be written to a file.
  for (const text of plan.notes) printError(`note: ${text}`);
  return 0;
}

/** copycat service uninstall: takes away what install wrote. */
export async function uninstallService(options: ServiceOptions): Promise<ExitCode> {
  const found = findGateway(options, 'service uninstall');
  const plan = planUninstall(await thisMachine(), found.config);
  return options.dryRun === true ? show(plan) : carry(plan, 'uninstall', found);
}

async function installPlan({ config, file }: FoundGateway, { user }: ServiceOptions): Promise<ServicePlan> {
  const errors = checkConfig(config).filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    throw new CopycatError('CONFIG_INVALID', `${file}: ${first.key}: ${first.message}; ${first.remedy}`);
  }
  const machine = await thisMachine();
  // Whoever called sudo owns the configuration and the ledger beside it.
  const name = user ?? process.env['SUDO_USER'] ?? machine.user.name;
  if (user === undefined && name === 'root') {
    throw new CopycatError('USAGE', 'whom is the service to run as? It was root who asked, and nobody said --user', {
      expected: '--user NAME, the user whom configuration and ledger belong to; --user root, if it has to be root',
    });
  }
  return planInstall(machine, config, {
    configFile: resolve(file),
    user: name,
    program: [process.execPath, fileURLToPath(new URL('../main.js', import.meta.url))],
  });
}

/** A dry run: what would be done, in order, and every file in whole. */
function show(plan: ServicePlan): ExitCode {
  print('This is what it would do, as root, in this order:');
  for (const step of plan.steps) {
    print(`\n${colours.bold(stepText(step))}`);
    if (step.type === 'write') print(step.text.replace(/^(?=.)/gm, '    ').trimEnd());
  }
  tellNotes(plan);
  return 0;
}

function carry(plan: ServicePlan, name: string, { option }: FoundGateway): ExitCode {
  if (process.getuid?.() !== 0) {
    throw new CopycatError(
      'USAGE',
      `copycat service ${name} changes files of the system, and needs root: sudo env "PATH=$PATH" copycat service ${name}${option} (with --dry-run it shows what it would do)`,
    );
  }
  applyPlan(plan, thisMachineWriter, print);
  tellNotes(plan);
  return 0;
}

function tellNotes({ notes }: ServicePlan): void {
  for (const text of notes) print(`\n${wrap(`note: ${text}`, textWidth() - 6).join('\n      ')}`);
}
