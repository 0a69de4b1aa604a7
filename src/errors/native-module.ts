/** What parts of this program are for that are machine code, built for one Node and one kind of processor. */
const PURPOSES: Readonly<Record<string, string>> = {
  'better-sqlite3': 'SQLite (better-sqlite3)',
  '@serialport/bindings-cpp': 'the part for serial ports (@serialport/bindings-cpp)',
  koffi: 'the part for calls to the system (koffi)',
};

/**
 * Why a native module does not load, and the command that mends it; null for any other error. After an upgrade of Node, or where
 * node_modules came from another machine, that is what every command meets.
 */
export function nativeModuleTrouble(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const said = troubleOf(at);
    if (said !== null) return said;
  }
  return null;
}

function troubleOf(error: Error): string | null {
  const { message } = error;
  const [, file = ''] = /(\/[^'"\n]+?\.node)\b/.exec(message) ?? [];
  const [, root = '', name = ''] = /^(.*?)\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
  const isUnloadable = 'code' in error && error.code === 'ERR_DLOPEN_FAILED';
  const isOtherNode = /was compiled against a different Node\.js version/.test(message);
  const isMissing = /Could not locate the bindings file|No native build was found|Cannot find the native Koffi/i.test(
    message,
  );
  if (!isUnloadable && !isOtherNode && !isMissing) return null;
  const what = PURPOSES[name] ?? (isMissing && file.includes('better_sqlite3') ? PURPOSES['better-sqlite3'] : name);
  const why = isOtherNode
    ? `was compiled for another Node than this one (${process.versions.node})`
    : isMissing
      ? 'was not built for this Node and machine'
      : `does not load: ${message.split('\n')[0]?.replace(`${file}: `, '')}`;
  const where = root === '' ? 'the folder of Copycat' : root;
  return `${what || 'a native module'} ${why}: run npm rebuild in ${where}`;
}
