import { z } from 'zod';
import { type Route, route } from '../http/route.js';
import { json, refusal } from '../reply.js';
import type { Gate } from '../security/gate.js';

const sessionSchema = z.strictObject({
  needsToken: z.boolean().meta({ description: 'Nothing is told without one.' }),
  name: z.string().nullable().meta({ description: 'Who this is, as far as it is known.' }),
  mayRead: z.boolean(),
});

/** From a token to a cookie, which a page cannot read and another site cannot use. */
export function sessionRoutes(gate: Gate): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/session',
      summary: 'Whether a token is needed, and who this is',
      answer: sessionSchema,
      isOpen: true,
      handle: ({ caller: { name, mayRead } }) => json({ needsToken: gate.asksForToken, name, mayRead }),
    }),
    route({
      method: 'POST',
      path: '/api/session',
      summary: 'Begins a session: the answer sets a cookie',
      body: z.strictObject({ token: z.string({ error: 'expected a token' }).max(4096) }),
      answer: z.strictObject({ name: z.string(), readOnly: z.boolean() }),
      isOpen: true,
      handle: ({ body: { token }, remote }) => {
        if (!gate.asksForToken) return refusal(409, 'this console asks for no token');
        const holder = gate.holderOf(token, remote);
        if ('refused' in holder) return holder.refused;
        const cookie = gate.beginSession(holder);
        if (cookie === null) return refusal(401, 'this token has just been removed');
        return json({ name: holder.name, readOnly: holder.isReadOnly }, 200, { 'set-cookie': cookie });
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/session',
      summary: 'Ends it in this browser',
      answer: z.strictObject({}),
      isOpen: true,
      handle: () => {
        const cookie = gate.endSession();
        return json({}, 200, cookie === null ? {} : { 'set-cookie': cookie });
      },
    }),
  ];
}
