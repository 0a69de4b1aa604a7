import type { FaultView } from '../fault-view.js';

/** How one kind of fault is told. */
export interface FaultKind {
  /** A few words for a list: `board a stopped answering`. */
  readonly title: (view: FaultView) => string;
  /** One or two sentences on what the gateway saw. */
  readonly happened: (view: FaultView) => string;
  /** What usually lies behind it; empty where there is no fault to explain. */
  readonly cause: string;
  /** What to look at, before anything else. */
  readonly look: string;
  /** The command that shows it; `service`: the unit of this pair's gateway, `copycat@NAME`. */
  readonly lookCommand?: (service: string) => string;
  /** It is no fault but an event (events.ts): always, or where its evidence says that it was `planned`. Absent: a fault. */
  readonly event?: 'always' | 'where-planned';
}
