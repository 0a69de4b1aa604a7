import type { NativeModuleFacts } from '../../doctor/machine/machine.js';
import { nativeModuleTrouble } from '../../errors/native-module.js';
import { loadControl } from '../../hardware/gpio/ioctl.js';
import { loadSqlite } from '../../ledger/worker/load-sqlite.js';
import { loadSerialPort } from '../../serial/session/load-serialport.js';

/** Each part that is machine code, loaded by the folder that uses it, as the gateway would. */
export async function tryNativeModules(): Promise<readonly NativeModuleFacts[]> {
  return [
    await tried('better-sqlite3', loadSqlite),
    await tried('@serialport/bindings-cpp', loadSerialPort),
    await tried('koffi', loadControl),
  ];
}

async function tried(name: string, load: () => unknown): Promise<NativeModuleFacts> {
  try {
    await load();
    return { name, trouble: null };
  } catch (error) {
    return { name, trouble: nativeModuleTrouble(error) ?? (error instanceof Error ? error.message : String(error)) };
  }
}
