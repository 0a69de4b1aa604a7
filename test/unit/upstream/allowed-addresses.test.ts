import { describe, expect, it } from 'vitest';
import { AllowedAddresses } from '../../../src/upstream/transport/allowed-addresses.js';

describe('addresses that may connect', () => {
  it('are all where none are named, also a Unix socket, which has none', () => {
    const everybody = new AllowedAddresses([]);
    expect(['192.168.1.9', '::1', undefined].map((address) => everybody.allows(address))).toEqual([true, true, true]);
  });

  it.each([
    [['192.168.1.7'], ['192.168.1.7', '::ffff:192.168.1.7'], ['192.168.1.8', '::1']],
    [['192.168.1.0/24'], ['192.168.1.0', '192.168.1.255'], ['192.168.2.0', '10.0.0.1']],
    [['fd00::/8'], ['fd12::3'], ['fe80::1', '192.168.1.7']],
    [['::1'], ['::1'], ['::2', '127.0.0.1']],
    [
      ['10.0.0.0/8', '::1'],
      ['10.9.8.7', '::1'],
      ['11.0.0.1', '::2'],
    ],
  ])('%j', (networks, inside, outside) => {
    const allowed = new AllowedAddresses(networks);
    for (const address of inside) expect(allowed.allows(address), address).toBe(true);
    for (const address of outside) expect(allowed.allows(address), address).toBe(false);
    // Where addresses are named, whoever shows none is not among them.
    expect(allowed.allows(undefined)).toBe(false);
  });
});
