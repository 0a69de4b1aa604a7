import { basename } from 'node:path';
import type { Clock } from '../../clock/clock.js';
import { instanceName } from '../../config/instance-name.js';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { Pair } from './pair.js';

/** All pairs that this console serves, each by an id of its own: its name as a service has it. */
export class Pairs {
  readonly all: readonly Pair[];

  constructor(files: readonly string[], clock: Clock) {
    const ids = new Set<string>();
    this.all = files.map((file) => {
      const name = idOf(file);
      let id = name;
      for (let number = 2; ids.has(id); number++) id = `${name}-${number}`;
      ids.add(id);
      return new Pair(id, file, clock);
    });
  }

  of(id: string): Pair | undefined {
    return this.all.find((pair) => pair.id === id);
  }

  close(): void {
    for (const pair of this.all) pair.close();
  }
}

function idOf(file: string): string {
  try {
    return instanceName(loadConfig(file).name);
  } catch (error) {
    if (!(error instanceof CopycatError)) throw error;
    return instanceName(basename(file).replace(/\.[^.]*$/, ''));
  }
}
