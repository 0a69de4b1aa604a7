import { join, resolve } from 'node:path';
import { userFolder } from '../../private-files/private-folder.js';
import { LONGEST_SOCKET_PATH } from '../../private-files/socket-path.js';
import { checkFields } from '../checks/check-fields.js';
import { checkListeners } from '../checks/check-listeners.js';
import type { BoardConfig, Config, FirmataConfig, WiringConfig } from '../config.js';
import type { ProtocolConfig } from '../protocol-config.js';
import type { ConfigFile } from '../schema/config-schema.js';
import { type ConfigProblem, type ConfigSource, pathText } from '../schema/explain-issue.js';
import { consoleOf } from './console-of.js';
import { boardsOf, matchOf, portOf } from './file-to-boards.js';
import { inputsOf } from './file-to-inputs.js';
import { fileToLines } from './file-to-lines.js';
import { namedValuesOf } from './named-values-of.js';
import { notifyOf } from './notify-of.js';
import { protocolOf } from './protocol/protocol-of.js';
import { imagePath } from './supplied-images.js';

/** In commands: each of the boards. */
const BOTH = 'both';
/** Of a board that may take as long as it likes. */
const NO_DEADLINE_US = 86_400_000_000;

/** From the file's own spelling to the program's; finds what no single key can be blamed for. */
export function fileToConfig(
  file: ConfigFile,
  folder: string,
  source: ConfigSource,
): { readonly config: Config; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const complain = (path: readonly (string | number)[], value: unknown, expected: string, hint = '') =>
    problems.push({
      key: pathText(path),
      line: source.lineAt(path),
      value,
      expected,
      message: `${pathText(path)} is ${value === null ? 'missing' : JSON.stringify(value)}; expected ${expected}${hint}`,
    });

  const { boards, problems: ofBoards } = boardsOf(file, folder, source);
  problems.push(...ofBoards);
  const [first, second] = boards;
  if (first.board === 'none' || second.board === 'none') {
    complain(['boards', 'none'], 'none', 'another name: none means no board in relay.at-rest');
  }
  for (const name of [first.board, second.board].filter((name) => name === BOTH)) {
    complain(['boards', name], name, 'another name: copycat flash both means each of them');
  }
  for (const [name, said] of Object.entries(file.boards)) {
    if (said.port === undefined && said.match === undefined) {
      complain(['boards', name, 'port'], null, 'usb-1.2 (the place of the plug; copycat ports shows it), or match');
    }
    if (said.match !== undefined && matchOf(said.match) === null) {
      complain(['boards', name, 'match'], said.match, 'at least one of vendor, product and serial');
    }
  }
  if (first.port.type !== 'emulated' && sameSocket(first, second)) {
    const key = second.port.type === 'match' ? 'match' : 'port';
    const said = file.boards[second.board]?.[key] ?? null;
    complain(
      ['boards', second.board, key],
      said,
      `another ${key === 'port' ? 'port' : 'board'} than ${first.board} has`,
    );
  }

  const names: readonly [string, string] = [first.board, second.board];
  const third = file['third-copy'];
  if (third !== undefined && [...names, 'none', BOTH].includes(third.id)) {
    complain(['third-copy', 'id'], third.id, `another name than the boards have, and neither none nor ${BOTH}`);
  }
  const inputs = inputsOf(file, folder, complain);

  const ledgerPath = resolve(folder, file.ledger.path);
  const controlPath =
    file.control === undefined ? ledgerPath.replace(/\.[^./]+$/, '').concat('.sock') : resolve(folder, file.control);
  if (Buffer.byteLength(controlPath) > LONGEST_SOCKET_PATH) {
    complain(
      ['control'],
      controlPath,
      `a path of at most ${LONGEST_SOCKET_PATH} bytes, such as ${join('/run', `${file.name}.sock`)}`,
    );
  }

  const protocol = protocolOf(file, source, complain);
  const thirdCopy =
    third === undefined ? null : { board: third.id, image: imagePath(third.image, folder, first.facts) };
  const config: Config = {
    name: file.name,
    boards: [first, second],
    ...fileToLines(file, names, complain),
    wiring: wiringOf(file),
    firmata: firmataOf(file),
    inputs,
    protocol,
    deadlineUs: deadlineOf(file, protocol),
    probeEveryUs: file.probe,
    maxPending: file['max-pending'],
    maxLag: file['max-lag'],
    maxWindow: file['max-window'],
    onMismatch: file['on-mismatch'],
    // R19: who wants the primary replaced, or the pair stopped, does not want to wait for it.
    selfTests: (file['self-tests'] ?? usualSelfTests(file)) === 'on-mismatch',
    commit: { needs: file.commit.needs, ifAlone: file.commit['if-alone'] },
    thirdCopy,
    catchUpUs: file['catch-up'],
    join: { comparisons: file.join.comparisons, patienceUs: file.join.patience },
    flapping: { limit: file.flapping.limit, withinUs: file.flapping.within, permanent: file.flapping.permanent },
    switchDrainUs: file.switchover.drain,
    ledger: {
      path: ledgerPath,
      durability: file.ledger.durability,
      journalFolder: file.ledger.journal === undefined ? userFolder() : resolve(folder, file.ledger.journal),
      keepInputs: file.ledger['keep-inputs'],
      keepFaults: file.ledger['keep-faults'],
    },
    controlPath,
    ...namedValuesOf(file, { boards: [first, second], thirdCopy }),
    switchesNothing: file.outputs === 'none',
    driftReadings: file['drift-readings'],
    notify: notifyOf(file, folder),
    console: consoleOf(file, folder),
  };
  const listeners = checkListeners(inputs, { controlPath, ledgerPath }, Array.isArray(file.input), source);
  return { config, problems: [...problems, ...listeners, ...checkFields(file, source)] };
}

/** Where nobody has said it: only the firmware harness has one. */
function usualSelfTests(file: ConfigFile): 'on-mismatch' | 'never' {
  return file['on-mismatch'] === 'alarm' && file.protocol === undefined ? 'on-mismatch' : 'never';
}

function deadlineOf(file: ConfigFile, protocol: ProtocolConfig): number {
  const deadlineUs = protocol.dialect === 'harness' ? file.deadline : protocol.deadlineUs;
  return deadlineUs ?? NO_DEADLINE_US;
}

/** Where both would lead to one board. A match without a place names one board only by its serial number. */
function sameSocket(one: BoardConfig, other: BoardConfig): boolean {
  if (JSON.stringify(one.port) !== JSON.stringify(other.port)) return false;
  return one.port.type !== 'match' || JSON.stringify(one.match) === JSON.stringify(other.match);
}

function firmataOf({ firmata }: ConfigFile): FirmataConfig | null {
  return firmata === undefined ? null : { port: portOf(firmata.port), baudRate: firmata.baud };
}

function wiringOf({ wiring }: ConfigFile): WiringConfig {
  return {
    host: wiring.host,
    interfaces: wiring.interfaces,
    relayModule: wiring['relay-module'],
    resetThrough: wiring['reset-through'],
    feedbackFrom: wiring['feedback-from'],
    outputs: wiring.outputs ?? null,
    actuator: wiring.actuator,
    sensor: wiring.sensor,
    sensorPin: wiring['sensor-pin'],
    supply: wiring.supply,
    commonGround: wiring['common-ground'],
  };
}
