export const CACHE: string;
export function cacheFolder(...names: string[]): string;
export function keyOf(made: { readonly files?: readonly string[]; readonly texts?: readonly string[] }): string;
export function cached(kind: string, name: string, make: (path: string) => Promise<void> | void): Promise<string>;
export function cachedAtOnce(kind: string, name: string, make: (path: string) => void): string;
