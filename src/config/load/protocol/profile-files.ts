import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { profileFolder } from '../../board-kinds.js';
import { protocolSchema, type SaidProtocol } from '../../schema/protocol/protocol-schema.js';

const ENDING = '.yaml';
const known = new Map<string, SaidProtocol>();

/** The profiles that come along. */
export function profileNames(): readonly string[] {
  return readdirSync(profileFolder())
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/** One of them. It comes along with this program: a file that is not as the schema says is our own mistake, and throws. */
export function readProfile(name: string): SaidProtocol {
  const before = known.get(name);
  if (before !== undefined) return before;
  const profile = protocolSchema.parse(parse(readFileSync(new URL(`${name}${ENDING}`, profileFolder()), 'utf8')));
  known.set(name, profile);
  return profile;
}
