import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { CopycatError } from '../../errors/copycat-error.js';
import { type BoardFacts, emulatedMcu } from '../board-facts.js';
import { BOARD_KINDS, boardFile } from '../board-kinds.js';
import { boardSchema, parseBoard } from '../schema/board-schema.js';
import { type ConfigProblem, explainIssues } from '../schema/explain-issue.js';
import { boardJsonSchema } from '../schema/json-schema.js';
import { readUserFile } from './read-user-file.js';
import { sourceOf } from './yaml-source.js';

/** Ten times the longest that comes along. */
const MOST_BYTES = 65_536;
const NONE = 'expected a file that says what is known of a board: { "kind": "my-board", "name": "My board" }';

const supplied = new Map<string, BoardFacts>();

/** What is known of a kind that comes along. */
export function factsOfKind(kind: string): BoardFacts {
  const known = supplied.get(kind);
  if (known !== undefined) return known;
  // Comes along with this program: a file that is not as the schema says is our own mistake, and throws.
  const file = fileURLToPath(boardFile(kind));
  const facts = placed(parseBoard(JSON.parse(readFileSync(file, 'utf8'))), file);
  supplied.set(kind, facts);
  return facts;
}

/** The kinds that come along and can be `port: emulated`. */
export function emulatedKinds(): readonly string[] {
  return BOARD_KINDS.filter((kind) => emulatedMcu(factsOfKind(kind)) !== null);
}

/**
 * What a board's file of the user's says. `shown` is what they call it.
 * @throws CopycatError CONFIG_INVALID, a sentence for each mistake: file, line, key and what was expected
 */
export function readBoardFile(file: string, shown: string): BoardFacts {
  const read = readUserFile(file, {
    ...{ shown, what: "the board's file", code: 'CONFIG_INVALID', mostBytes: MOST_BYTES },
    origin: 'its path begins at the folder of the configuration; docs/boards.md says what stands in it',
  });
  // Editors of Windows put a mark in front.
  const text = read.replace(/^\uFEFF/, '');
  const invalid = (problems: readonly Pick<ConfigProblem, 'line' | 'message'>[]): CopycatError =>
    new CopycatError(
      'CONFIG_INVALID',
      problems.map(({ line, message }) => `${shown}${line === null ? '' : `:${line}`}: ${message}`).join('\n'),
    );
  const lines = new LineCounter();
  // JSON is YAML, whose reader knows on which line what stands.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // The reader's own words show what stands in the file.
    const at = /at position (\d+)/.exec(cause.message)?.[1];
    const line = at === undefined ? null : lines.linePos(Number(at)).line;
    throw invalid([{ line, message: `this is no JSON; ${NONE}` }]);
  }
  const [twice] = document.errors;
  if (twice?.code === 'DUPLICATE_KEY') {
    throw invalid([{ line: lines.linePos(twice.pos[0]).line, message: 'a key is there twice; expected it once' }]);
  }
  // Of what is no board's file nothing is shown: whoever names the wrong one is not to read it in a message.
  if (!isMap(document.contents) || !(document.has('kind') || document.has('name'))) {
    throw invalid([{ line: null, message: `neither kind nor name stands in it; ${NONE}` }]);
  }
  const parsed = boardSchema.safeParse(value);
  if (!parsed.success) {
    const source = sourceOf(document, value, lines);
    throw invalid(explainIssues(parsed.error.issues, source, boardJsonSchema).problems);
  }
  const { kind } = parsed.data;
  if (BOARD_KINDS.includes(kind)) {
    const message = `kind is "${kind}", which comes along; expected a name of its own`;
    throw invalid([{ line: sourceOf(document, value, lines).lineAt(['kind']), message }]);
  }
  return placed(parsed.data, file);
}

/** Paths begin at the file's own folder. */
function placed(facts: BoardFacts, file: string): BoardFacts {
  const images = Object.entries(facts.images).map(([name, path]) => [name, resolve(dirname(file), path)] as const);
  return { ...facts, images: Object.fromEntries(images) };
}
