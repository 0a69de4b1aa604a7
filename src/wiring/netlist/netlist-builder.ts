import { internalError } from '../../errors/copycat-error.js';
import {
  DETAIL_NAMES,
  type DetailName,
  FIVE_VOLT_RAIL,
  GROUND_RAIL,
  type Meaning,
  type Netlist,
  type Part,
  type Terminal,
  type Wire,
  type WireEnd,
} from './netlist.js';

/** Collects parts and wires; what is wired to a terminal that no part has is a mistake of ours (INTERNAL). */
export class NetlistBuilder {
  readonly #parts = new Map<string, Part>();
  readonly #wires: Wire[] = [];
  readonly #details = new Set<DetailName>();
  #threeVolts: WireEnd = { part: 'pi', terminal: '1' };

  part(part: Part): void {
    this.#parts.set(part.id, part);
  }

  /** Puts a terminal more at a part that is there already; nothing when it has one of that name. */
  terminal(id: string, terminal: Terminal): WireEnd {
    const part = this.#parts.get(id);
    if (part === undefined) throw internalError('a terminal of a part that is not there', id);
    if (!part.terminals.some((known) => known.id === terminal.id)) {
      this.#parts.set(id, { ...part, terminals: [...part.terminals, terminal] });
    }
    return { part: id, terminal: terminal.id };
  }

  wire(from: string | WireEnd, to: string | WireEnd, meaning: Meaning, note = ''): void {
    const number = this.#wires.length + 1;
    this.#wires.push({ number, from: this.#end(from), to: this.#end(to), meaning, note });
  }

  ground(from: string | WireEnd, note = ''): void {
    this.wire(from, `${GROUND_RAIL}.any`, 'ground', note);
  }

  fiveVolts(from: string | WireEnd, note = ''): void {
    this.wire(from, `${FIVE_VOLT_RAIL}.any`, '5 V', note);
  }

  has(part: string, terminal: string): boolean {
    return this.#parts.get(part)?.terminals.some(({ id }) => id === terminal) === true;
  }

  /** From part to part: a header has two 3.3 V pins, and a pin takes one plug. */
  threeVolts(to: WireEnd, note = ''): void {
    this.wire(this.#threeVolts, to, '3.3 V', note);
    this.#threeVolts = to;
  }

  /** Asks for an enlarged circuit below the drawing. */
  detail(name: DetailName): void {
    this.#details.add(name);
  }

  build(title: string, subtitle: string): Netlist {
    const details = DETAIL_NAMES.filter((name) => this.#details.has(name));
    return { title, subtitle, parts: [...this.#parts.values()], wires: this.#wires, details };
  }

  #end(said: string | WireEnd): WireEnd {
    const [part = '', terminal = ''] = typeof said === 'string' ? said.split('.') : [said.part, said.terminal];
    const known = this.#parts.get(part)?.terminals.some(({ id }) => id === terminal);
    if (known !== true) throw internalError('a wire to a terminal that is not there', `${part}.${terminal}`);
    return { part, terminal };
  }
}
