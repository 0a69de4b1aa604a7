import type { Machine } from './machine.js';

export interface Mount {
  readonly point: string;
  /** `ext4`, `tmpfs`, `overlay`, … */
  readonly type: string;
  /** `179:2` */
  readonly device: string;
}

/** What holds `path`, or would hold it: the mount with the longest fitting point, the last of several at one point. */
export function mountOf(machine: Machine, path: string): Mount | null {
  const real = nearest(machine, path);
  const mounts = (machine.readFile('/proc/self/mountinfo') ?? '').split('\n').flatMap((line): Mount[] => {
    const [front = '', back = ''] = line.split(' - ');
    const [, , device = '', , point = ''] = front.split(' ');
    const [type = ''] = back.split(' ');
    return point === '' ? [] : [{ point: point.replaceAll('\\040', ' '), type, device }];
  });
  return mounts
    .filter(({ point }) => real === point || real.startsWith(point === '/' ? '/' : `${point}/`))
    .reduce<Mount | null>(
      (best, mount) => (best !== null && best.point.length > mount.point.length ? best : mount),
      null,
    );
}

function nearest(machine: Machine, path: string): string {
  for (let at = path; at !== '/'; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const real = machine.resolve(at);
    if (real !== null) return real;
  }
  return '/';
}
