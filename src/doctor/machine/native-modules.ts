import { createRequire } from 'node:module';
import { nativeModuleTrouble } from '../../errors/native-module.js';
import type { NativeModuleFacts } from './machine.js';

/** Loads each part that is machine code, as the gateway would. By name and at run time: nothing of them is used here. */
export function tryNativeModules(): readonly NativeModuleFacts[] {
  const load = createRequire(import.meta.url);
  const sqlite = (): unknown => {
    const Database = load('better-sqlite3') as new (path: string) => { close(): unknown };
    // It loads its machine code only for the first database.
    return new Database(':memory:').close();
  };
  return [
    tried('better-sqlite3', sqlite),
    tried('@serialport/bindings-cpp', () => load('@serialport/bindings-cpp')),
    tried('koffi', () => load('koffi')),
  ];
}

function tried(name: string, attempt: () => unknown): NativeModuleFacts {
  try {
    attempt();
    return { name, trouble: null };
  } catch (error) {
    return { name, trouble: nativeModuleTrouble(error) ?? (error instanceof Error ? error.message : String(error)) };
  }
}
