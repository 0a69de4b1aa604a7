import { readFileSync } from 'node:fs';
import type { PlotData, PlottedScenario } from './plot-data.js';

/** Where the page's own parts are: plain files, so that nothing has to be built for them. */
const PARTS = new URL('../../../bench-page/', import.meta.url);
/** In an order in which each comes after what it uses. */
const SCRIPTS = ['text', 'nodes', 'lines', 'lanes', 'marks', 'chart', 'explorer', 'main'];
/** Whatever stands in the data: the page may not ask anybody for anything. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Places of the columns that count what must not be. */
const COUNTED = [3, 4, 5];

/** One page with all that it needs in it: style, script and data; it loads nothing. */
export function plotPage(data: PlotData): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(data.title)}</title>
<style>
${read('page.css')}</style>
</head>
<body>
<header>
<h1>${text(data.title)}</h1>
<p class="summary ${data.scenarios.every(({ held }) => held) ? 'held' : 'broken'}">${text(data.summary)}</p>
<dl class="facts">${data.facts.map(([label, value]) => `<div><dt>${text(label)}</dt><dd>${text(value)}</dd></div>`).join('')}</dl>
</header>
<div class="scroll" tabindex="0" role="region" aria-label="scenarios">
<table id="scenarios">
<thead><tr>${data.columns.map((name) => `<th scope="col">${text(name)}</th>`).join('')}</tr></thead>
<tbody>
${data.scenarios.map(row).join('\n')}
</tbody>
</table>
</div>
<noscript><p>The charts are drawn by a script in this page, and this browser runs none.</p></noscript>
<main id="scenario" aria-live="polite"></main>
<div id="printed"></div>
<footer>
<p>Time is the pair’s own (emulated) time from the first input on. Outputs are what each board’s pins showed, whether or not the relay connected it; the actuator’s is what really reached it. A result is drawn when its board gave it. Drag over a part of the chart to see it closer; +, −, 0 and the arrow keys work too.</p>
</footer>
<script type="application/json" id="data">${json(data)}</script>
<script>
${script()}
</script>
</body>
</html>
`;
}

function row({ name, held, cells }: PlottedScenario): string {
  const verdict = `<td class="${held ? 'held' : 'broken'}">${held ? 'yes' : 'NO'}</td>`;
  const others = cells.map((cell, index) => {
    const isBad = COUNTED.includes(index + 2) && cell !== '0';
    return `<td${isBad ? ' class="bad"' : ''}>${text(cell)}</td>`;
  });
  return `<tr><td><button type="button">${text(name)}</button></td>${verdict}${others.join('')}</tr>`;
}

/** The page's modules as one script: a page on a disk may not load modules from beside it. */
function script(): string {
  const modules = SCRIPTS.map((name) =>
    read(`${name}.js`)
      .replace(/^\/\*\* @import .*\n/gm, '')
      .replace(/^import [^;]*;\n/gm, '')
      .replace(/^export /gm, ''),
  );
  return `(() => {\n'use strict';\n${modules.join('\n')}})();`;
}

function read(name: string): string {
  return readFileSync(new URL(name, PARTS), 'utf8');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function text(said: string): string {
  return said.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Nothing in it can end the element that it stands in. */
function json(data: PlotData): string {
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
