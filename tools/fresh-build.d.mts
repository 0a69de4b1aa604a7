export function setup(): Promise<void>;
export function isStale(root: string): boolean;
