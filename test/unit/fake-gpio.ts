import {
  type GpioChip,
  GpioError,
  type GpioHost,
  type HeldLine,
  type LineInfo,
  type LineRequest,
} from '../../src/hardware/gpio/gpio-chip.js';

export interface FakeLine {
  readonly name: string;
  consumer: string;
  direction: 'input' | 'output';
  level: 0 | 1;
  /** The request that holds it. */
  request: LineRequest | null;
  /** The next request or level is refused with this. */
  refusal: string | null;
  /** A short circuit: the pin shows this whatever is driven. */
  heldAt: 0 | 1 | null;
}

/** A host with GPIO chips made of memory: what the kernel would do with requests and levels. */
export class FakeGpio implements GpioHost {
  /** Every level that reached a pin, in order: `GPIO17=1`. */
  readonly done: string[] = [];
  onLevel: (line: string, level: 0 | 1) => void = () => undefined;
  /** Paths that may not be opened, and the kernel's word for it. */
  readonly refused = new Map<string, string>();
  openChips = 0;
  readonly #chips = new Map<string, { label: string; lines: FakeLine[] }>();

  constructor() {
    this.addChip(
      '/dev/gpiochip0',
      'pinctrl-rp1',
      Array.from({ length: 54 }, (_, offset) => `GPIO${offset}`),
    );
  }

  addChip(path: string, label: string, names: readonly string[]): void {
    const lines = names.map(
      (name): FakeLine => ({
        name,
        consumer: '',
        direction: 'input',
        level: 0,
        request: null,
        refusal: null,
        heldAt: null,
      }),
    );
    this.#chips.set(path, { label, lines });
  }

  removeChip(path: string): void {
    this.#chips.delete(path);
  }

  line(name: string): FakeLine {
    for (const { lines } of this.#chips.values()) {
      const found = lines.find((line) => line.name === name);
      if (found !== undefined) return found;
    }
    throw new Error(`no line ${name}`);
  }

  /** What the outside does to an input. */
  drive(name: string, level: 0 | 1): void {
    this.line(name).level = level;
  }

  paths(): readonly string[] {
    return [...this.#chips.keys(), ...this.refused.keys()];
  }

  open(path: string): GpioChip {
    const refusal = this.refused.get(path);
    if (refusal !== undefined) throw new GpioError(refusal, `opening ${path}: ${refusal}`);
    const chip = this.#chips.get(path);
    if (chip === undefined) throw new GpioError('ENOENT', `opening ${path}: ENOENT`);
    this.openChips++;
    return {
      path,
      label: chip.label,
      lineCount: chip.lines.length,
      info: (offset) => infoOf(at(chip.lines, offset)),
      request: (offset, request) => this.#request(at(chip.lines, offset), request),
      close: () => {
        this.openChips--;
      },
    };
  }

  #request(line: FakeLine, request: LineRequest): HeldLine {
    if (line.consumer !== '' || line.request !== null) throw new GpioError('EBUSY', 'taking a line: EBUSY');
    refuse(line);
    line.request = request;
    line.direction = request.direction;
    line.consumer = request.consumer;
    if (request.direction === 'output') this.#set(line, request.level);
    return {
      get: () => {
        refuse(line);
        return line.heldAt ?? line.level;
      },
      set: (level) => {
        refuse(line);
        if (request.direction === 'input') throw new GpioError('EPERM', 'setting an input: EPERM');
        this.#set(line, level);
      },
      release: () => {
        line.request = null;
        line.consumer = '';
      },
    };
  }

  #set(line: FakeLine, level: 0 | 1): void {
    line.level = level;
    this.done.push(`${line.name}=${level}`);
    this.onLevel(line.name, level);
  }
}

function refuse({ refusal }: FakeLine): void {
  if (refusal !== null) throw new GpioError(refusal, `a line: ${refusal}`);
}

function at(lines: readonly FakeLine[], offset: number): FakeLine {
  const line = lines[offset];
  if (line === undefined) throw new GpioError('EINVAL', `line ${offset}: EINVAL`);
  return line;
}

function infoOf({ name, consumer, direction, request }: FakeLine): LineInfo {
  return { name, consumer, isUsed: consumer !== '' || request !== null, isOutput: direction === 'output' };
}
