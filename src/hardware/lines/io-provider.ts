import { BehaviorSubject, skip } from 'rxjs';
import { CopycatError } from '../../errors/copycat-error.js';
import type { LineIo } from './line-io.js';
import type { LineProvider } from './line-provider.js';

export interface IoProviderOptions {
  readonly name: string;
  readonly has: (line: string) => boolean;
  /** The plugin, not necessarily ready yet. Rejects with RELAY_UNAVAILABLE. */
  readonly openIo: () => Promise<LineIo>;
  readonly close?: (io: LineIo) => void;
}

/** Lines of a plugin whose hardware does not come and go: what it calls an error is so until it says `recovered`, if ever. */
export function createIoProvider(options: IoProviderOptions): LineProvider {
  const trouble = new BehaviorSubject<string | null>(null);
  let opened: LineIo | null = null;
  return {
    name: options.name,
    has: options.has,
    pinOf: (line) => line,
    open: async () => {
      const io = await options.openIo();
      opened = io;
      io.on('error', (error: unknown) => trouble.next(error instanceof Error ? error.message : String(error)));
      io.on('recovered', () => trouble.next(null));
      await isReady(io, options.name);
      return io;
    },
    get trouble() {
      return trouble.value;
    },
    changes: trouble.pipe(skip(1)),
    close: () => {
      trouble.complete();
      if (opened !== null) options.close?.(opened);
    },
  };
}

function isReady(io: LineIo, name: string): Promise<void> {
  if (io.isReady) return Promise.resolve();
  return new Promise((resolve, reject) => {
    io.once('ready', resolve);
    io.once('error', (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      const expected = 'an IO plugin that becomes ready';
      reject(new CopycatError('RELAY_UNAVAILABLE', `the lines of ${name} cannot be used: ${why}`, { expected, cause }));
    });
  });
}
