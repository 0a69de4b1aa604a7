import { merge } from 'rxjs';
import { internalError } from '../errors/copycat-error.js';
import type { Upstream } from './upstream.js';

/** Several upstreams as one; a ref goes back to the one it came from. Their sources must differ. */
export function manyUpstreams(upstreams: readonly Upstream[]): Upstream {
  const bySource = new Map(upstreams.map((upstream) => [upstream.source, upstream]));
  if (bySource.size !== upstreams.length) throw internalError('two upstreams of the same source');
  const of = (ref: string): Upstream | undefined => bySource.get(ref.split(':', 1)[0] ?? '');
  return {
    source: upstreams.map(({ source }) => source).join('+'),
    arrivals: merge(...upstreams.map(({ arrivals }) => arrivals)),
    // A ref of the ledger may be of an upstream that is no longer configured: nobody is there to be told.
    accepted: (ref) => of(ref)?.accepted(ref),
    answer: (ref, bodies, repeat) => of(ref)?.answer(ref, bodies, repeat) ?? false,
    refuse: (ref, reason) => of(ref)?.refuse(ref, reason),
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
