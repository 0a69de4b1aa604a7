import type { InputConfig } from '../config.js';
import { type ConfigProblem, type ConfigSource, explainValue } from '../schema/explain-issue.js';

/** The pair's own files. */
export interface OwnPaths {
  readonly controlPath: string;
  readonly ledgerPath: string;
}

/** What SQLite keeps beside a ledger. */
const BESIDE_LEDGER = ['', '-wal', '-shm', '-journal'];
/** The system's own: nothing can be made in the latter two, and names in the first one are devices'. */
const SYSTEM_FOLDERS = ['/dev', '/proc', '/sys'];
/** In memory, and everybody's. */
const SHARED_MEMORY = '/dev/shm/';

/**
 * Inputs that could never begin: two that want the same address, path or port, a path of the pair's own files, one in a folder of the
 * system's. `isList`: the file has a list of them.
 */
export function checkListeners(
  inputs: readonly InputConfig[],
  own: OwnPaths,
  isList: boolean,
  source: ConfigSource,
): readonly ConfigProblem[] {
  return inputs.flatMap((input, index) => {
    const path = isList ? ['input', index] : ['input'];
    const before = inputs.slice(0, index).findIndex((other) => areOne(other, input));
    if (before !== -1) return [explainValue(path, source, `another one than input[${before}], which has it already`)];
    const expected = input.type === 'unix' || input.type === 'pty' ? pathExpected(input, own) : null;
    return expected === null ? [] : [explainValue([...path, 'listen'], source, expected)];
  });
}

/** What would be right in the place of a path that can never serve; null: it can. */
function pathExpected({ path, type, access }: PathInput, { controlPath, ledgerPath }: OwnPaths): string | null {
  if (path === controlPath) return 'another path than the control socket has';
  if (BESIDE_LEDGER.some((suffix) => path === ledgerPath + suffix)) return 'another path than the ledger has';
  if (path === access.tokenFile) return 'another path than the token file has';
  if (type === 'unix' && path.startsWith(SHARED_MEMORY)) return null;
  const isSystems = SYSTEM_FOLDERS.some((folder) => path === folder || path.startsWith(`${folder}/`));
  return isSystems ? `a path outside of /dev, /proc and /sys, such as '${type}:/run/copycat/port'` : null;
}

type PathInput = Extract<InputConfig, { readonly path: string }>;

function areOne(one: InputConfig, other: InputConfig): boolean {
  if (one.type === 'tcp' && other.type === 'tcp') {
    // Port 0 is any that is free.
    return one.port === other.port && one.port !== 0 && sharesHost(one.host, other.host);
  }
  if (one.type === 'serial' && other.type === 'serial') return JSON.stringify(one.port) === JSON.stringify(other.port);
  // A socket and a device at one path too.
  const paths = [one, other].map((input) => (input.type === 'unix' || input.type === 'pty' ? input.path : null));
  return paths[0] !== null && paths[0] === paths[1];
}

function sharesHost(one: string, other: string): boolean {
  const [first, second] = [one, other].map((host) => (host === 'localhost' ? '127.0.0.1' : host));
  if (first === second) return true;
  const isEvery = (host: string | undefined) => host === '0.0.0.0' || host === '::';
  return isEvery(first) || isEvery(second);
}
