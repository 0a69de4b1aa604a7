import { writeFileSync } from 'node:fs';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { checkWiring } from '../../wiring/checks/check-wiring.js';
import { wiringHtml } from '../../wiring/drawing/sheet-html.js';
import { wiringSvg } from '../../wiring/drawing/sheet-svg.js';
import { wireTexts } from '../../wiring/drawing/wire-text.js';
import { netlistOf } from '../../wiring/netlist/netlist-of.js';
import { findConfigFile, type GatewayChoice } from '../arguments/reach-gateway.js';
import { findingLines } from '../terminal/finding-lines.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { colours, print, printJson, printText } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

export interface WiringOptions extends GatewayChoice {
  readonly output?: string;
  readonly json?: boolean;
}

/** copycat wiring [FILE] [-o FILE.svg]: what to connect with what. 2 when it must not be built so. */
export function wiring(options: WiringOptions): ExitCode {
  const file = findConfigFile(options, 'wiring');
  const config = loadConfig(file);
  const netlist = netlistOf(config);
  const wires = wireTexts(netlist);
  const findings = checkWiring(config);
  if (options.output !== undefined) {
    save(options.output, writerFor(options.output)(netlist, findings));
  }
  if (options.json === true) {
    printJson({
      title: netlist.title,
      parts: netlist.parts.map(({ id, title, note }) => ({ id, title, note })),
      wires,
      findings,
    });
  } else {
    printText(`${colours.bold(netlist.title)}: ${netlist.subtitle}\n`);
    const rows = wires.map(({ number, from, to, colour, note }) => [String(number), from, to, colour, note]);
    print(textTable([['no', 'from', 'to', 'colour', 'note'], ...rows], [0]));
    if (findings.length > 0) print(findingLines(findings).join('\n'));
    print('');
    printText(`${drawingText(options.output)} What the circuits are, and what suits which plant: docs/wiring.md.`);
  }
  return findings.some(({ severity }) => severity === 'error') ? 2 : 0;
}

/** By the ending of the file's name: a browser goes by it. */
function writerFor(output: string): typeof wiringHtml {
  if (/\.svg$/i.test(output)) return wiringSvg;
  if (/\.html?$/i.test(output)) return wiringHtml;
  throw new CopycatError('USAGE', `no drawing is made for ${output}`, {
    value: output,
    expected: 'FILE.svg or FILE.html',
  });
}

function drawingText(output: string | undefined): string {
  return output === undefined
    ? 'A drawing: add -o wiring.svg (any browser opens it), or -o wiring.html for printing.'
    : `The drawing is in ${output} (any browser opens it).`;
}

function save(path: string, svg: string): void {
  try {
    writeFileSync(path, svg);
  } catch (cause) {
    throw new CopycatError('USAGE', `the drawing cannot be written to ${path}`, {
      value: path,
      expected: 'a file in a folder that is there and may be written to',
      cause,
    });
  }
}
