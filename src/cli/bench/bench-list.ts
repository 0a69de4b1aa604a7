import { listScenarios } from '../../bench/run-bench.js';
import { scenariosOfAnyImage } from '../../bench/scenarios/any-image.js';
import { wrap } from '../../faults/wrap-text.js';
import { colours, print, printJson, printText, textWidth } from '../terminal/terminal.js';
import { leftOutText } from './bench-sketch.js';

/** copycat bench --list: what can be played, and what each promises. */
export function listTour(json: boolean, isSketch: boolean): void {
  const listed = isSketch ? scenariosOfAnyImage() : listScenarios();
  const known = listed.map(({ name, promise, onlyNamed = false }) => ({ name, promise, onlyNamed }));
  if (json) {
    printJson(known);
    return;
  }
  for (const { name, promise, onlyNamed } of known) {
    printText(`  ${colours.bold(name)}${onlyNamed ? ' (runs only when it is named)' : ''}`);
    for (const line of wrap(promise, textWidth() - 6)) print(`      ${line}`);
  }
  if (isSketch) print(leftOutText());
}
