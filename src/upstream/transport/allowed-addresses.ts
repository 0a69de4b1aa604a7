import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Addresses that may connect. That is a filter and no authentication: who is on such a network may take any of them. */
export class AllowedAddresses {
  readonly #list = new BlockList();

  /** Addresses, or networks such as `192.168.1.0/24`; none: everybody may. */
  constructor(private readonly networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  /** @param address - of the other end; undefined where it has none, as on a Unix socket. */
  allows(address: string | undefined): boolean {
    if (this.networks.length === 0 || address === undefined) return this.networks.length === 0;
    return this.#list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
}
