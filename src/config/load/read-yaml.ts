import { type Document, isMap, isScalar, LineCounter, parseDocument, visit, type YAMLParseError } from 'yaml';
import { nearestWord } from '../../words/nearest-word.js';
import type { ConfigProblem, ConfigSource } from '../schema/explain-issue.js';
import { configJsonSchema } from '../schema/json-schema.js';
import { sourceOf } from './yaml-source.js';

/** What a text says, or the first thing because of which it says nothing. */
export type ReadYaml =
  | { readonly value: unknown; readonly source: ConfigSource }
  | { readonly problem: Pick<ConfigProblem, 'line' | 'expected' | 'message'> };

const NONE_OF_OURS =
  'this is no configuration of a pair: none of its keys stands in it; expected the keys boards, relay, input and deadline';

/**
 * YAML with merge keys (`<<: *board`). Of a file that has none of our keys nothing is shown: whoever checks the wrong file, as another
 * user too, is not to read it in a message.
 */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: true });
  const isEmpty = document.contents === null && document.errors.length === 0;
  if (!isEmpty && !isOurs(document, text)) return { problem: { line: null, expected: '', message: NONE_OF_OURS } };
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    return { problem: { line: lines.linePos(syntax.pos[0]).line, ...syntaxProblem(syntax, text) } };
  }
  const odd = aliasOfNothing(document, lines) ?? tagOfNothing(document, lines);
  if (odd !== null) return { problem: odd };
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (error) {
    // The one thing left that it throws of: aliases within aliases, which would fill the memory.
    if (!(error instanceof ReferenceError)) throw error;
    const message = 'aliases (*) stand within aliases too often; expected a few of them';
    return { problem: { line: null, expected: 'a few of them', message } };
  }
  return {
    value,
    source: sourceOf(document, value, lines),
  };
}

const ourKeys = (): readonly string[] => Object.keys(configJsonSchema().properties ?? {});

/** One of our keys stands in it, or what somebody may have meant as one. */
function isOurs({ contents, errors }: Document, text: string): boolean {
  const said = isMap(contents) ? contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
  // Where the reader of YAML gave up, it may not have come to them.
  if (errors.length > 0) said.push(...[...text.matchAll(/^([a-z-]+)\s*:/gm)].map(([, key = '']) => key));
  const known = ourKeys();
  return said.some((key) => known.includes(key) || nearestWord(key, known) !== undefined);
}

function syntaxProblem({ code, message, pos }: YAMLParseError, text: string): { expected: string; message: string } {
  if (code === 'MULTIPLE_DOCS') {
    const expected = 'one: each pair has a file of its own';
    return { expected, message: `a second document begins here (---); expected ${expected}` };
  }
  if (code !== 'DUPLICATE_KEY') return { expected: 'valid YAML', message: `not valid YAML: ${message}` };
  const key = /^[^\s:]+/.exec(text.slice(pos[0]))?.[0] ?? '';
  return { expected: 'it once', message: `the key ${key} is there twice; expected it once` };
}

type Problem = Extract<ReadYaml, { problem: unknown }>['problem'];

/** `*board`, where no `&board` stands above it. */
function aliasOfNothing(document: Document, lines: LineCounter): Problem | null {
  let found: Problem | null = null;
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      const expected = `&${alias.source} above it`;
      const line = alias.range ? lines.linePos(alias.range[0]).line : null;
      found = { line, expected, message: `*${alias.source} stands for nothing; expected ${expected}` };
      return visit.BREAK;
    },
  });
  return found;
}

/** `!secret x`: what other programs read such words as, this one does not. */
function tagOfNothing({ warnings }: Document, lines: LineCounter): Problem | null {
  const tag = warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (tag === undefined) return null;
  const message = `${tag.message.replace(/^Unresolved tag: /, 'unknown tag ')}; expected the value itself`;
  return { line: lines.linePos(tag.pos[0]).line, expected: 'the value itself', message };
}
