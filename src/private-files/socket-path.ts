/** A Unix socket's path has to fit into 108 bytes of the kernel's own structure, the closing zero included. */
export const LONGEST_SOCKET_PATH = 107;
