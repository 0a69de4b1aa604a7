import type { Config } from '../config.js';
import { formatDuration } from '../schema/duration.js';
import { checkConsole } from './check-console.js';
import { checkEmulated } from './check-emulated.js';
import { checkFirmata } from './check-firmata.js';
import { checkInputs } from './check-inputs.js';
import { checkBoard, checkDeadline, checkTicks } from './check-links.js';
import { checkProofTests } from './check-proof-tests.js';
import { checkThirdCopy } from './check-third-copy.js';
import { type Finding, inWeight } from './finding.js';
import { type MachineFacts, thisMachine } from './machine-facts.js';
import { checkNotKnown } from './not-known.js';
import { checkGreeting } from './unmodified/check-greeting.js';
import { checkProtocol } from './unmodified/check-protocol.js';

export type { Finding } from './finding.js';

/** The words that status, check and the ledger share (R13). */
export const NOT_PROTECTED_AGAINST_POWER_LOSS = 'NOT PROTECTED AGAINST GATEWAY POWER LOSS';

/** What is valid and still not right, or not what somebody may expect: gravest first. */
export function checkConfig(config: Config, machine: MachineFacts = thisMachine): readonly Finding[] {
  const findings = [
    ...checkEmulated(config),
    ...checkRelay(config),
    ...checkProofTests(config),
    ...checkFirmata(config),
    ...config.boards.flatMap((board) => checkBoard(board, config.protocol, machine)),
    ...(config.protocol.dialect === 'harness' ? [...checkDeadline(config), ...checkTicks(config)] : []),
    ...checkProtocol(config),
    ...checkGreeting(config),
    ...checkInputs(config),
    ...checkConsole(config),
    ...checkLedger(config, machine),
    ...checkThirdCopy(config, machine),
    ...checkPolicy(config),
    ...checkNotKnown(config),
  ];
  return inWeight(findings);
}

/** True when something that needs no gateway power keeps a locked-out board off the actuator (R13). */
export function holdsOffWithoutPower(config: Config): boolean {
  const { relay } = config;
  return relay.atRest === null || relay.kind === 'latching' || relay.holdOff !== 'none';
}

function checkRelay(config: Config): Finding[] {
  const { relay } = config;
  if (relay.kind === 'none') return checkNoRelay(config);
  // What a relay on lines may lack, one in the gateway has.
  if (relay.kind === 'emulated') return [];
  const findings: Finding[] = [];
  if (!holdsOffWithoutPower(config)) {
    findings.push({
      severity: 'warning',
      key: 'relay.hold-off',
      message:
        `${NOT_PROTECTED_AGAINST_POWER_LOSS}: without power the relay falls back to ${relay.atRest}, ` +
        `also when ${relay.atRest} is the board that was locked out`,
      remedy:
        'use a latching relay (kind: latching), or wire a latched RESET or a series relay that holds the board off and say so (hold-off: latched-reset, hold-off: series-relay), or let the relay rest on neither board (at-rest: none)',
    });
  }
  if (relay.atRest === null && relay.kind === 'changeover') {
    findings.push({
      severity: 'note',
      key: 'relay.at-rest',
      message: 'without power the actuator is connected to neither board',
      remedy: 'make sure that the actuator is safe when nothing drives it',
    });
  }
  if (relay.kind === 'two-relays' && relay.atRest !== null) {
    findings.push({
      severity: 'error',
      key: 'relay.at-rest',
      message: `two relays without power are both open: nothing connects ${relay.atRest}`,
      remedy: 'say at-rest: none, and make sure that the actuator is safe when nothing drives it',
    });
  }
  if (relay.feedbacks.length === 0) {
    findings.push({
      severity: 'warning',
      key: 'relay.feedback',
      message: 'a move of the relay is not proved: a stuck contact is not noticed',
      remedy: 'wire a second contact of the relay to a line and name it: feedback: GPIO27',
    });
  }
  if (relay.settleUs < relay.operateUs) {
    findings.push({
      severity: 'error',
      key: 'relay.settle',
      message: `settle (${formatDuration(relay.settleUs)}) is shorter than operate (${formatDuration(relay.operateUs)})`,
      remedy: 'settle counts from the command too: make it the operate time plus the bounce time of the data sheet',
    });
  }
  return findings;
}

/** R13: what stands for the relay, and what it cannot do. */
function checkNoRelay({ switchesNothing }: Config): Finding[] {
  if (switchesNothing) {
    return [
      {
        severity: 'note',
        key: 'outputs',
        message: 'no actuator is switched: the boards only measure and answer, and a takeover moves nothing',
        remedy: 'where an output of the boards drives something after all, name a relay and leave outputs: none out',
      },
    ];
  }
  return [
    {
      severity: 'note',
      key: 'relay',
      message:
        'there is no relay: a board that is out of the pair is held in RESET, and the outputs of both are at the actuator all the time',
      remedy:
        'join the outputs so that a board in RESET, whose pins float, cannot be felt: a diode for each, and a resistor to the safe level (docs/wiring.md)',
    },
    {
      severity: 'warning',
      key: 'relay',
      message: `${NOT_PROTECTED_AGAINST_POWER_LOSS}: without power of the gateway no RESET line is held, and a board that was locked out runs again`,
      remedy:
        'use a relay that holds it off (kind: latching), or transistors of RESET that a supply of their own keeps on',
    },
  ];
}

function checkLedger(config: Config, machine: MachineFacts): Finding[] {
  const { ledger } = config;
  const findings: Finding[] = [];
  const under = machine.fileSystem(ledger.path);
  if (under === 'tmpfs' || under === 'ramfs') {
    findings.push({
      severity: 'warning',
      key: 'ledger.path',
      message: `${ledger.path} is in memory (${under}): after a power loss nobody knows which board was locked out`,
      remedy: 'put it on a disk or a card',
    });
  } else if (under !== null) {
    findings.push({
      severity: 'error',
      key: 'ledger.path',
      message: `${ledger.path} is on a network file system (${under}), where SQLite cannot lock reliably`,
      remedy: 'put it on a local disk or card',
    });
  }
  if (ledger.durability === 'process') {
    const journal = machine.fileSystem(ledger.journalFolder);
    if (journal !== 'tmpfs' && journal !== 'ramfs') {
      findings.push({
        severity: 'warning',
        key: 'ledger.journal',
        message: `${ledger.journalFolder} is not in memory: every input is written to a disk, which wears out a card`,
        remedy: 'leave ledger.journal out, or name a folder on a tmpfs',
      });
    }
    findings.push({
      severity: 'note',
      key: 'ledger.durability',
      message: 'a power loss of the host may take the last inputs with it; the boards are asked for what they did',
      remedy: 'use durability: power where each input must outlive a power loss; it costs an fsync for every commit',
    });
  }
  return findings;
}

function checkPolicy(config: Config): Finding[] {
  const findings: Finding[] = [];
  if (config.probeEveryUs === 0) {
    findings.push({
      severity: 'warning',
      key: 'probe',
      message: 'an idle board that hangs is noticed only at the next input',
      remedy: 'leave probe at 1s',
    });
  }
  if (config.onMismatch === 'switch') {
    findings.push({
      severity: 'warning',
      key: 'on-mismatch',
      message: 'a difference says that one of two is wrong, not which: switching may hand over to the wrong one',
      remedy: 'use alarm, unless not acting is worse than acting wrongly',
    });
  }
  return findings;
}
