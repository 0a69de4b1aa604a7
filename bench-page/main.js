/** @import { PlotData, PlottedScenario } from '../src/bench/plot/plot-data.js' */
/** @import { RunTrace } from '../src/bench/plot/run-trace.js' */
import { drawChart, wholeOf } from './chart.js';
import { Explorer } from './explorer.js';
import { markList, marksOf } from './marks.js';
import { byId, html } from './nodes.js';

/** The page: a table of scenarios, and the one that is looked at. */

/** Wide enough for a sheet of paper. */
const PRINTED_WIDTH = 720;

/** @type {PlotData} */
const data = JSON.parse(byId('data').textContent ?? '{}');
/** @type {Explorer | null} */
let explorer = null;

/** @param {PlottedScenario} scenario */
function headOf({ name, promise, held, failures }) {
  return [
    html('h2', {}, name, ' ', html('span', { class: held ? 'held' : 'broken' }, held ? 'held' : 'NOT HELD')),
    html('p', { class: 'promise' }, promise),
    ...(failures.length === 0
      ? []
      : [html('ul', { class: 'failures' }, ...failures.map((text) => html('li', {}, text)))]),
  ];
}

/** @param {RunTrace} run */
function notesOf({ dropped }) {
  if (dropped === 0) return [];
  return [html('p', { class: 'note' }, `${dropped} points of this run are not drawn: it is too long for a page.`)];
}

/**
 * Shows a scenario, and one of its runs.
 * @param {number} chosen
 * @param {number} [runChosen]
 */
function show(chosen, runChosen = 0) {
  const scenario = data.scenarios[chosen];
  if (scenario === undefined) return;
  for (const [index, row] of [...byId('scenarios').querySelectorAll('tbody tr')].entries()) {
    row.classList.toggle('chosen', index === chosen);
    row.querySelector('button')?.setAttribute('aria-pressed', String(index === chosen));
  }
  const section = byId('scenario');
  section.replaceChildren(...headOf(scenario));
  if (scenario.runs.length > 1) section.append(runPicker(scenario.runs, chosen, runChosen));
  const run = scenario.runs[runChosen];
  explorer?.close();
  explorer = null;
  if (run === undefined) return;
  const place = html('div', { class: 'explorer' });
  section.append(place, ...notesOf(run));
  const marks = marksOf(run);
  explorer = new Explorer(place, run, `${scenario.name} ${run.variant}`);
  const look = explorer;
  if (marks.length > 0)
    section.append(
      html('h3', {}, 'What happened'),
      markList(marks, (atUs) => look.goTo(atUs)),
    );
}

/** @param {readonly RunTrace[]} runs @param {number} chosen @param {number} runChosen */
function runPicker(runs, chosen, runChosen) {
  const buttons = runs.map(({ variant }, index) => {
    const button = html('button', { type: 'button', 'aria-pressed': String(index === runChosen) }, variant);
    button.addEventListener('click', () => show(chosen, index));
    return button;
  });
  return html('div', { class: 'runs', role: 'group', 'aria-label': 'runs of this scenario' }, ...buttons);
}

/** On paper nobody chooses: every run, whole. */
function showAll() {
  byId('printed').replaceChildren(
    ...data.scenarios.flatMap((scenario) =>
      scenario.runs.map((run, index) =>
        html(
          'section',
          { class: 'sheet' },
          ...(index === 0 ? headOf(scenario) : [html('h2', {}, scenario.name)]),
          ...(run.variant === '' ? [] : [html('p', {}, `run: ${run.variant}`)]),
          drawChart(run, PRINTED_WIDTH, wholeOf(run)).chart,
          markList(marksOf(run), () => undefined),
        ),
      ),
    ),
  );
}

for (const [index, button] of [...byId('scenarios').querySelectorAll('button')].entries()) {
  button.addEventListener('click', () => {
    show(index);
    history.replaceState(null, '', `#${encodeURIComponent(data.scenarios[index]?.name ?? '')}`);
    if (byId('scenario').getBoundingClientRect().top > innerHeight * 0.7) byId('scenario').scrollIntoView();
  });
}
addEventListener('beforeprint', showAll);
addEventListener('afterprint', () => byId('printed').replaceChildren());
const named = data.scenarios.findIndex(({ name }) => `#${encodeURIComponent(name)}` === location.hash);
const broken = data.scenarios.findIndex(({ held }) => !held);
const telling = data.scenarios.findIndex(({ runs }) => runs.some(({ faults }) => faults.length > 0));
show([named, broken, telling, 0].find((index) => index >= 0) ?? 0);
