import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import type { ErrorCode } from '../../src/upstream/json-lines/json-request.js';

/** What pages and comments name is there: files, headings, scripts, commands with their options. */

const ROOT = join(import.meta.dirname, '../..');
const LEFT_OUT = new Set(['node_modules', 'dist', 'build', '.git', '.copycat', '.ci']);
/** Made by a build, so that it may be missing. */
const MADE = /^(?:firmware-harness\/build|dist)\b/;

const files = readdirSync(ROOT, { withFileTypes: true })
  .filter(({ name }) => !LEFT_OUT.has(name))
  .flatMap((entry) => (entry.isDirectory() ? filesIn(entry.name) : [entry.name]));
const folders = new Set(files.flatMap(foldersOf));
const tops = [...folders].filter((folder) => !folder.includes('/'));
const pages = files.filter((file) => file.endsWith('.md'));
const sources = files.filter((file) => /\.(?:[cm]?ts|mjs|c|h|cpp|ino|sh)$/.test(file));

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.has(name) && `${folder}/${name}` !== 'firmware-harness/build')
    .flatMap((entry) => (entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}

function foldersOf(file: string): string[] {
  const folder = posix.dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** The comments of a source, line by line: a string of a test may name what nobody has. */
function commentsOf(source: string): string {
  let isWithin = false;
  const lines = source.split('\n').map((line) => {
    const text = line.trim();
    isWithin ||= text.startsWith('/*');
    const isComment = isWithin || text.startsWith('//') || text.startsWith('# ');
    if (text.endsWith('*/')) isWithin = false;
    if (isComment) return line;
    const at = line.indexOf(' // ');
    return at < 0 ? '' : line.slice(at);
  });
  return lines.join('\n');
}

const mentions = [
  ...pages.map((file) => ({ file, text: textOf(file) })),
  ...sources.map((file) => ({ file, text: commentsOf(textOf(file)) })),
];

function missingOf(pattern: RegExp, isThere: (name: string, file: string) => boolean): string[] {
  return mentions.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)]
      .map(([mention]) => mention)
      .filter((mention) => !isThere(mention, file))
      .map((mention) => `${file}: ${mention}`),
  );
}

/** A file, a folder, or how names of files begin, as `npm test -- test/unit/config` has it; seen from the root, or from the library's. */
function isPath(path: string): boolean {
  const seen = [path, `firmware-harness/${path}`];
  return MADE.test(path) || seen.some((name) => folders.has(name) || files.some((file) => file.startsWith(name)));
}

describe('pages and comments', () => {
  it('name paths of the repository that are there', () => {
    const pattern = new RegExp(String.raw`(?<![\w./@-])(?:${tops.join('|')})/[\w@./*{},-]*\w`, 'g');
    const isPattern = (path: string): boolean => /[*{},]|[A-Z]{3}/.test(path.replace(/README|LICENSE|\.S$/, ''));
    expect(missingOf(pattern, (path) => isPattern(path) || isPath(path))).toEqual([]);
  });

  it('name sources that are there, also without their folder', () => {
    const pattern = /(?<![\w@/.*…-])(?:[\w-]+\/)*\w[\w-]*(?:\.[\w-]+)*\.(?:ts|mjs|mts)\b/g;
    expect(missingOf(pattern, (name) => files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
  });

  it('name scripts of npm that are there', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    expect(missingOf(/(?<=npm run (?:-s )?)[a-z]+/g, (name) => name in scripts)).toEqual([]);
  });

  it('lead to pages and headings that are there', () => {
    const anchorsOf = (page: string): string[] =>
      [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      );
    const dead = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)]*))?\)/g)]
        .filter(([, path = '', anchor]) => {
          const file = path === '' ? page : posix.join(dirname(page), path);
          if (!existsSync(join(ROOT, file))) return true;
          return anchor !== undefined && !anchorsOf(file).includes(anchor);
        })
        .map(([link]) => `${page}: ${link}`),
    );
    expect(dead).toEqual([]);
  });
});

/** Lines of code blocks, and what stands between backticks. */
function codeOf(page: string): string[] {
  const blocks = [...page.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.split('\n'));
  const spans = [...page.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...blocks, ...spans];
}

/** What is wrong with a command as it would be typed; null when nothing is, or when it is no command of ours. */
function wrongWith(code: string): string | null {
  const [, typed] =
    /^(?:\$ )?(?:sudo (?:env \S+ |"[^"]*" )*)?(?:npx )?copycat(?:-gateway)? (.+)$/.exec(code.trim()) ?? [];
  if (typed === undefined || /^[-@(:]|^is |^was /.test(typed)) return null;
  let command: Command = program;
  for (const word of (typed.split(/;| #| \(|\s{2,}/)[0] ?? '').split(' ')) {
    if (word === '--') return null;
    if (word.startsWith('--')) {
      const [name = ''] = word.split(/[=\]]/);
      if (!command.options.some(({ long }) => long === name)) return `${code}: ${command.name()} has no ${name}`;
      continue;
    }
    const names = word.replaceAll('\\', '').split('|');
    const subcommands = names.map((name) => command.commands.find((each) => each.name() === name));
    const [first] = subcommands;
    if (command.commands.length > 0 && /^[a-z]/.test(word) && subcommands.includes(undefined))
      return `${code}: ${command.name()} has no ${word}`;
    command = first ?? command;
  }
  return null;
}

const program = buildProgram('0', () => undefined);

describe('pages', () => {
  it('name commands and options that are there', () => {
    // What the commands print is held to the commands themselves.
    const others = ['CHANGELOG.md', 'docs/commands.md'];
    const commands = pages.filter((page) => !others.includes(page)).flatMap((page) => codeOf(textOf(page)));
    expect(commands.map(wrongWith).filter((wrong) => wrong !== null)).toEqual([]);
    expect(wrongWith('npx copycat statsu')).not.toBeNull();
    expect(wrongWith('copycat bench rejoin --seeds 7')).not.toBeNull();
    expect(wrongWith('copycat faults list --json')).toBeNull();
  });
});

describe('README.md', () => {
  it('has every command in its table', () => {
    const table = textOf('README.md').split('\n## The commands\n')[1]?.split('\n## ')[0] ?? '';
    const named = [...table.matchAll(/^\| `copycat ([a-z]+)/gm)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(program.commands.map((command) => command.name()).sort());
  });
});

describe('docs/tcp.md', () => {
  it('has every error that a client may be told', () => {
    const codes: Record<ErrorCode, true> = {
      BAD_JSON: true,
      NO_TOKEN: true,
      BAD_TOKEN: true,
      UNKNOWN_KEY: true,
      BAD_ID: true,
      BAD_PAYLOAD: true,
      BAD_ACK: true,
      ID_IN_WORK: true,
      ID_USED: true,
      RESULT_LOST: true,
      IN_DOUBT: true,
      CANCELLED: true,
      LINE_TOO_LONG: true,
      TOO_MANY_CONNECTIONS: true,
      GAVE_WAY: true,
      FULL: true,
      STOPPED: true,
      QUARANTINED: true,
    };
    const page = textOf('docs/tcp.md');
    expect(Object.keys(codes).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });
});
