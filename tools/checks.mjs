// The checks that need no running: types, lint, imports, generated files. Each counts as one test of `npm test`.
import { runProgram, toolPath } from './run-program.mjs';

const tsc = (project) => [toolPath('typescript/bin/tsc'), '-p', project, '--noEmit', '--incremental', 'false'];

/** name: what is checked; args: for this node; remedy: the command that mends it, where there is one. */
export const CHECKS = [
  { name: 'types: src', args: tsc('tsconfig.json') },
  { name: 'types: pure folders, without Node or DOM', args: tsc('tsconfig.pure.json') },
  { name: 'types: the page of a bench', args: tsc('bench-page/tsconfig.json') },
  { name: 'types: the page of the console', args: tsc('src/console/page/tsconfig.json') },
  { name: 'types: tests', args: tsc('test/tsconfig.json') },
  {
    name: 'lint and format',
    args: [toolPath('@biomejs/biome/bin/biome'), 'check', '--colors=off', '.'],
    remedy: 'npm run format',
  },
  { name: 'import rule', args: ['tools/import-rule.mjs'] },
  {
    name: 'nothing is exported, and no file is there, that nobody uses',
    args: [toolPath('knip/bin/knip.js'), '--no-progress', '--no-config-hints'],
  },
  {
    name: 'docs/config.md is what the schema says',
    args: ['tools/generate-docs.mjs', '--check'],
    remedy: 'node tools/generate-docs.mjs',
  },
  {
    name: 'docs/faults.md is what the catalogue says, and no fault lacks its guide',
    args: ['tools/generate-faults.mjs', '--check'],
    remedy: 'npm run build && node tools/generate-faults.mjs',
  },
  {
    name: 'the drawings of docs/wiring.md are what copycat wiring draws',
    args: ['tools/generate-wiring.mjs', '--check'],
    remedy: 'npm run build && node tools/generate-wiring.mjs',
  },
  {
    name: 'every rule has a test, and docs/rules.md lists them',
    args: ['tools/generate-rules.mjs', '--check'],
    remedy: 'node tools/generate-rules.mjs',
  },
  {
    name: 'generated protocol files are what the message table says',
    args: ['tools/generate-protocol.mjs', '--check'],
    remedy: 'node tools/generate-protocol.mjs',
  },
];

/** Runs every check in turn. Prints a line for each, and what a failed one said. Gives { passed, failed, failures }. */
export async function runChecks(print = console.log) {
  const counts = { passed: 0, failed: 0, failures: [] };
  for (const check of CHECKS) {
    const result = await runProgram(process.execPath, check.args, { onLine: () => undefined });
    if (result.code === 0) {
      counts.passed += 1;
      print(`  ✓ ${check.name}`);
      continue;
    }
    counts.failed += 1;
    counts.failures.push(check.remedy === undefined ? check.name : `${check.name}; mend it with: ${check.remedy}`);
    const said = result.lines.map((line) => line.trimEnd()).filter((line) => line !== '');
    print(`  ✗ ${check.name}\n${said.map((line) => `    ${line}`).join('\n')}`);
    if (check.remedy !== undefined) print(`    mend it with: ${check.remedy}`);
  }
  return counts;
}
