import type { Report, ReportedStart } from './report.js';
import { imagesText, longText, moveText, STANDINGS, shareText, standingWord } from './report-words.js';

/** A table of a report, as text: the same in a terminal and on paper. */
export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What is said where there are no rows. */
  readonly none: string;
}

const HASH_DIGITS = 12;

export function tablesOf(report: Report, timeText: (iso: string) => string): readonly ReportTable[] {
  const { before } = report;
  return [
    {
      title: 'How the pair stood',
      head: ['', 'time', 'share'],
      rows: STANDINGS.filter(
        ([stood]) => report.stood[stood] > 0 || stood === 'protected' || stood === 'not-protected',
      ).map(([stood, word]) => [word, longText(report.stood[stood]), shareText(report.stood[stood], report)]),
      none: '',
    },
    {
      title: 'One after the other',
      head: ['from', 'to', 'for', ''],
      rows: report.stretches.map(({ stood, from, to }) => [
        ...[timeText(from), timeText(to), longText(Date.parse(to) - Date.parse(from)), standingWord(stood)],
      ]),
      none: 'nothing is known of this time',
    },
    {
      title: 'Takeovers',
      head: ['when', 'fault', 'cause', 'until it answered', 'the move'],
      rows: report.takeovers.map((takeover) => [
        ...[timeText(takeover.at), String(takeover.fault), takeover.cause],
        ...[takeover.tookMs === null ? 'it did not' : `${takeover.tookMs.toFixed(1)} ms`, moveText(takeover)],
      ]),
      none: 'none',
    },
    {
      title: 'Proof tests',
      head: ['when', 'asked by', 'result', 'moves'],
      rows: report.proofTests.map(({ at, by, text, moves }) => [
        ...[timeText(at), by ?? 'somebody at this host', text, moves.map(moveText).join('; ') || 'none'],
      ]),
      none: 'none',
    },
    {
      title: 'Planned switchovers',
      head: ['when', 'event', 'the move'],
      rows: report.switchovers.map((move) => [timeText(move.at), String(move.fault), moveText(move)]),
      none: 'none',
    },
    {
      title: 'What people asked for',
      head: ['when', 'what', 'who', 'what came of it'],
      rows: report.deeds.map(({ at, asked, by, text }) => [timeText(at), asked, by ?? 'somebody at this host', text]),
      none: 'nothing',
    },
    {
      title: 'Faults',
      head: ['when', 'fault', 'what', 'again', 'state'],
      rows: report.faults.map(({ at, fault, what, repeats, closedAt }) => [
        ...[timeText(at), String(fault), what, repeats === 0 ? '' : `${repeats} times`],
        closedAt === null ? 'open' : 'closed',
      ]),
      none: 'none',
    },
    {
      title: 'Faults that were closed',
      head: ['when', 'fault', 'what', 'by'],
      rows: report.closings.map(({ closedAt, fault, what, by }) => [
        ...[timeText(closedAt), String(fault), what, by ?? 'not said'],
      ]),
      none: 'none',
    },
    {
      title: 'Starts, and what was started',
      head: ['when', 'version', 'configuration', 'images'],
      rows: [...(before === null ? [] : [before]), ...report.starts].map((start) => startRow(start, timeText)),
      none: 'none is known',
    },
  ];
}

function startRow({ at, version, configHash, images }: ReportedStart, timeText: (iso: string) => string): string[] {
  return [timeText(at), version, configHash.slice(0, HASH_DIGITS) || 'not said', imagesText(images)];
}
