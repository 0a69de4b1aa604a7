/** The process of a gateway on the bench: what has to hold from its first moment on, while the program is still loaded. */

/** A service manager, a Ctrl-C and a terminal that goes signal every process at once: the one that started us says when to end, and how. */
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The bench is gone: nothing to serve any more, nothing to close, and no thread that may hold this up. It is told once, also while the
// program is loaded.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

await import('./gateway-process.js');
