import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { CopycatError } from '../../errors/copycat-error.js';
import { type Reply, refusal, type Streamed } from '../reply.js';
import { SAFE_HEADERS } from '../safe-headers.js';
import type { Gate } from '../security/gate.js';
import { findRoute } from './find-route.js';
import type { PageFiles } from './page-files.js';
import { readBody } from './read-body.js';
import type { Route } from './route.js';

export interface AnswerOptions {
  readonly routes: readonly Route[];
  readonly page: PageFiles;
  readonly gate: Gate;
  /** A mistake of ours: the client is told that there was one, and no more. */
  readonly onMistake: (error: unknown) => void;
}

const NO_VALUES = z.strictObject({});
/** A body is left unread where it is not wanted: the connection ends with the answer. */
const HAS_BODY = new Set(['POST', 'DELETE']);

/** Answers one request, whatever it is. Never rejects. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: AnswerOptions,
): Promise<void> {
  let reply: Reply | Streamed;
  try {
    reply = await replyTo(request, options);
  } catch (error) {
    // Its client went away, or was too slow for the server.
    if (request.destroyed && !request.complete) return;
    reply = replyToError(error, options);
  }
  if (response.destroyed) return;
  if ('stream' in reply && request.method === 'HEAD')
    send(request, response, refusal(405, 'a stream has no end', 'GET'));
  else if ('stream' in reply) reply.stream(response);
  else send(request, response, reply);
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { status, type, body, headers = {} } = reply;
  const isRead = request.complete || !HAS_BODY.has(request.method ?? '');
  response.writeHead(status, {
    ...SAFE_HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
    ...(isRead ? {} : { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function replyTo(request: IncomingMessage, options: AnswerOptions): Promise<Reply | Streamed> {
  const { routes, page, gate } = options;
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  const strange = gate.refuseStranger(request);
  if (strange !== null) return strange;
  const address = addressOf(request.url ?? '');
  if (address === null) return refusal(400, 'the address cannot be read', 'an address such as /api/pairs');
  const { path, query } = address;
  const found = findRoute(routes, method, path);
  if ('allow' in found) {
    const file = found.allow.length === 0 && method === 'GET' ? page.reply(path, request.headers) : null;
    if (file !== null) return file;
    if (found.allow.length > 0)
      return refusal(405, `${request.method} is not for ${path}`, found.allow.join(' or '), {
        allow: found.allow.join(', '),
      });
    return refusal(404, `there is nothing at ${path}`, 'an address that /api/openapi.json names');
  }
  const { route, named } = found;
  const caller = gate.callerOf(request);
  if ('refused' in caller) return caller.refused;
  if (route.isOpen !== true && !caller.mayRead)
    return refusal(401, caller.why, undefined, { 'www-authenticate': 'Bearer' });
  const asked = (route.query ?? NO_VALUES).safeParse(query);
  if (!asked.success) return refusal(400, issueText(asked.error, 'the query'));
  let body: Record<string, unknown> = {};
  if (HAS_BODY.has(method)) {
    if (route.isOpen !== true && !caller.mayAct) return refusal(403, caller.why);
    const read = await readBody(request);
    if ('refused' in read) return read.refused;
    const wanted = (route.body ?? NO_VALUES).safeParse(read.body);
    if (!wanted.success) return refusal(400, issueText(wanted.error, 'the body'));
    body = wanted.data;
  }
  const last = request.headers['last-event-id'];
  return route.handle({
    ...{ named, query: asked.data, body, caller, cookie: request.headers.cookie ?? null },
    lastEventId: typeof last === 'string' ? last : null,
    remote: request.socket.remoteAddress ?? '',
  });
}

/** What the ledger or the gateway could not do is not the client's fault, but for what is not there. */
function replyToError(error: unknown, { onMistake }: AnswerOptions): Reply {
  if (error instanceof CopycatError) {
    if (error.code === 'USAGE') return refusal(404, error.message);
    if (error.code !== 'INTERNAL') return refusal(503, error.message, error.expected);
  }
  onMistake(error);
  return refusal(500, 'Copycat has made a mistake; its log says more');
}

function addressOf(url: string): { readonly path: string; readonly query: Readonly<Record<string, string>> } | null {
  try {
    const { pathname, searchParams } = new URL(url, 'http://console');
    // A slash that is written as %2f is none: it belongs to a name.
    const path = pathname
      .split('/')
      .map((word) => decodeURIComponent(word).replaceAll('/', '\u0000'))
      .join('/');
    return { path, query: Object.fromEntries(searchParams) };
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return null;
    throw error;
  }
}

function issueText({ issues }: z.ZodError, where: string): string {
  const [first] = issues;
  if (first === undefined) return `${where} is wrong`;
  const key = first.path.join('.');
  return `${where}: ${key === '' ? '' : `${key}: `}${first.message}`;
}
