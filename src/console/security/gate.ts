import type { IncomingMessage } from 'node:http';
import { ownName } from '../../private-files/account.js';
import type { Reply } from '../reply.js';
import type { Caller } from './caller.js';
import { refuseHost, refuseOrigin } from './host-names.js';
import { isOwn, localUser } from './local-user.js';

export interface GateOptions {
  readonly isUnixSocket: boolean;
  /** Under which a browser may come here, beside localhost and this machine's own. */
  readonly hosts: readonly string[];
}

/** Who may come in, and what he may do. */
export class Gate {
  constructor(private readonly options: GateOptions) {}

  /** Null: nothing speaks against the request, whoever it is from. */
  refuseStranger(request: IncomingMessage): Reply | null {
    const { isUnixSocket, hosts } = this.options;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    return (isUnixSocket ? null : refuseHost(request, hosts)) ?? (isRead ? null : refuseOrigin(request));
  }

  callerOf(request: IncomingMessage): Caller | { readonly refused: Reply } {
    if (this.options.isUnixSocket) {
      // Whoever may open the socket's file: this user and root.
      return { name: ownName(), mayRead: true, mayAct: true, why: '' };
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const user = isRead ? null : localUser(request.socket);
    return {
      name: user?.name ?? null,
      mayRead: true,
      mayAct: user !== null && isOwn(user),
      why: `without a token only the user that runs this console, and root, may have something done; this is ${user?.name ?? 'somebody else'}`,
    };
  }
}
