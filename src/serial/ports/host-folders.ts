/** Where the kernel shows what it knows; tests have trees of their own. */
export interface HostFolders {
  readonly sys: string;
  readonly dev: string;
  readonly proc: string;
}

export const HOST: HostFolders = { sys: '/sys', dev: '/dev', proc: '/proc' };
