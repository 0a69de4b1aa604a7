import { merge } from 'rxjs';
import { sumOfClients } from './client-counts.js';
import type { Upstream } from './upstream.js';

/**
 * Several upstreams as one; a ref goes back to its source. Those of one source (two TCP ports) share their ids, and the
 * answer goes to the one where it is waited for.
 */
export function manyUpstreams(upstreams: readonly Upstream[]): Upstream {
  // A ref of the ledger may be of an upstream that is no longer configured: then there are none.
  const of = (ref: string): readonly Upstream[] => {
    const ofSource = upstreams.filter(({ source }) => ref.split(':', 1)[0] === source);
    const own = ofSource.filter((upstream) => upstream.isOwn?.(ref) === true);
    return own.length > 0 ? own : ofSource;
  };
  return {
    source: [...new Set(upstreams.map(({ source }) => source))].join('+'),
    arrivals: merge(...upstreams.map(({ arrivals }) => arrivals)),
    get clients() {
      const all = upstreams.flatMap(({ clients }) => clients ?? []);
      return all.length === 0 ? undefined : sumOfClients(all);
    },
    accepted: (ref) => {
      for (const upstream of of(ref)) upstream.accepted(ref);
    },
    answer: (ref, ...answer) => of(ref).some((upstream) => upstream.answer(ref, ...answer)),
    refuse: (ref, reason) => {
      for (const upstream of of(ref)) upstream.refuse(ref, reason);
    },
    passOn: (body) => {
      for (const upstream of upstreams) upstream.passOn?.(body);
    },
    pauseIntake: () => {
      for (const upstream of upstreams) upstream.pauseIntake();
    },
    resumeIntake: () => {
      for (const upstream of upstreams) upstream.resumeIntake();
    },
    start: async () => (await Promise.all(upstreams.map((upstream) => upstream.start()))).flat(),
    close: async () => {
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
}
