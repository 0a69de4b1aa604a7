// Makes one file of test files and all that they test, to be loaded and run in one process.
import { dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const SMALL_VITEST = 'tools/mutation/small-vitest.mjs';
const IN_PROCESS_PORT = 'tools/mutation/in-process-port.ts';
const ENTRY = 'every-test';
const IN_FILE = 'in-file:';

/** Writes the bundle of these test files (paths from the root) to `output`. It exports `tests`. */
export async function bundleTests(files, output) {
  const build = await rolldown({
    input: ENTRY,
    platform: 'node',
    // Packages are loaded as they are: some have machine code, and none is mutated.
    external: [/^node:/, /^(?!vitest$)[a-z@][^:]*$/],
    logLevel: 'silent',
    plugins: [everyTest(files)],
  });
  await build.write({ file: output, format: 'esm', codeSplitting: false });
  await build.close();
}

/** All test files, each behind a line that says where its tests stand. */
function everyTest(files) {
  const imports = files.flatMap((file) => [IN_FILE + file, resolve(file)]);
  return {
    name: ENTRY,
    resolveId(id) {
      if (id === 'vitest') return resolve(SMALL_VITEST);
      // What most tests load compiled is here the source, which is what the mutants are in.
      if (id.startsWith('#built/')) return resolve('src', id.slice('#built/'.length).replace(/\.js$/, '.ts'));
      // A worker thread would load the program as it is compiled, without the mutant.
      if (id.endsWith('/worker-port.js')) return resolve(IN_PROCESS_PORT);
      return id === ENTRY || id.startsWith(IN_FILE) ? id : null;
    },
    // All of it becomes one file elsewhere: where a test looks for a file beside itself, it finds it.
    transform: (code, id) => code.replaceAll('import.meta.dirname', JSON.stringify(dirname(id))),
    load(id) {
      if (id.startsWith(IN_FILE)) {
        const file = JSON.stringify(join(id.slice(IN_FILE.length)));
        return `import { inFile } from 'vitest';\ninFile(${file});\n`;
      }
      if (id !== ENTRY) return null;
      return [...imports.map((from) => `import ${JSON.stringify(from)};`), "export { tests } from 'vitest';"].join(
        '\n',
      );
    },
  };
}
