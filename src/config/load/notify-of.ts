import { resolve } from 'node:path';
import type { CommandWords, NotifyConfig } from '../config.js';
import type { ConfigFile } from '../schema/config-schema.js';
import { wordsOf } from '../schema/notify-schema.js';

export function notifyOf(file: ConfigFile, folder: string): NotifyConfig {
  const said = (command: string | readonly string[] | undefined): CommandWords | null =>
    command === undefined ? null : placed(wordsOf(command), folder);
  const { heartbeat } = file;
  return {
    onFault: said(file['on-fault']),
    onChange: said(file['on-change']),
    heartbeat:
      heartbeat === undefined
        ? null
        : { everyUs: heartbeat.every, command: placed(wordsOf(heartbeat.command), folder) },
  };
}

/** A name alone is looked for in PATH when it is called. */
function placed([program = '', ...words]: CommandWords, folder: string): CommandWords {
  return [program.includes('/') ? resolve(folder, program) : program, ...words];
}
