import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { portingList } from '../../src/sketch/porting/porting-list.js';

/** What `copycat build` says of a sketch, of one file or of several: `LINE: found — the beginning of the advice`. */
function notes(text: string, others: Readonly<Record<string, string>> = {}) {
  const file = (name: string, content: string) => ({ path: `/${name}`, name, shown: name, text: content });
  const more = Object.entries(others).map(([name, content]) => file(name, content));
  const folder = {
    ...{ name: 'pump', path: '/', headers: [] },
    inos: [file('pump.ino', text)],
    sources: more,
  };
  return portingList(folder);
}

/** A ported sketch with this in its onInput(), and that at its top. */
function ported(body: string, top = '', setup = ''): string {
  return `#include <Copycat.h>
${top}
struct { int32_t sum; } s;
void setup() { cc_state(&s, sizeof s); cc_output(PUMP, 9, CC_DIGITAL, LOW); ${setup} cc_begin("pump", 1, onInput); }
void onInput(const cc_input *input) { s.sum++; ${body} }
void loop() { cc_poll(); }
`;
}

const told = (text: string) => notes(text).map(({ line, found, advice }) => `${line}: ${found} — ${advice}`);

describe('what has to change in a sketch', () => {
  it('R21: is nothing in one that is a function of what it is given', () => {
    expect(
      told(ported('int a = cc_read(0); cc_write(PUMP, a > 3); cc_log("delay(5) millis()"); // digitalWrite(9, 1)')),
    ).toEqual([]);
  });

  it('R21: is nothing in the examples that come along', () => {
    const folder = 'firmware-harness/examples';
    for (const name of readdirSync(folder))
      expect([name, told(readFileSync(`${folder}/${name}/${name}.ino`, 'utf8'))]).toEqual([name, []]);
  });

  it('R21: is the mode of a pin that is written as a pin, beside an output of the sketch’s own', () => {
    const own = 'cc_own_output(1, turnFlap, NULL, 0); pinMode(10, OUTPUT);';
    const top = 'void turnFlap(int level) { analogWrite(10, level); }';
    expect(told(ported('', top, own))).toEqual([]);
    expect(told(ported('digitalWrite(10, 1);', top, own)).map((text) => text.split(' — ')[0])).toEqual([
      '4: pinMode(10, OUTPUT)',
      '5: digitalWrite(10, 1)',
    ]);
  });

  it('R21: is one output of the sketch’s own where something is shifted out, its pins and the function that moves them', () => {
    const plain = `const int DATA = 11, CLOCK = 12, LATCH = 8;
void show(byte lamps) {
  digitalWrite(LATCH, LOW);
  shiftOut(DATA, CLOCK, MSBFIRST, lamps);
  digitalWrite(LATCH, HIGH);
}
void setup() { pinMode(DATA, OUTPUT); pinMode(CLOCK, OUTPUT); pinMode(LATCH, OUTPUT); pinMode(7, OUTPUT); }
void loop() { show(1); digitalWrite(7, HIGH); }
`;
    expect(told(plain).map((text) => text.split(' — ')[0])).toEqual([
      '4: shiftOut(DATA, CLOCK, MSBFIRST, lamps)',
      '7: pinMode(7, OUTPUT)',
      '8: loop()',
      '8: digitalWrite(7, HIGH)',
    ]);
  });

  it('R29: is a variable of the state that an output of the sketch’s own writes', () => {
    const top = 'int shown; void show(int16_t level) { shown = level; }';
    const found = told(ported('', top, 'cc_own_output(1, show, NULL, 0); CC_STATE(shown);'));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^2: shown = level — show\(\) .* writes the state.* out of CC_STATE$/);
    expect(told(ported('', top, 'cc_own_output(1, show, NULL, 0);'))).toEqual([]);
  });

  it('R25: names all that outlives an input in one call, in each line', () => {
    const found = told(ported('on = !on; count++;', 'bool on; int count;'));
    expect(found.map((text) => /CC_STATE\([^)]*\), once/.exec(text)?.[0])).toEqual([
      'CC_STATE(s, on, count), once',
      'CC_STATE(s, on, count), once',
    ]);
    const many = Array.from({ length: 9 }, (_, number) => `v${number}`);
    const all = told(ported(many.map((name) => `${name}++;`).join(' '), `int ${many.join(', ')};`));
    expect(all[8]).toContain('CC_STATE(s, v0, v1, v2, v3, …), once');
  });

  it('R21: is nothing where a name begins like a register of the processor', () => {
    const top = 'const int ADC_PIN = A0; const int ADCS = 2; int OCRead() { return cc_read(0); }';
    expect(told(ported('s.sum += OCRead() + ADC_PIN;', top, 'cc_source(0, ADC_PIN, CC_ADC);'))).toEqual([]);
  });

  it.each(['[] { pulses++; }', '[]() { pulses++; }', '[](void) { if (pulses < 9) { pulses++; } }'])(
    'R21: is what an interrupt writes that has no name: %s',
    (handler) => {
      const setup = `attachInterrupt(digitalPinToInterrupt(2), ${handler}, RISING);`;
      const found = told(ported('s.sum += pulses;', 'volatile int pulses;', setup));
      expect(found).toHaveLength(1);
      expect(found[0]).toContain('5: pulses — an interrupt writes it, at another moment on each board; cc_own_source');
      const isState = told(ported('s.sum++;', '', setup.replaceAll('pulses', 's.sum')));
      expect(isState.map((text) => text.includes('an interrupt writes the state'))).toEqual([true]);
    },
  );

  it.each([
    ['s.sum = TCNT1;', 'TCNT1 — cc_write() and cc_read()'],
    ['digitalWrite(9, HIGH);', 'digitalWrite(9, HIGH) — cc_write(PUMP, HIGH)'],
    [
      'digitalWrite(8, s.sum > max(1, 2));',
      'digitalWrite(8, s.sum > max(1, 2)) — cc_write(1, s.sum > max(1, 2)), with cc_output(1, 8, CC_DIGITAL, LOW) in setup()',
    ],
    ['analogWrite(10, 3);', 'analogWrite(10, 3) — cc_write(1, 3), with cc_output(1, 10, CC_PWM, 0) in setup()'],
    ['s.sum = analogRead(A0);', 'analogRead(A0) — cc_read(0), with cc_source(0, A0, CC_ADC) in setup()'],
    ['s.sum = digitalRead ( 4 );', 'digitalRead(4) — cc_read(0), with cc_source(0, 4, CC_DIGITAL) in setup()'],
    ['PORTB |= 4;', 'PORTB — cc_write() and cc_read()'],
    ['s.sum = millis();', 'millis() — input->pair_time_ms'],
    ['s.sum = micros();', 'micros() — input->pair_time_ms'],
    ['delay(5000);', 'delay(5000) — return, and act on a later input'],
    ['delayMicroseconds(5000);', 'delayMicroseconds(5000) — the answer waits as long'],
    ['Serial.println("x");', 'Serial.println("x") — cc_log('],
    ['while (Serial.available()) { }', 'Serial.available() — input->payload'],
    ['s.sum = random(10);', 'random(10) — each board has its own'],
    ['EEPROM.write(0, 1);', 'EEPROM.write(0, 1) — each board has its own'],
    ['Wire.requestFrom(1, 2);', 'Wire.requestFrom(1, 2) — to read: cc_own_source'],
  ])('%s', (body, note) => {
    const found = told(ported(body));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`5: ${note}`);
  });

  it.each([
    ['what only looks like it', 'my.millis(); mydelay(1); lcd.random(3); obj->delay(2); ns::delay(3);'],
    ['a wait that is too short to matter', 'delayMicroseconds(20);'],
    ['a text', 'cc_log("Serial.print(1)");'],
  ])('nothing of %s', (_, body) => {
    expect(told(ported(body))).toEqual([]);
  });

  it('in setup() is what a board has to do before it can answer, and nothing of what it may do there', () => {
    expect(told(ported('', '', 'pinMode(2, INPUT_PULLUP); Wire.begin(); delay(10); digitalWrite(9, LOW);'))).toEqual([
      expect.stringContaining('4: delay(10) — nothing slow before cc_begin()'),
      '4: digitalWrite(9, LOW) — cc_output(PUMP, …) gives the pin its safe level',
    ]);
  });

  it('is told with the file and the line of each', () => {
    const found = notes(ported('help();'), { 'help.cpp': '/* long\n   comment */\nvoid help() {\n  delay(1);\n}\n' });
    expect(found.map(({ file, line, kind }) => ({ file, line, kind }))).toEqual([
      { file: 'help.cpp', line: 4, kind: 'wait' },
    ]);
  });

  it('is the whole loop where there is no cc_begin(), and cc_poll() where that is missing', () => {
    expect(told('void setup() {\n}\nvoid loop() {\n}\n// cc_begin("x", 1, f)\n')).toEqual([
      expect.stringContaining(
        '3: loop() — no cc_begin(): its body goes into onInput(const cc_input *input), cc_begin("pump", 1, onInput)',
      ),
    ]);
    expect(told(ported('').replace('cc_poll();', ''))).toEqual([expect.stringContaining('6: loop() — no cc_poll()')]);
  });

  it('over another line than the gateway’s is not its business', () => {
    const text = ported('Serial.print(1); Serial1.print(2);', '', 'Serial1.begin(250000); cc_stream(Serial1);');
    expect(told(text)).toEqual([expect.stringContaining('5: Serial1.print(2) — cc_log(')]);
  });
});

describe('state outside the state', () => {
  it.each([
    ['int starts;', 'starts++;', 'int starts'],
    ['static unsigned long lastMs = 0, other;', 'lastMs = 4;', 'static unsigned long lastMs'],
    ['float temperatures[4] = {1, 2};', 'temperatures[s.sum % 4] += 2;', 'float temperatures'],
    ['struct Tank { int level; } tank;', 'tank.level = 3;', 'struct Tank {} tank'],
    ['enum Mode { A, B } mode = A;', 'if (mode == A) mode = B;', 'enum Mode {} mode'],
    ['const char *shown = "a";', 'shown = "b";', 'const char * shown'],
    ['PID pid(3, 4);', 'pid.compute(3);', 'PID pid'],
    ['int filled[3];', 'fill(&filled, 3);', 'int filled'],
    ['String text;', 'text += 1;', 'String text'],
    ['cc_timer report;', 'if (cc_every(&report, 500)) s.sum = 0;', 'cc_timer report'],
  ])('%s and %s', (top, body, found) => {
    const said = notes(ported(body, top));
    expect(said).toEqual([expect.objectContaining({ line: 2, kind: 'state', found })]);
  });

  it('may be static in a function', () => {
    const said = notes(ported('static int count = 0;\n count++;'));
    expect(said).toEqual([expect.objectContaining({ line: 5, kind: 'state', found: 'static int count' })]);
  });

  it.each([
    ['is registered', 'int own;', 'own = 3;', 'cc_state(&own, sizeof own);'],
    ['is registered by name', 'int own; bool other;', 'own = 3; other = true;', 'CC_STATE(own, other);'],
    ['is a constant', 'const int LIMIT = 3; constexpr int OTHER = 4;', 's.sum = LIMIT;', ''],
    ['is only read', 'int limit = 3;', 'if (limit == 4 || limit <= 3) s.sum = limit;', ''],
    ['is written in setup() alone', 'int limit;', 's.sum = limit;', 'limit = 3;'],
    ['is a variable of the function', 'int limit;', 'int limit = 3; limit++;', ''],
    ['is a parameter', 'int limit;\nvoid grow(int limit) { limit++; }', 'grow(3);', ''],
    ['is a field', 'int sum;', 's.sum = 3;', ''],
    [
      'is a declaration only',
      'extern int own; int limit(int a); struct Tank; typedef int Level;',
      's.sum = limit(3);',
      '',
    ],
  ])('is none that %s', (_, top, body, setup) => {
    expect(told(ported(body, top, setup))).toEqual([]);
  });
});

describe('interrupts', () => {
  const handler = 'volatile unsigned long pulses;\nvoid onPulse() { pulses++; }\n';
  const attach = 'attachInterrupt(digitalPinToInterrupt(2), onPulse, RISING);';

  it('that write what an input reads are told where it is read', () => {
    const [note, ...more] = notes(ported('s.sum = pulses;', handler, attach));
    expect(more).toEqual([]);
    expect(note).toMatchObject({ line: 7, kind: 'interrupt', found: 'pulses' });
    expect(note?.advice).toContain('onPulse() writes it, at another moment on each board; cc_own_source(N, fn)');
  });

  it('R29: that write the state are told where they do', () => {
    const [note, ...more] = notes(ported('', 'void onPulse() {\n  s.sum = 0; }\n', attach));
    expect(more).toEqual([]);
    expect(note).toMatchObject({ line: 3, kind: 'interrupt', found: 's.sum = 0' });
    expect(note?.advice).toContain('the board would stop itself');
  });

  it('may be ISR(…)', () => {
    const said = notes(ported('s.sum = pulses;', 'volatile int pulses;\nISR(TIMER1_COMPA_vect) { pulses++; }'));
    expect(said).toEqual([expect.objectContaining({ kind: 'interrupt', found: 'pulses' })]);
  });

  it('and what a source of one’s own does are left alone', () => {
    const source = `${handler}int32_t counted() { noInterrupts(); long n = pulses; interrupts(); return n + analogRead(A1) + millis(); }\n`;
    expect(told(ported('s.sum = cc_read(0);', source, `${attach} cc_own_source(0, counted);`))).toEqual([]);
  });
});
