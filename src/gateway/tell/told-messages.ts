import type { Config } from '../../config/config.js';
import { instanceName } from '../../config/instance-name.js';
import type { Status } from '../../control/contract/status.js';
import type { Change, Heartbeat, Standing, ToldChange, ToldFault } from '../../control/contract/told.js';
import { CONTRACT_VERSION } from '../../control/contract/version.js';
import { faultViewOf } from '../../control/fault-json.js';
import type { CommandNames } from '../../faults/remedy.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import { tellFault, titleOf } from '../../faults/story.js';
import type { ToldAbout } from './untold-change.js';

type Named = Pick<Config, 'name' | 'fields' | 'sources'>;

/** Commands in the story are for the folder of the configuration. */
const namesFor = (pair: string): CommandNames => ({
  ...{ copycat: 'copycat', ledgerOption: '', gatewayOption: '' },
  service: `copycat@${instanceName(pair)}`,
});

export function toldFault(config: Named, fault: StoredFault, attempt: number, leftOut: number): ToldFault {
  const fields = { input: config.fields.input, result: config.fields.result, sources: config.sources };
  const more = leftOut === 0 ? [] : ['', `${leftOut} more faults were not told: copycat faults list has them.`];
  return {
    ...{ version: CONTRACT_VERSION, kind: 'fault', pair: config.name, test: false },
    title: `${config.name}: ${titleOf(fault)}`,
    text: [...tellFault(fault, fields, namesFor(config.name)), ...more].join('\n'),
    ...{ attempt, leftOut, fault: faultViewOf(fault, fields) },
  };
}

const CHANGED: Readonly<Record<Change, string>> = {
  protection: 'whether it is protected',
  primary: 'which board drives',
  stopped: 'whether it is stopped',
};

export function toldChange(pair: string, about: ToldAbout, status: Status): ToldChange {
  const { changes, before, after, attempt } = about;
  return {
    ...{ version: CONTRACT_VERSION, kind: 'change', pair, test: false },
    title: `${pair}: ${standingText(after)}`,
    text: [
      `${pair}: ${standingText(after)}`,
      `Changed: ${changes.map((change) => CHANGED[change]).join(', ')}.`,
      `Told last: ${standingText(before)}.`,
      `Now: ${status.why}.`,
      ...(status.next === null ? [] : [`To do: ${status.next.text}`]),
      ...(status.next?.commands ?? []).map((command) => `  copycat ${command}`),
    ].join('\n'),
    ...{ attempt, changes, before, after, status },
  };
}

export function heartbeat(pair: string, now: Standing, why: string): Heartbeat {
  const title = `${pair}: ${standingText(now)}`;
  return {
    ...{ version: CONTRACT_VERSION, kind: 'heartbeat', pair, test: false },
    ...{ title, text: `${title}\n${why}`, now, why },
  };
}

/** `PROTECTED, board a drives`. */
function standingText({ protected: isProtected, primary, stopped }: Standing): string {
  if (stopped) return 'STOPPED, no input is taken';
  return `${isProtected ? 'PROTECTED' : 'NOT PROTECTED'}, board ${primary} drives`;
}
