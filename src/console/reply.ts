import type { ServerResponse } from 'node:http';

/** What a request is answered by. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that goes on: whoever gives it writes to the response itself. */
export interface Streamed {
  readonly stream: (response: ServerResponse) => void;
}

export type Headers = Readonly<Record<string, string>>;

export function json(body: unknown, status = 200, headers: Headers = {}): Reply {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n`, headers };
}

/** 4xx and 5xx: a sentence for a person, and what was expected. */
export function refusal(status: number, error: string, expected?: string, headers: Headers = {}): Reply {
  return json({ error, ...(expected === undefined ? {} : { expected }) }, status, headers);
}
