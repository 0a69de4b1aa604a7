import { readdirSync, readFileSync } from 'node:fs';
import { readSupply, supplyTrouble } from './supply.js';

/** What is wrong with how this host is fed or cooled; null: nothing that it knows of. */
export function readHostTrouble(): string | null {
  return supplyTrouble(readSupply({ readFile: textOf, list: namesIn }));
}

// A host that is no Raspberry Pi has none of these files: that is no failure.
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
