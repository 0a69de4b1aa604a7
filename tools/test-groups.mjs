// The groups of `npm test` in their order (docs/testing.md). What is named in one stage runs side by side.
import { runChecks } from './checks.mjs';
import { countClosingLine } from './count-report.mjs';
import { runProgram } from './run-program.mjs';
import { runVitest } from './run-vitest.mjs';

/**
 * name: as the table has it; run(print): its result, `print` takes its lines. A group that others stand beside has its name before
 * each line. Host tests and emulated boards, of which a few keep to the wall clock, have the machine to themselves. Checks, the
 * firmware and the simulation ask for nothing but processors and do not mind when they get them: they leave them to the tests
 * beside them; an emulated Pi keeps one processor busy, and the other one is the simulation's.
 */
export const STAGES = [
  [
    { name: 'unit and conformance', run: (print) => runVitest({ projects: ['unit', 'conformance'], print }) },
    { name: 'checks', run: (print) => runChecks(print) },
    { name: 'firmware', run: runFirmwareTests },
  ],
  [{ name: 'host', run: (print) => runVitest({ projects: ['host'], print }) }],
  [{ name: 'bench', run: (print) => runVitest({ projects: ['bench'], print }) }],
  [
    { name: 'emulated Pi', run: (print) => runVitest({ projects: ['pi'], print }) },
    { name: 'simulation', run: (print) => runVitest({ projects: ['sim'], niceness: 5, print }) },
  ],
];

/** The firmware's own tests end with the same kind of line. */
async function runFirmwareTests(print = console.log) {
  const result = await runProgram(process.execPath, ['tools/test-firmware.mjs'], { onLine: print, niceness: 5 });
  return countClosingLine(result.lines, result.code);
}
