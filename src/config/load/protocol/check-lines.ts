import { mustCompile } from '../../../protocol/lines/pattern.js';
import { commonLine } from '../../../protocol/lines/pattern-checks.js';
import type { LinesProtocol } from '../../protocol-config.js';
import type { Complain } from '../../schema/explain-issue.js';
import { NONE_OR_PATTERN, type SaidProtocol } from '../../schema/protocol/protocol-schema.js';

/** Patterns that say what a line is: none may be two things. In the order in which they are told. */
const WHAT_A_LINE_IS = ['done', 'error', 'not-taken', 'answer', 'push', 'banner', 'keep-alive'] as const;
type LineKind = (typeof WHAT_A_LINE_IS)[number];

/** What a board that answers lines would be misread by. `said`: what stands in the file, of which it is told. */
export function checkLines(lines: LinesProtocol, said: SaidProtocol, complain: Complain): void {
  checkEnds(lines, said, complain);
  checkSizes(lines, complain);
  checkResync(said, complain);
  const sources: Readonly<Record<LineKind, string | null>> = {
    done: lines.done,
    error: lines.error,
    'not-taken': lines.notTaken,
    answer: lines.answer,
    push: lines.push,
    banner: lines.banner,
    'keep-alive': lines.keepAlive,
  };
  for (const [index, kind] of WHAT_A_LINE_IS.entries()) {
    for (const other of WHAT_A_LINE_IS.slice(0, index)) {
      const [source, before] = [sources[kind], sources[other]];
      if (source === null || before === null) continue;
      const line = commonLine([mustCompile(source), mustCompile(before)]);
      if (line === null) continue;
      // That of the profile stands nowhere in the file.
      const [here, there] = said[kind] === undefined ? [other, kind] : [kind, other];
      const where = said[there] === undefined ? `${there} of ${lines.profile}` : `protocol.${there}`;
      complain(
        ['protocol', here],
        sources[here],
        `a pattern that has no line in common with ${where} (${sources[there]}): both match ${JSON.stringify(line)}`,
      );
    }
  }
}

/** A key that its profile cannot use would be waited for in vain. */
function checkEnds(lines: LinesProtocol, said: SaidProtocol, complain: Complain): void {
  const { answerEnds } = lines;
  if (answerEnds === 'done' && lines.done === null) complain(['protocol', 'done'], null, "a pattern, such as '^ok$'");
  if (answerEnds === 'prompt' && lines.prompt === null) {
    complain(['protocol', 'prompt'], null, "a pattern, such as '^> $'");
  }
  if (answerEnds === 'prompt' && (lines.window.of !== 'lines' || lines.window.most !== 1)) {
    complain(['protocol', 'window'], lines.window, '{ lines: 1 }: a prompt does not say which line it answers');
  }
  if (answerEnds !== 'done' && said.done !== undefined) {
    complain(['protocol', 'done'], said.done, `nothing: with answer-ends: ${answerEnds} it ends no answer`);
  }
  if (answerEnds === 'line' && said.answer !== undefined) {
    complain(['protocol', 'answer'], said.answer, 'nothing: with answer-ends: line each answer is one line');
  }
  if (answerEnds !== 'prompt' && said.prompt !== undefined) {
    complain(['protocol', 'prompt'], said.prompt, `nothing: with answer-ends: ${answerEnds} it ends no answer`);
  }
}

/** A pace or a preamble alone was written by somebody who believes that something is given again. */
function checkResync({ resync }: SaidProtocol, complain: Complain): void {
  if (resync === undefined) return;
  if (resync.from === undefined) complain(['protocol', 'resync', 'from'], null, NONE_OR_PATTERN);
  if (resync.from !== 'none') return;
  for (const key of ['pace', 'preamble'] as const) {
    if (resync[key] !== undefined)
      complain(
        ['protocol', 'resync', key],
        resync[key],
        'nothing: with from: none nothing is given to a board that joins',
      );
  }
}

function checkSizes(lines: LinesProtocol, complain: Complain): void {
  const { window, maxLineBytes, lineEnd, identity, probe, resync } = lines;
  if (window.of === 'bytes' && window.most < maxLineBytes + lineEnd.length) {
    const most = window.most - lineEnd.length;
    complain(
      ['protocol', 'max-line'],
      maxLineBytes,
      `at most ${most}, what window.bytes (${window.most}) holds with its end`,
    );
  }
  const tooLong = [...identity, ...(probe === null ? [] : [probe]), ...(resync?.preamble ?? [])].find(
    (line) => Buffer.byteLength(line) > maxLineBytes,
  );
  if (tooLong !== undefined) complain(['protocol', 'max-line'], maxLineBytes, `as much as the line ${tooLong} has`);
}
