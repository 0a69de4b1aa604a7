import type { IncomingMessage } from 'node:http';
import { type Reply, refusal } from '../reply.js';

/** Far more than a command. */
const MOST_BODY_BYTES = 8192;

/** A JSON object, `{}` where there is no body; else why it is refused. The server itself ends who takes too long. */
export async function readBody(
  request: IncomingMessage,
): Promise<{ readonly body: object } | { readonly refused: Reply }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BODY_BYTES) {
      const headers = { connection: 'close' };
      return { refused: refusal(413, 'the body is too long', `at most ${MOST_BODY_BYTES} bytes`, headers) };
    }
    chunks.push(chunk as Buffer);
  }
  if (bytes === 0) return { body: {} };
  // A page of another origin may send a form or a text unasked, and JSON not.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return { refused: refusal(415, 'the body is not said to be JSON', 'content-type: application/json') };
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { body };
    return { refused: refusal(400, 'the body is no JSON object', 'an object such as {"board":"b"}') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { refused: refusal(400, `the body is no JSON: ${why}`, 'an object such as {"board":"b"}') };
  }
}
