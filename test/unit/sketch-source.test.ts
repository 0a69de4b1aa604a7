import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blankOut } from '../../src/sketch/source/blank-out.js';
import { functionsOf } from '../../src/sketch/source/functions.js';
import { inoToCpp } from '../../src/sketch/source/ino-to-cpp.js';
import { readSketch } from '../../src/sketch/source/sketch-folder.js';

describe('what is no code in a sketch', () => {
  it.each([
    ['a comment', 'a; // delay(5)\nb;', 'a;            \nb;'],
    ['a comment that goes on', 'a; // x \\\ny\nb;', 'a;       \n \nb;'],
    ['a comment over lines', 'a /* millis()\n */ b', 'a            \n    b'],
    ['a text', 'log("delay(\\"5\\")");', 'log("            ");'],
    ['a character', "x = '\"'; y = '\\''; // z", "x = ' '; y = '  ';     "],
    ['a raw text', 'x = R"k(a " // b)k"; y', 'x =                ; y'],
    ['a comment in a text', 'log("//"); delay(1);', 'log("  "); delay(1);'],
    ['no comment that ends', 'a; /* b', 'a;     '],
    ['a number with marks', "x = 1'000'000; y = 'c';", "x = 1'000'000; y = ' ';"],
  ])('%s is blank, and everything else is where it was', (_, text, code) => {
    const blank = blankOut(text);
    expect(blank).toHaveLength(text.length);
    expect(blank).toBe(code);
  });
});

describe('the functions of a sketch', () => {
  const names = (text: string): readonly string[] => functionsOf(blankOut(text)).map(({ name }) => name);

  it('are those that it defines at file level', () => {
    expect(
      names(`
        int a = 3, b[] = {1, 2};
        struct S { int c; void method() { } };
        void setup() { if (a) { loop(); } }
        static unsigned long *
        here(int x,
             void (*then)(int)) { return 0; }
        ISR(TIMER1_COMPA_vect) { a = 4; }
        void S::method() { }
        template <typename T> T twice(T v) { return v; }
        extern "C" { void inC(void) { } }
        int declared(int);
        void loop() { }
      `),
    ).toEqual(['setup', 'here', 'inC', 'loop']);
  });
});

describe('a sketch as C++', () => {
  const of = (text: string, ...more: string[]): string =>
    inoToCpp([{ name: 'a.ino', text }, ...more.map((one, index) => ({ name: `b${index}.ino`, text: one }))]);

  it('has a prototype of each function, each at its own line, before the first one', () => {
    expect(
      of('struct S { int v; };\n\nvoid setup() {\n  other(1);\n}\n', 'int x;\nS other(int a) { return S(); }'),
    ).toBe(
      [
        '#include <Arduino.h>',
        '#line 1 "a.ino"',
        'struct S { int v; };',
        '',
        ...['#line 3 "a.ino"', 'void setup();', '#line 2 "b0.ino"', 'S other(int a);'],
        ...['#line 3 "a.ino"', 'void setup() {', '  other(1);', '}'],
        ...['#line 1 "b0.ino"', 'int x;', 'S other(int a) { return S(); }', ''],
      ].join('\n'),
    );
  });

  it('has none of a function that may not be compiled, nor of one with default arguments', () => {
    const text = '#ifdef LCD\nvoid show() {\n}\n#endif\nvoid blink(int times = 3) { }\nvoid setup() { }\n';
    const cpp = of(text);
    // Not within the #ifdef that the first function stands in.
    expect(cpp.indexOf('void setup();')).toBeLessThan(cpp.indexOf('#ifdef'));
    expect(cpp).not.toContain('show();');
    expect(cpp).not.toContain('blink(int times = 3);');
  });

  it('is what it is where it has no function', () => {
    expect(of('int a;')).toBe('#include <Arduino.h>\n#line 1 "a.ino"\nint a;\n');
  });
});

describe('the folder of a sketch', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'copycat-sketch-'));
    const put = (name: string): void => {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), '');
    };
    for (const name of ['zoo.ino', 'ant.ino', 'bee.cpp', 'bee.h', 'notes.txt', 'src/deep/cat.c', 'extras/no.cpp'])
      put(`zoo/${name}`);
    for (const name of ['only.ino']) put(`elsewhere/${name}`);
    for (const name of ['one.ino', 'two.ino']) put(`both/${name}`);
    put('none/readme.md');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is its .ino files, the one of its own name first, its sources, and all below src', () => {
    for (const named of ['zoo', 'zoo/', 'zoo/zoo.ino']) {
      const { name, inos, sources, headers } = readSketch(join(folder, named));
      expect(name).toBe('zoo');
      expect(inos.map((file) => file.name)).toEqual(['zoo.ino', 'ant.ino']);
      expect(sources.map((file) => file.name)).toEqual(['bee.cpp', 'src/deep/cat.c']);
      expect(headers.map((file) => file.name)).toEqual(['bee.h']);
    }
  });

  it('may have one .ino of another name', () => {
    expect(readSketch(join(folder, 'elsewhere')).name).toBe('only');
    expect(readSketch(join(folder, 'both/two.ino')).name).toBe('two');
  });

  it.each([
    ['nowhere', 'there is no '],
    ['none', 'has no sketch: no .ino file'],
    ['both', 'is called like the folder'],
    ['none/readme.md', 'is no sketch'],
  ])('%s: %s', (named, message) => {
    expect(() => readSketch(join(folder, named))).toThrow(message);
  });
});
