import type { Config } from '../../config.js';
import type { Finding } from '../finding.js';

/** Keys that are read, and that nothing does yet: a pair that relied on them would run without what they promise. */
export function checkNotServed({ inputs }: Config): readonly Finding[] {
  if (!inputs.some((input) => 'access' in input && input.access.greets)) return [];
  return [
    {
      severity: 'error',
      key: 'input.greeting',
      message: 'input.greeting is known, and not done by this version yet',
      remedy: 'say greeting: none',
    },
  ];
}
