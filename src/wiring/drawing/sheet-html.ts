import type { Finding } from '../../config/checks/finding.js';
import type { Netlist } from '../netlist/netlist.js';
import { wiringSheets } from './sheet-svg.js';
import { escapeXml } from './svg-parts.js';

/** A page that prints on A4 sheets lying flat: the drawing, the circuits and the pin table, each on its own. */
export function wiringHtml(netlist: Netlist, findings: readonly Finding[]): string {
  const sheets = wiringSheets(netlist, findings).map((svg) => `<section>\n${svg}</section>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeXml(netlist.title)}</title>
<style>
@page { size: A4 landscape; margin: 8mm; }
body { margin: 0; background: #fff; }
section { overflow-x: auto; break-after: page; }
section:last-child { break-after: auto; }
svg { display: block; margin: 0 auto; }
@media print { svg { width: 100%; height: auto; max-height: 192mm; } }
</style>
</head>
<body>
${sheets.join('\n')}
</body>
</html>
`;
}
