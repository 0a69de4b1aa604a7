import { BlockList, isIP } from 'node:net';
import type { Config, Framing, InputConfig } from '../config.js';
import type { Finding } from './finding.js';

type TcpInput = Extract<InputConfig, { type: 'tcp' }>;

/** Whether a client can say a token before anything else. */
const HAS_ROOM_FOR_TOKEN: Readonly<Record<Framing, boolean>> = { 'json-lines': true };

/** Who can drive the pair. */
export function checkInputs(config: Config): readonly Finding[] {
  return config.inputs.flatMap((input) => (input.type === 'tcp' ? checkAddress(input) : []));
}

function checkAddress({ host, access }: TcpInput): readonly Finding[] {
  const { framing, tokenFile, allow } = access;
  const findings: Finding[] = [];
  const isLocal = isLoopback(host);
  if (!isLocal && tokenFile === null && (HAS_ROOM_FOR_TOKEN[framing] || allow.length === 0)) {
    findings.push({
      severity: 'error',
      key: 'input',
      message: `whoever reaches ${host} could drive the actuator: nothing there asks who it is`,
      remedy: HAS_ROOM_FOR_TOKEN[framing]
        ? 'say token-file: and a file with a secret that the first line of each connection has to give, or listen on 127.0.0.1 and let others in by an ssh tunnel'
        : `${framing} has no room for a token: say allow: and the addresses that may connect, or listen on 127.0.0.1`,
    });
  }
  if (!isLocal && tokenFile !== null) {
    findings.push({
      severity: 'note',
      key: 'input.token-file',
      message: 'the token crosses the network readable: whoever listens there has it',
      remedy: 'where that may happen, listen on 127.0.0.1 and let others in by an ssh tunnel, or put TLS in front',
    });
  }
  if (allow.length > 0) {
    findings.push({
      severity: tokenFile === null && !isLocal ? 'warning' : 'note',
      key: 'input.allow',
      message: 'a list of addresses is no authentication: who is on such a network may take any of them',
      remedy: HAS_ROOM_FOR_TOKEN[framing]
        ? 'ask for a token too (token-file)'
        : 'keep that network to machines that may drive the actuator',
    });
  }
  return findings;
}

/** True when only programs of this host can connect. */
function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  if (family === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
