import { basename } from 'node:path';
import { formatLine, formatOf } from '../../values/line-settings.js';
import { type BoardFacts, isProgramOfHost } from '../board-facts.js';
import type { BoardConfig } from '../config.js';
import type { Finding } from './finding.js';

/** Whether the firmware of a board can do the line settings that it is given, and does so by itself. */
export function checkLine(board: BoardConfig): readonly Finding[] {
  const { kind, facts, line } = board;
  const { uart } = facts;
  const key = `boards.${board.board}.line`;
  const said = formatLine(line);
  const begins = beginsAt(facts);
  const findings: Finding[] = [];
  if (line.dataBits !== 8) {
    findings.push({
      severity: 'error',
      key,
      message: `frames of the harness are bytes of 8 bits, and ${said} carries ${line.dataBits}`,
      remedy: `use ${formatLine({ ...line, dataBits: 8 })}, in the sketch too`,
    });
  } else if (uart.formats !== undefined && !uart.formats.includes(formatOf(line))) {
    findings.push({
      severity: 'error',
      key,
      message: `a board of kind ${kind} does ${uart.formats.join(' or ')}, and the line is ${said}`,
      remedy: `use ${line.baudRate}-${uart.formats[0] ?? '8N1'}`,
    });
  } else if (said !== begins && isSupplied(board)) {
    findings.push({
      severity: 'error',
      key,
      message: `${basename(board.firmware ?? '')} begins at ${begins}, and the line is ${said}: neither would understand the other`,
      remedy: `leave line out, or use ${begins}`,
    });
  } else if (said !== begins && !isProgramOfHost(facts)) {
    const isFormat = formatOf(line) !== begins.replace(/^\d+-/, '');
    findings.push({
      severity: isFormat ? 'warning' : 'note',
      key,
      message: `a sketch on a board of kind ${kind} begins its line at ${begins} by itself, and the line is ${said}`,
      remedy: isFormat
        ? `begin it in the sketch: Serial.begin(${line.baudRate}, SERIAL_${formatOf(line)}), then cc_stream(Serial)`
        : `compile the sketch with CC_BAUD=${line.baudRate}, or begin it there: Serial.begin(${line.baudRate}), then cc_stream(Serial)`,
    });
  }
  if (uart.exactBaudRates.length > 0 && !uart.exactBaudRates.includes(line.baudRate)) {
    findings.push({
      severity: 'warning',
      key,
      message: `the board cannot make ${line.baudRate} baud exactly: bytes get lost`,
      remedy: `use ${uart.exactBaudRates.join(', ')}`,
    });
  }
  return findings;
}

/** As the library begins it (CC_BAUD), where neither sketch nor build says otherwise. */
function beginsAt({ uart }: BoardFacts): string {
  return `${uart.baudRate}-${uart.formats?.[0] ?? '8N1'}`;
}

/** It runs an image that comes along, whose line nobody can change. */
function isSupplied({ firmware, facts }: BoardConfig): boolean {
  return firmware !== null && Object.values(facts.images).includes(firmware);
}
