// The firmware's tests: host tests under sanitizers, shared vectors through the C codec, generated files, images.
// Ends with a plain line `N passed, N failed, N skipped`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileOnce } from '#built/sketch/cache/compile-once.js';
import { hasArduinoCore, INSTALL_ARDUINO_CORE } from './arduino-build.mjs';
import { buildExamples, EXAMPLE_BOARDS } from './build-examples.mjs';
import {
  buildForHost,
  CODE_FOLDERS,
  differingImages,
  hasCompiler,
  INSTALL_AVR_GCC,
  sourcesOf,
  WARNINGS,
} from './build-firmware.mjs';
import { readmes } from './generate-examples.mjs';
import { costsPage } from './generate-firmware-costs.mjs';
import { generatedFiles } from './generate-protocol.mjs';
import { staleFiles } from './generated-files.mjs';
import { wronglyCompiled } from './refused-sketches.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(root, 'firmware-harness/build');
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** The images' windows and the largest; eight lines; and what a sketch may leave out (features.h). */
const VARIANTS = [
  { name: 'window-2', defines: ['CC_WINDOW=2'] },
  { name: 'window-4', defines: ['CC_WINDOW=4'] },
  { name: 'window-8', defines: ['CC_WINDOW=8'] },
  { name: 'lines-8', defines: ['CC_LINES=8'] },
  { name: 'least', defines: ['CC_WINDOW=1', 'CC_WITH_SELF_TEST=0', 'CC_WITH_STATE_TRANSFER=0', 'CC_WITH_TEXTS=0'] },
];
const counts = { passed: 0, failed: 0, skipped: 0 };

function report(title, failures) {
  counts[failures.length === 0 ? 'passed' : 'failed'] += 1;
  console.log(`${failures.length === 0 ? '  ok  ' : '  FAIL'} ${title}`);
  for (const failure of failures) console.log(`       ${failure}`);
}

/** Runs `test`, which returns what is wrong; a compiler or program that fails is wrong too. */
function run(title, test) {
  try {
    report(title, test());
  } catch (error) {
    report(
      title,
      [error.message, String(error.stdout ?? ''), String(error.stderr ?? '')].filter((text) => text !== ''),
    );
  }
}

function skip(title, why) {
  counts.skipped += 1;
  console.log(`  skip ${title}: ${why}`);
}

function vectors(name) {
  return JSON.parse(readFileSync(join(root, 'test/vectors', name), 'utf8'));
}

function hostTests({ name, defines }) {
  const output = join(built, `host-tests-${name}`);
  const flags = [...SANITIZERS, ...defines.map((define) => `-D${define}`)];
  buildForHost({ output, sources: sourcesOf(['src', 'test']), flags });
  console.log(`  with ${defines.join(', ')}:`);
  let lines;
  try {
    lines = execFileSync(output, { encoding: 'utf8' }).trimEnd().split('\n');
  } catch (error) {
    console.log(error.stdout);
    console.log(error.stderr);
    lines = String(error.stdout).trim().split('\n');
    if (!/ failed$/.test(lines.at(-1))) throw error; // a sanitizer stopped it
  }
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1)) ?? [];
  if (passed === undefined) throw new Error('the host tests ended without their count');
  counts.passed += Number(passed);
  counts.failed += Number(failed);
  for (const line of lines.slice(0, -1)) console.log(line);
}

/** A vector's fields as vectors.c prints them, in the order of the table. */
function described({ message, fields, session, seq, wire }) {
  const parts = Object.entries(fields).map(([name, value]) => {
    if (Array.isArray(value)) return ` ${name}=[${value.join(',')}]`;
    return typeof value === 'string' ? ` ${name}=x${value}` : ` ${name}=${value}`;
  });
  return `${message}${parts.join('')} session=${session} seq=${seq} wire=${wire}`;
}

function differences(cases, answers) {
  return cases
    .map(({ name, expected }, index) => ({ name, expected, actual: answers[index] }))
    .filter(({ expected, actual }) => actual !== expected)
    .map(({ name, expected, actual }) => `${name}: ${actual} instead of ${expected}`);
}

function vectorTests(lines) {
  const program = join(built, `vectors-${lines}`);
  const sources = [...sourcesOf(['src']), 'test/fake-board.c', 'test/programs/vectors.c'];
  buildForHost({ output: program, sources, flags: [...SANITIZERS, `-DCC_LINES=${lines}`] });
  const ask = (cases) =>
    execFileSync(program, { input: cases.map(({ line }) => `${line}\n`).join(''), encoding: 'utf8' })
      .trim()
      .split('\n');
  const drive = (title, cases) => run(`with CC_LINES=${lines} ${title}`, () => differences(cases, ask(cases)));
  drive(
    'the C codec reads and writes every frame of the shared vectors that has no more lines, and no other',
    vectors('frames.json').frames.map((vector) => ({
      name: vector.name,
      line: `frame ${vector.wire.slice(2, -2)}`,
      expected: (vector.lines ?? 4) <= lines ? described(vector) : 'rejected',
    })),
  );
  drive(
    'the C codec rejects every broken frame of the shared vectors',
    vectors('broken-frames.json').frames.map(({ name, bytes }) => ({
      name,
      line: `frame ${bytes}`,
      expected: 'rejected',
    })),
  );
  drive(
    'input crc, digest and result hash are those of the shared vectors',
    vectors('exchanges.json').exchanges.map(({ name, seq, payload, inputCrc, digest, resultHash }) => ({
      name,
      line: `exchange ${seq} ${payload}`,
      expected: `inputCrc=${inputCrc} digest=${digest} resultHash=${resultHash}`,
    })),
  );
}

/** The library's files stand above one another: none calls, through others, itself. Judged by what the objects link to. */
function callingOrderTest() {
  const folder = join(built, 'objects');
  mkdirSync(folder, { recursive: true });
  const definedIn = new Map();
  const needs = new Map();
  for (const source of sourcesOf(['src'])) {
    const object = join(folder, `${source.replaceAll('/', '-')}.o`);
    buildForHost({ output: object, sources: [source], flags: ['-c'] });
    const symbols = execFileSync('nm', [object], { encoding: 'utf8' }).matchAll(/ ([TU]) (cc_\w+)/g);
    for (const [, kind, symbol] of symbols) {
      if (kind === 'T') definedIn.set(symbol, source);
      else needs.set(source, [...(needs.get(source) ?? []), symbol]);
    }
  }
  const circles = [];
  const visited = new Set();
  const visit = (source, path) => {
    if (path.includes(source)) circles.push([...path.slice(path.indexOf(source)), source].join(' > '));
    if (visited.has(source)) return;
    visited.add(source);
    for (const symbol of needs.get(source) ?? []) {
      if (definedIn.has(symbol)) visit(definedIn.get(symbol), [...path, source]);
    }
  };
  for (const source of needs.keys()) visit(source, []);
  return [...new Set(circles)].map((circle) => `files call each other in a circle: ${circle}`);
}

function portTest() {
  const sources = sourcesOf(['src', 'ports/posix', 'apps/heater']);
  buildForHost({ output: join(built, 'heater'), sources });
  return [];
}

/** library.properties, library.json and keywords.txt have what package.json and copycat.h have. */
function libraryFilesTest() {
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const { version } = JSON.parse(read('package.json'));
  const versions = {
    'library.properties': /^version=(.*)$/m.exec(read('firmware-harness/library.properties'))?.[1],
    'library.json': JSON.parse(read('firmware-harness/library.json')).version,
  };
  const functions = read('firmware-harness/include/copycat/copycat.h').matchAll(/^\w+ (cc_(?!use\b)\w+)\(/gm);
  const keywords = read('firmware-harness/keywords.txt');
  return [
    ...Object.entries(versions)
      .filter(([, said]) => said !== version)
      .map(([file, said]) => `${file} says version ${said}, package.json ${version}`),
    ...[...functions]
      .filter(([, name]) => !keywords.includes(`${name}\tKEYWORD2\n`))
      .map(([, name]) => `keywords.txt lacks ${name}`),
  ];
}

function runHere([command, ...args]) {
  execFileSync(command, args, {
    cwd: join(root, 'firmware-harness'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The library on a core of a test's own, as every processor but an AVR compiles it. */
function arduinoPortTest() {
  const folder = join(built, 'arduino');
  mkdirSync(folder, { recursive: true });
  const flags = [...SANITIZERS, ...WARNINGS, '-g', '-DARDUINO=10819', '-Itest/arduino', '-Isrc'];
  const sources = [...sourcesOf(['src', 'src/arduino']), 'src/arduino/stream.cpp', 'test/arduino/test-stream.cpp'];
  const objects = sources.map((source) => {
    const object = join(folder, `${source.replaceAll('/', '-')}.o`);
    const [command, standard] = source.endsWith('.c') ? ['gcc', '-std=gnu11'] : ['g++', '-std=gnu++11'];
    const commandTo = (path) => [command, standard, ...flags, '-c', source, '-o', path];
    compileOnce({ commandTo, cwd: join(root, 'firmware-harness'), output: object, folders: CODE_FOLDERS });
    return object;
  });
  const program = join(folder, 'test-stream');
  runHere(['g++', ...SANITIZERS, '-o', program, ...objects]);
  runHere([program]);
  return [];
}

run('generated files are what messages.json says', () =>
  staleFiles(generatedFiles()).map((path) => `${path} is stale: run node tools/generate-protocol.mjs`),
);
run("the Arduino library's files say what package.json and copycat.h say", libraryFilesTest);
run('the READMEs of the Arduino examples are what the sketches say', () =>
  staleFiles(readmes()).map((path) => `${path} is stale: run node tools/generate-examples.mjs`),
);
if (hasCompiler('gcc')) {
  for (const variant of VARIANTS) {
    try {
      hostTests(variant);
    } catch (error) {
      report(`host tests: ${variant.name}`, [error.message]);
    }
  }
  try {
    vectorTests(4);
    vectorTests(8);
  } catch (error) {
    report('shared vectors', [error.message]);
  }
  run('no files of the library call each other in a circle', callingOrderTest);
  run('the heater builds as a process', portTest);
  if (hasCompiler('g++'))
    run('what cannot be a state, or a value of a line, does not compile', () => wronglyCompiled());
  run('the Arduino port never asks a stream for more than it takes', arduinoPortTest);
} else {
  skip('host tests', 'gcc is missing. Install it with: sudo apt-get install -y gcc');
}
if (hasCompiler('avr-gcc')) {
  run('the committed images are what the sources build, byte for byte', () =>
    differingImages().map((file) => `${file} is not what the sources build: run node tools/build-firmware.mjs`),
  );
  const costs = await costsPage();
  run('docs/firmware-costs.md says what the library takes of an ATmega328P', () =>
    staleFiles(costs).map((path) => `${path} is stale: run node tools/generate-firmware-costs.mjs`),
  );
} else {
  skip('images', `avr-gcc is missing, so the committed images are not rebuilt. Install it with: ${INSTALL_AVR_GCC}`);
}
if (hasCompiler('avr-gcc') && hasArduinoCore()) {
  run(`the Arduino examples compile without a warning (${EXAMPLE_BOARDS.join(', ')})`, () => {
    buildExamples(join(built, 'examples'));
    return [];
  });
} else {
  skip('Arduino examples', `the Arduino core is missing. Install it with: ${INSTALL_ARDUINO_CORE}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
