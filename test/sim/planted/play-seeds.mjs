// node play-seeds.mjs FOLDER FROM SEEDS INPUTS: plays seeds of the program that FOLDER holds, until one breaks a promise.
// Prints that seed and what it broke as JSON; null when none did.
import { pathToFileURL } from 'node:url';

const [folder, from, seeds, inputs] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${folder}/build/simulation/${file}`).href);
const { Run } = await load('run.js');
const { planOf } = await load('plan.js');

let found = null;
for (let seed = Number(from); seed < Number(from) + Number(seeds) && found === null; seed++) {
  const { broken } = new Run(planOf(seed, Number(inputs))).play();
  if (broken !== null) found = { seed, name: broken.name, text: broken.text };
}
console.log(JSON.stringify(found));
