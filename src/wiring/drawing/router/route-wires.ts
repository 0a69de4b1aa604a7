import { internalError } from '../../../errors/copycat-error.js';

/** A point of the routing grid. */
export interface GridPoint {
  readonly x: number;
  readonly y: number;
}

/** 0 right, 1 down, 2 left, 3 up. */
export type Direction = 0 | 1 | 2 | 3;

/** Where a wire may begin or end, and the way it leaves the part there. */
export interface Port extends GridPoint {
  readonly leaves: Direction;
}

export interface GridBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface WireRequest {
  readonly number: number;
  /** Wires of one group are one electrical node drawn as one: they may share a way. */
  readonly group: string;
  /** A rail has many; any will do. */
  readonly from: readonly Port[];
  readonly to: readonly Port[];
}

export interface RouteRequest {
  readonly columns: number;
  readonly rows: number;
  /** Nothing runs through them or along their edges. */
  readonly boxes: readonly GridBox[];
  readonly wires: readonly WireRequest[];
}

/** Corners of each wire, ends included, by the wire's number. */
export type Routes = ReadonlyMap<number, readonly GridPoint[]>;

const STEP_X = [1, 0, -1, 0] as const;
const STEP_Y = [0, 1, 0, -1] as const;

/** In steps of the grid: a bend is worth a detour of so many, and so on. */
const BEND = 5;
const CROSSING = 4;
const BESIDE_WIRE = 0.7;
/** A step along a wire of the same node. */
const SHARED = 0.02;
/** A wire that ends at a rail anew, where it might have joined one that is there. */
const NEW_PLACE = 4;
const BESIDE_BOX = 1.5;
/** After the first round each wire is laid anew so often with all others in place: what came first got the best ways. */
const ROUNDS = 3;
const MAX_RESTARTS = 8;

/**
 * Lays every wire on the grid: at right angles, through no box, crossing others only straight, and never along one of
 * another group. A maze search (A* over point and direction), one wire after the other; a wire that finds no way is laid
 * first in the next attempt. The same request gives the same routes. Null when there is no room for all of them.
 */
export function routeWires(request: RouteRequest): Routes | null {
  const order = [...request.wires].sort((one, other) => span(one) - span(other) || one.number - other.number);
  for (let attempt = 0; attempt < MAX_RESTARTS; attempt++) {
    const maze = new Maze(request);
    const failed = order.find((wire) => !maze.lay(wire));
    if (failed === undefined) {
      for (let round = 1; round < ROUNDS; round++) {
        for (const wire of order) {
          const before = maze.lift(wire);
          if (!maze.lay(wire)) maze.putBack(wire, before);
        }
      }
      return maze.routes();
    }
    order.splice(order.indexOf(failed), 1);
    order.unshift(failed);
  }
  return null;
}

function span(wire: WireRequest): number {
  const [from] = wire.from;
  const [to] = wire.to;
  if (from === undefined || to === undefined) throw internalError('a wire without an end', wire.number);
  const across = wire.to.length > 1 ? 0 : Math.abs(from.x - to.x);
  return across + Math.abs(from.y - to.y);
}

const FREE = 0;

class Maze {
  readonly #columns: number;
  readonly #rows: number;
  readonly #blocked: Uint8Array;
  readonly #besideBox: Uint8Array;
  /** Group (as a number) that alone may touch a point: in front of a terminal. */
  readonly #kept: Int32Array;
  /** Number of wires of a group on the edge to the right of, or below, a point: group and count. */
  readonly #edgeGroup: [Int32Array, Int32Array];
  readonly #edgeCount: [Int32Array, Int32Array];
  readonly #groups = new Map<string, number>();
  readonly #laid = new Map<number, { readonly group: number; readonly points: readonly number[] }>();
  readonly #cost: Float64Array;
  readonly #cameFrom: Int32Array;

  constructor(request: RouteRequest) {
    this.#columns = request.columns;
    this.#rows = request.rows;
    const size = request.columns * request.rows;
    this.#blocked = new Uint8Array(size);
    this.#besideBox = new Uint8Array(size);
    this.#kept = new Int32Array(size);
    this.#edgeGroup = [new Int32Array(size), new Int32Array(size)];
    this.#edgeCount = [new Int32Array(size), new Int32Array(size)];
    this.#cost = new Float64Array(size * 4);
    this.#cameFrom = new Int32Array(size * 4);
    for (const box of request.boxes) this.#block(box);
    for (const wire of request.wires) {
      for (const ports of [wire.from, wire.to]) {
        const [port] = ports;
        // A rail has room everywhere; before a terminal only its own wires pass.
        if (ports.length !== 1 || port === undefined) continue;
        this.#kept[this.#index(port.x + STEP_X[port.leaves], port.y + STEP_Y[port.leaves])] = this.#group(wire.group);
      }
    }
  }

  /** False when there is no way; then nothing has changed. */
  lay(wire: WireRequest): boolean {
    const points = this.#search(wire);
    if (points === null) return false;
    this.putBack(wire, points);
    return true;
  }

  /** Takes a wire away and gives the points it had. */
  lift(wire: WireRequest): readonly number[] {
    const laid = this.#laid.get(wire.number);
    if (laid === undefined) throw internalError('a wire that was not laid is lifted', wire.number);
    this.#count(laid.points, laid.group, -1);
    this.#laid.delete(wire.number);
    return laid.points;
  }

  putBack(wire: WireRequest, points: readonly number[]): void {
    const group = this.#group(wire.group);
    this.#count(points, group, 1);
    this.#laid.set(wire.number, { group, points });
  }

  routes(): Routes {
    return new Map([...this.#laid].map(([number, { points }]) => [number, this.#corners(points)]));
  }

  #search(wire: WireRequest): readonly number[] | null {
    const group = this.#group(wire.group);
    const goals = new Map(wire.to.map((port) => [this.#index(port.x, port.y), ((port.leaves + 2) % 4) as Direction]));
    const [goal] = wire.to;
    // The least that a step may cost: less where others of the group have laid a way.
    const least = [...this.#laid.values()].some((laid) => laid.group === group) ? SHARED : 1;
    const near = (x: number, y: number) =>
      wire.to.length > 1 || goal === undefined ? 0 : least * (Math.abs(x - goal.x) + Math.abs(y - goal.y));
    this.#cost.fill(Number.POSITIVE_INFINITY);
    const open = new Heap();
    for (const port of wire.from) {
      const state = this.#index(port.x, port.y) * 4 + port.leaves;
      this.#cost[state] = 0;
      this.#cameFrom[state] = -1;
      open.push(near(port.x, port.y), state);
    }
    for (let state = open.pop(); state !== -1; state = open.pop()) {
      const point = state >> 2;
      const heading = (state & 3) as Direction;
      if (goals.get(point) === heading && this.#cameFrom[state] !== -1) return this.#path(state);
      const cost = this.#cost[state] ?? 0;
      const first = this.#cameFrom[state] === -1;
      // Straight across another wire, and straight out of a terminal.
      const straightOnly = first || this.#othersAt(point, group);
      for (const turn of straightOnly ? [0] : [0, 1, 3]) {
        const to = ((heading + turn) % 4) as Direction;
        const next = this.#enter(point, to, group, goals);
        if (next === null) continue;
        const price = cost + next.price + (turn === 0 || next.price === SHARED ? 0 : BEND);
        const nextState = next.point * 4 + to;
        if (price >= (this.#cost[nextState] ?? 0)) continue;
        this.#cost[nextState] = price;
        this.#cameFrom[nextState] = state;
        open.push(price + near(next.point % this.#columns, Math.floor(next.point / this.#columns)), nextState);
      }
    }
    return null;
  }

  /** What a step costs; null when it may not be made. */
  #enter(
    point: number,
    to: Direction,
    group: number,
    goals: ReadonlyMap<number, Direction>,
  ): { readonly point: number; readonly price: number } | null {
    const x = (point % this.#columns) + STEP_X[to];
    const y = Math.floor(point / this.#columns) + STEP_Y[to];
    if (x < 1 || y < 1 || x >= this.#columns - 1 || y >= this.#rows - 1) return null;
    const next = this.#index(x, y);
    if (goals.has(next)) {
      if (goals.get(next) !== to) return null;
    } else if (this.#blocked[next] === 1) return null;
    const kept = this.#kept[next];
    if (kept !== FREE && kept !== group && !goals.has(next)) return null;
    const owner = this.#edgeOwner(point, to);
    if (owner !== FREE && owner !== group) return null;
    if (this.#othersAt(next, group)) {
      // Only across: no corner and no end of another may be here.
      if (goals.has(next) || !this.#othersRunAcross(next, to, group)) return null;
    }
    // What is drawn already is not drawn again: it is followed at no cost, whatever it crosses.
    if (owner === group) return { point: next, price: SHARED };
    let price = goals.size > 1 && goals.has(next) ? NEW_PLACE : 1;
    if (this.#othersAt(next, group)) price += CROSSING;
    if (this.#besideBox[next] === 1 && !goals.has(next)) price += BESIDE_BOX;
    const side = ((to + 1) % 4) as Direction;
    for (const way of [side, ((side + 2) % 4) as Direction]) {
      const beside = this.#edgeOwner(this.#index(x + STEP_X[way], y + STEP_Y[way]), ((to + 2) % 4) as Direction);
      if (beside !== FREE && beside !== group) price += BESIDE_WIRE;
    }
    return { point: next, price };
  }

  /** The edges of other groups at a point are exactly the two at right angles to `to`. */
  #othersRunAcross(point: number, to: Direction, group: number): boolean {
    const side = ((to + 1) % 4) as Direction;
    const one = this.#edgeOwner(point, side);
    const other = this.#edgeOwner(point, ((side + 2) % 4) as Direction);
    const ahead = this.#edgeOwner(point, to);
    const behind = this.#edgeOwner(point, ((to + 2) % 4) as Direction);
    const foreign = (owner: number) => owner !== FREE && owner !== group;
    return foreign(one) && one === other && !foreign(ahead) && !foreign(behind);
  }

  #othersAt(point: number, group: number): boolean {
    for (const to of [0, 1, 2, 3] as const) {
      const owner = this.#edgeOwner(point, to);
      if (owner !== FREE && owner !== group) return true;
    }
    return false;
  }

  #edgeOwner(point: number, to: Direction): number {
    const { axis, at } = this.#edge(point, to);
    return (this.#edgeCount[axis][at] ?? 0) > 0 ? (this.#edgeGroup[axis][at] ?? FREE) : FREE;
  }

  #edge(point: number, to: Direction): { readonly axis: 0 | 1; readonly at: number } {
    if (to === 0) return { axis: 0, at: point };
    if (to === 2) return { axis: 0, at: point - 1 };
    return to === 1 ? { axis: 1, at: point } : { axis: 1, at: point - this.#columns };
  }

  #count(points: readonly number[], group: number, by: 1 | -1): void {
    for (let index = 1; index < points.length; index++) {
      const from = points[index - 1] ?? 0;
      const to = points[index] ?? 0;
      const axis = Math.abs(to - from) === 1 ? 0 : 1;
      const at = Math.min(from, to);
      this.#edgeGroup[axis][at] = group;
      this.#edgeCount[axis][at] = (this.#edgeCount[axis][at] ?? 0) + by;
    }
  }

  #path(end: number): readonly number[] {
    const points: number[] = [];
    for (let state = end; state !== -1; state = this.#cameFrom[state] ?? -1) points.push(state >> 2);
    return points.reverse();
  }

  #corners(points: readonly number[]): readonly GridPoint[] {
    return points
      .filter((point, index) => {
        const before = points[index - 1];
        const after = points[index + 1];
        return before === undefined || after === undefined || point - before !== after - point;
      })
      .map((point) => ({ x: point % this.#columns, y: Math.floor(point / this.#columns) }));
  }

  #group(name: string): number {
    const known = this.#groups.get(name) ?? this.#groups.size + 1;
    this.#groups.set(name, known);
    return known;
  }

  #index(x: number, y: number): number {
    return y * this.#columns + x;
  }

  #block(box: GridBox): void {
    for (let y = box.top - 1; y <= box.bottom + 1; y++) {
      for (let x = box.left - 1; x <= box.right + 1; x++) {
        if (x < 0 || y < 0 || x >= this.#columns || y >= this.#rows) continue;
        const inside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
        if (inside) this.#blocked[this.#index(x, y)] = 1;
        else this.#besideBox[this.#index(x, y)] = 1;
      }
    }
  }
}

/** The least first; equal ones in the order in which they came, so that a route does not depend on anything else. */
class Heap {
  readonly #items: { readonly price: number; readonly order: number; readonly state: number }[] = [];
  #order = 0;

  push(price: number, state: number): void {
    const items = this.#items;
    items.push({ price, order: this.#order++, state });
    let at = items.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#before(parent, at)) break;
      this.#swap(parent, at);
      at = parent;
    }
  }

  /** -1 when empty. */
  pop(): number {
    const items = this.#items;
    const [top] = items;
    const last = items.pop();
    if (top === undefined || last === undefined) return -1;
    if (items.length > 0) {
      items[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const right = left + 1;
        let least = at;
        if (left < items.length && this.#before(left, least)) least = left;
        if (right < items.length && this.#before(right, least)) least = right;
        if (least === at) break;
        this.#swap(least, at);
        at = least;
      }
    }
    return top.state;
  }

  #before(one: number, other: number): boolean {
    const a = this.#items[one];
    const b = this.#items[other];
    if (a === undefined || b === undefined) return true;
    return a.price < b.price || (a.price === b.price && a.order < b.order);
  }

  #swap(one: number, other: number): void {
    const a = this.#items[one];
    const b = this.#items[other];
    if (a === undefined || b === undefined) return;
    this.#items[one] = b;
    this.#items[other] = a;
  }
}
