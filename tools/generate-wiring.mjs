// Writes the drawings of docs/wiring.md into docs/wiring: one for each configuration in docs/samples, and one for each circuit.
//   node tools/generate-wiring.mjs [--check]   --check: says whether they are stale and writes nothing
import { mkdirSync, readdirSync } from 'node:fs';
import { loadConfig } from '#built/config/load/load-config.js';
import { checkWiring } from '#built/wiring/checks/check-wiring.js';
import { detailSvg, wiringSvg } from '#built/wiring/drawing/sheet-svg.js';
import { DETAIL_NAMES } from '#built/wiring/netlist/netlist.js';
import { netlistOf } from '#built/wiring/netlist/netlist-of.js';
import { writeOrCheck } from './generated-files.mjs';
import { ROOT } from './run-program.mjs';

const FOLDER = 'docs/wiring';
const SAMPLES = 'docs/samples';

const samples = readdirSync(`${ROOT}${SAMPLES}`).filter((file) => file.endsWith('.yaml'));
const files = {
  ...Object.fromEntries(samples.map((file) => [`${FOLDER}/${file.replace('.yaml', '.svg')}`, drawingOf(file)])),
  ...Object.fromEntries(DETAIL_NAMES.map((name) => [`${FOLDER}/circuit-${name}.svg`, detailSvg(name)])),
};

mkdirSync(`${ROOT}${FOLDER}`, { recursive: true });
writeOrCheck(files, 'node tools/generate-wiring.mjs');
for (const file of readdirSync(`${ROOT}${FOLDER}`)) {
  if (files[`${FOLDER}/${file}`] !== undefined) continue;
  console.log(`${FOLDER}/${file} belongs to no configuration in ${SAMPLES} and to no circuit: remove it`);
  process.exitCode = 1;
}

function drawingOf(file) {
  const config = loadConfig(`${ROOT}${SAMPLES}/${file}`);
  return wiringSvg(netlistOf(config), checkWiring(config));
}
