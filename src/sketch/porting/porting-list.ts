import type { SketchFolder } from '../source/sketch-folder.js';
import { FOREIGN_CALLS, onlyIn, serialAdvice } from './calls.js';
import { declaredLines } from './declared-lines.js';
import type { PortingNote } from './porting-note.js';
import {
  type Context,
  callAt,
  contextAt,
  functionAt,
  lineOf,
  type ScannedFile,
  type ScannedSketch,
  scanSketch,
} from './scanned-sketch.js';
import {
  type LastingVariable,
  lastingVariables,
  registeredState,
  usesOf,
  type VariableWrite,
  writesOf,
} from './variables.js';

/**
 * Line by line, what of a sketch a person must decide about or change before it is one of a pair: what makes a result depend on more than
 * state, pair time, payload and readings (R21), and what keeps its board from answering. Read without a compiler: what macros hide, and what
 * is done in other libraries, is not seen; the bench sees it (`same-inputs`).
 */
export function portingList(folder: SketchFolder): readonly PortingNote[] {
  const sketch = scanSketch(folder);
  const notes = [
    ...notBegun(sketch, folder),
    ...foreignCalls(sketch),
    ...serial(sketch),
    ...registers(sketch),
    ...variables(sketch),
  ];
  const order = sketch.files.map(({ file }) => file.shown);
  const isSame = (one: PortingNote, other: PortingNote): boolean =>
    one.file === other.file && one.line === other.line && one.found === other.found;
  return notes
    .filter((note, index) => notes.findIndex((other) => isSame(note, other)) === index)
    .sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line || a.column - b.column);
}

function noteAt(file: ScannedFile, at: number, note: Pick<PortingNote, 'kind' | 'found' | 'advice'>): PortingNote {
  const column = at - file.plain.lastIndexOf('\n', at - 1);
  return { file: file.file.shown, line: lineOf(file, at), column, ...note };
}

function notBegun({ files, onInput }: ScannedSketch, { name }: SketchFolder): readonly PortingNote[] {
  const find = (wanted: string) =>
    files.flatMap((file) =>
      file.functions.filter((one) => one.name === wanted).map(({ headAt }) => ({ file, headAt })),
    )[0];
  const loop = find('loop') ?? find('setup');
  if (loop === undefined) return [];
  const { file, headAt } = loop;
  const isPolled = files.some(({ plain }) => /\bcc_poll\s*\(/.test(plain));
  if (onInput === null) {
    const advice = `no cc_begin(): its body goes into onInput(const cc_input *input), cc_begin("${name}", 1, onInput) to the end of setup(), and cc_poll() here`;
    return [noteAt(file, headAt, { kind: 'not-begun', found: 'loop()', advice })];
  }
  if (isPolled) return [];
  return [
    noteAt(file, headAt, {
      kind: 'not-begun',
      found: 'loop()',
      advice: 'no cc_poll(): without it the board never answers',
    }),
  ];
}

function foreignCalls(sketch: ScannedSketch): readonly PortingNote[] {
  const lines = declaredLines(sketch);
  return sketch.files.flatMap((file) =>
    FOREIGN_CALLS.flatMap(({ kind, name, advice }) =>
      [...file.code.matchAll(new RegExp(`(?<![\\w.>:])(?:${name})\\s*\\(`, 'g'))].flatMap(({ index }) => {
        const contexts = contextAt(sketch, file, index);
        if (goesWithShiftedOut(sketch, file, index)) return [];
        // What is given to the library as a source or output of its own, and an interrupt, may use what it likes.
        if (!contexts.has('processing') && !contexts.has('setup')) return [];
        const { found, given } = callAt(file, index);
        const said = advice({ given, name: found, contexts, lines });
        return said === null ? [] : [noteAt(file, index, { kind, found, advice: said })];
      }),
    ),
  );
}

/**
 * Whether pins are moved here only to shift something out: function and pins become one output of the sketch's own, which the note at the shiftOut() says.
 */
function goesWithShiftedOut(sketch: ScannedSketch, file: ScannedFile, at: number): boolean {
  const { found, given } = callAt(file, at);
  const [pin = ''] = given;
  if (/^digitalWrite\b/.test(found)) {
    const around = functionAt(file, at);
    return (
      around !== null && around.name !== 'setup' && SHIFTS_OUT.test(file.plain.slice(around.bodyFrom, around.bodyTo))
    );
  }
  return /^pinMode\b/.test(found) && given[1] === 'OUTPUT' && shiftedPins(sketch).has(pin);
}

const SHIFTS_OUT = /\bshiftOut\s*\(/;

/** Pins that are given to shiftOut(), and those that are moved around it. */
function shiftedPins({ files }: ScannedSketch): ReadonlySet<string> {
  const pins = new Set<string>();
  for (const file of files) {
    for (const { name, bodyFrom, bodyTo } of file.functions) {
      const body = file.plain.slice(bodyFrom, bodyTo);
      if (name === 'setup' || !SHIFTS_OUT.test(body)) continue;
      for (const { index, 0: call } of body.matchAll(/\b(?:shiftOut|digitalWrite)\s*\(/g)) {
        const { given } = callAt(file, bodyFrom + index);
        for (const pin of given.slice(0, call.startsWith('shiftOut') ? 2 : 1)) pins.add(pin);
      }
    }
  }
  return pins;
}

/** What is said over the serial port that the gateway is at the other end of. */
function serial(sketch: ScannedSketch): readonly PortingNote[] {
  const streams = sketch.files.flatMap(({ plain }) => [...plain.matchAll(/\bcc_stream\s*\(\s*(\w+)/g)]);
  const port = streams[0]?.[1] ?? 'Serial';
  const isBegunByUser = streams.length > 0;
  return sketch.files.flatMap((file) =>
    [...file.code.matchAll(new RegExp(`(?<![\\w.>])${port}\\s*\\.\\s*(\\w+)\\s*\\(`, 'g'))].flatMap((match) => {
      const [, method = ''] = match;
      if (method === 'begin' && isBegunByUser) return [];
      const { found } = callAt(file, match.index);
      return [noteAt(file, match.index, { kind: 'serial', found, advice: serialAdvice(method) })];
    }),
  );
}

/** Pins, timers and the converter by their registers. */
function registers(sketch: ScannedSketch): readonly PortingNote[] {
  const names =
    /(?<![\w.>])(?:PORT|DDR|PIN)[A-L]\b|(?<![\w.>])(?:OCR\d[A-C]?|TCCR\d[A-C]|TCNT\d|ICR\d|ADC|ADMUX|ADCSR[AB])[HL]?\b/g;
  return sketch.files.flatMap((file) =>
    [...file.plain.matchAll(names)].flatMap(({ 0: found, index }) => {
      const contexts = contextAt(sketch, file, index);
      if (!contexts.has('processing')) return [];
      const advice =
        'cc_write() and cc_read() of a declared output or source: what is done to a register is seen by nobody';
      return [noteAt(file, index, { kind: 'pin', found, advice })];
    }),
  );
}

function variables(sketch: ScannedSketch): readonly PortingNote[] {
  const state = registeredState(sketch);
  const written = lastingVariables(sketch).map((variable) => ({ variable, writes: writesOf(sketch, variable) }));
  const within = (writes: readonly VariableWrite[], context: Context): VariableWrite | undefined =>
    writes.find(({ file, at }) => contextAt(sketch, file, at).has(context));
  const unregistered = written.filter(
    ({ variable: { name }, writes }) =>
      !state.has(name) && within(writes, 'interrupt') === undefined && within(writes, 'processing') !== undefined,
  );
  const names = [...state, ...unregistered.map(({ variable }) => variable.name)];
  return written.flatMap(({ variable, writes }) => {
    const inInterrupt = within(writes, 'interrupt');
    if (inInterrupt !== undefined) return interruptNote(sketch, variable, inInterrupt, state.has(variable.name));
    const byOwnLine = within(writes, 'own-line');
    if (byOwnLine !== undefined && state.has(variable.name)) return [ownLineNote(byOwnLine)];
    if (!unregistered.some((one) => one.variable === variable)) return [];
    return [noteAt(variable.file, variable.at, stateNote(variable, names))];
  });
}

/** The library calls such a function between two inputs: what it leaves there was nobody's result. */
function ownLineNote({ file, at }: VariableWrite): PortingNote {
  const name = functionAt(file, at)?.name ?? 'it';
  const advice = `${name}() is a source or an output of your own and writes the state: the board would stop itself. Keep it out of CC_STATE`;
  return noteAt(file, at, { kind: 'state', found: writtenText(file, at), advice });
}

/** More names than these make the line no clearer. */
const MOST_NAMES = 6;

function stateNote(
  { name, declaration }: LastingVariable,
  names: readonly string[],
): Pick<PortingNote, 'kind' | 'found' | 'advice'> {
  const found = declaration;
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES - 1), '…'] : names;
  if (/\bString\b/.test(declaration)) {
    return {
      kind: 'state',
      found,
      advice: `its text is outside the state: char ${name}[32], and CC_STATE(${name}) in setup()`,
    };
  }
  return {
    kind: 'state',
    found,
    advice: `it outlives an input, and a backup would go on without it: CC_STATE(${shown.join(', ')}), once, in setup()`,
  };
}

/** An interrupt comes at another moment on each board. */
function interruptNote(
  sketch: ScannedSketch,
  variable: LastingVariable,
  { file, at }: { readonly file: ScannedFile; readonly at: number },
  isState: boolean,
): readonly PortingNote[] {
  const { name } = variable;
  const read = `cc_own_source(N, fn) makes it a source of your own, for cc_read(N)`;
  if (isState) {
    const advice = `an interrupt writes the state: the board would stop itself. Keep it outside; ${read}`;
    return [noteAt(file, at, { kind: 'interrupt', found: writtenText(file, at), advice })];
  }
  const uses = usesOf(sketch, variable).filter((use) => {
    const contexts = contextAt(sketch, use.file, use.at);
    return contexts.has('processing') && !onlyIn(contexts, 'interrupt');
  });
  const [first] = uses;
  if (first === undefined) return [];
  const handler = functionAt(file, at)?.name ?? 'an interrupt';
  const advice = `${handler.startsWith('ISR ') ? 'an interrupt' : `${handler}()`} writes it, at another moment on each board; ${read}`;
  return [noteAt(first.file, first.at, { kind: 'interrupt', found: name, advice })];
}

function writtenText({ file, plain }: ScannedFile, at: number): string {
  const end = plain.indexOf(';', at);
  return file.text
    .slice(at, end < 0 ? at + 40 : end)
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, 40);
}
