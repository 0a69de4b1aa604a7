import type { InputConfig } from '../config.js';
import { type ConfigProblem, type ConfigSource, explainValue } from '../schema/explain-issue.js';

/** Two inputs that want the same address, path or port: the second would never begin. `isList`: the file has a list of them. */
export function checkListeners(
  inputs: readonly InputConfig[],
  controlPath: string,
  isList: boolean,
  source: ConfigSource,
): readonly ConfigProblem[] {
  return inputs.flatMap((input, index) => {
    const path = isList ? ['input', index] : ['input'];
    const before = inputs.slice(0, index).findIndex((other) => areOne(other, input));
    if (before !== -1) return [explainValue(path, source, `another one than input[${before}], which has it already`)];
    if ((input.type !== 'unix' && input.type !== 'pty') || input.path !== controlPath) return [];
    return [explainValue(path, source, 'another path than the control socket has')];
  });
}

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
