import type { Report } from './report.js';
import { type ReportTable, tablesOf } from './report-rows.js';

const STYLE = `
  body { font: 14px/1.45 system-ui, sans-serif; color: #111; background: #fff; margin: 2rem auto; max-width: 62rem; padding: 0 1rem }
  h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
  p { margin: .3rem 0 } table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #ccc }
  th { font-weight: 600 } td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere } tr { break-inside: avoid }
  .none { color: #555 } .sign { margin-top: 3rem; display: flex; gap: 3rem } .sign span { flex: 1; border-top: 1px solid #111; padding-top: .2rem }
  @media print { body { margin: 0; max-width: none; font-size: 11px } h2 { break-after: avoid } }
  @page { margin: 15mm }`;

/** One page that needs nothing else: it is read without a network, and printed. */
export function reportHtml(report: Report, pair: string, timeText: (iso: string) => string): string {
  const title = `${pair}: ${timeText(report.from)} to ${timeText(report.to)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Report of the pair ${escaped(pair)}</h1>
<p>From ${escaped(timeText(report.from))} to ${escaped(timeText(report.to))}, from the ledger ${escaped(report.ledger)}.</p>
${tablesOf(report, timeText).map(tableHtml).join('\n')}
<p class="sign"><span>Name</span><span>Date</span><span>Signature</span></p>
</body>
</html>
`;
}

function tableHtml({ title, head, rows, none }: ReportTable): string {
  const heading = `<h2>${escaped(title)}</h2>`;
  if (rows.length === 0) return `${heading}\n<p class="none">${escaped(none)}</p>`;
  const cells = (row: readonly string[], tag: 'td' | 'th scope="col"'): string =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag.slice(0, 2)}>`).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `${heading}\n<table>\n<thead><tr>${cells(head, 'th scope="col"')}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
