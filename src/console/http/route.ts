import type { z } from 'zod';
import type { Reply, Streamed } from '../reply.js';
import type { Caller } from '../security/caller.js';

/** One request, as far as it was found sound. */
export interface Call<Query, Body> {
  /** Of `:name` in the path. */
  readonly named: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly lastEventId: string | null;
  readonly cookie: string | null;
  /** The address of the other end; empty on a Unix socket. */
  readonly remote: string;
}

type Schema = z.ZodObject;

export interface Route<Query extends Schema = Schema, Body extends Schema = Schema> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `/api/pairs/:id/status` */
  readonly path: string;
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  /** Of a good answer; absent: it is no JSON, and of `type`. */
  readonly answer?: z.ZodType;
  readonly type?: string;
  /** Also for who has shown no token, where one is asked for. */
  readonly isOpen?: boolean;
  readonly handle: (call: Call<z.output<Query>, z.output<Body>>) => Reply | Streamed | Promise<Reply | Streamed>;
}

/** A route whose handler knows what its schemas say; the list of routes does not. */
export function route<Query extends Schema, Body extends Schema>(one: Route<Query, Body>): Route {
  return one as unknown as Route;
}
