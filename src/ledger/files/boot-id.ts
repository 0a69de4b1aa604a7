import { readFileSync } from 'node:fs';

/** The kernel's identity of this run of the host; a new one tells a reboot from a restarted gateway (R27). */
export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
