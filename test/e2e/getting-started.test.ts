import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NewcomerMachine } from './newcomer-machine.js';
import { missingIn } from './printed-page.js';

/**
 * docs/getting-started.md, typed as it stands there: every command of its `console` blocks in order, and what each is said
 * to print. Numbers may differ, or be missing (`–`), `…` stands for anything, and a plug is pulled where the page says so.
 */

/** The second way is getting-started-slaves.test.ts's. */
const [PAGE = ''] = readFileSync('docs/getting-started.md', 'utf8').split('## The second way');
/** What a person does between two commands, as the page has it in comments. */
const GATEWAY_SAYS = '<!-- the gateway says -->';
const DEED = /^<!-- (board a: unplugged|board a: plugged|the gateway: ended) -->$/;
const PATIENCE_MS = 30_000;
/** Several things are done to this machine at once: a board of it is not silent after 50 ms. */
const DEADLINE = '2s';

interface Step {
  readonly deed: string | null;
  readonly command: string;
  readonly printed: readonly string[];
}

function stepsOf(page: string): readonly Step[] {
  const steps: { deed: string | null; command: string; printed: string[] }[] = [];
  let isConsole = false;
  for (const line of page.split('\n')) {
    const deed = DEED.exec(line)?.[1];
    if (deed !== undefined) steps.push({ deed, command: '', printed: [] });
    else if (line === GATEWAY_SAYS) steps.push({ deed: null, command: GATEWAY_SAYS, printed: [] });
    else if (line.startsWith('```')) isConsole = line === '```console';
    else if (isConsole && line.startsWith('$ ')) steps.push({ deed: null, command: line.slice(2), printed: [] });
    else if (isConsole) steps.at(-1)?.printed.push(line);
  }
  return steps;
}

function answersTo(command: string): string {
  if (command === 'copycat init') return `oven${'\n'.repeat(20)}`;
  return command.includes('commission') || command.includes('--hardware') ? 'yes\n' : '';
}

describe('docs/getting-started.md', () => {
  const steps = stepsOf(PAGE);
  const machine = new NewcomerMachine();
  beforeAll(async () => await machine.setUp());
  afterAll(() => machine.dispose());

  /** The page's number of a fault is not this run's. */
  async function withThisRunsFault(command: string): Promise<string> {
    if (!command.startsWith('copycat faults show')) return command;
    const { text } = await machine.run(['faults'], '');
    return `copycat faults show ${/(\d+) +\S+ \S+ +a +\S+ +the link to board a was lost/.exec(text)?.[1]}`;
  }

  /** Again and again, as a person looks again: a board needs its time to be noticed, and to join. */
  async function type({ command, printed }: Step): Promise<void> {
    const untilMs = Date.now() + PATIENCE_MS;
    const looks = /^copycat (status|faults)/.test(command);
    for (;;) {
      const [, ...words] = (await withThisRunsFault(command)).split(' ');
      const missing = missingIn((await machine.run(words, answersTo(command))).text, printed);
      if (missing === null) return;
      if (!looks || Date.now() > untilMs) expect.fail(`${command}\n${missing}`);
      await pass(200);
    }
  }

  /** In the terminal in which it runs. */
  async function startGateway({ command, printed }: Step): Promise<void> {
    machine.startGateway(command.split(' ').slice(1));
    await gatewaySays(printed);
  }

  async function gatewaySays(printed: readonly string[]): Promise<void> {
    const untilMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const missing = missingIn(machine.gatewaySaid, printed);
      if (missing === null) return;
      if (Date.now() > untilMs) expect.fail(missing);
      await pass(100);
    }
  }

  it('has the steps that make it worth following', () => {
    expect(steps.filter(({ deed }) => deed !== null)).toHaveLength(3);
    expect(steps.length).toBeGreaterThan(15);
  });

  for (const [index, step] of steps.entries()) {
    it.sequential(`step ${index + 1}: ${step.deed ?? step.command}`, async () => {
      if (step.deed === 'board a: unplugged') await machine.unplug('a');
      else if (step.deed === 'board a: plugged') await machine.plug('a');
      else if (step.deed !== null) expect(await machine.endGateway()).toBe(0);
      else if (step.command === 'copycat run') await startGateway(step);
      else if (step.command === GATEWAY_SAYS) await gatewaySays(step.printed);
      else await type(step);
      if (step.command !== 'copycat init') return;
      const file = join(machine.folder, 'copycat.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('deadline: 50ms', `deadline: ${DEADLINE}\nprobe: 100ms`));
    });
  }
});
