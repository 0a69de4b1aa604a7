/**
 * Of what is said between a gateway and whoever watches or asks it. It grows when something that was there is gone or means
 * something else; what is only added is no new version.
 */
export const CONTRACT_VERSION = 1;

/** What to say to whoever speaks another one; null: it is ours, or he did not say. */
export function versionTrouble(spoken: unknown): string | null {
  if (spoken === undefined || spoken === CONTRACT_VERSION) return null;
  return `this gateway speaks version ${CONTRACT_VERSION} of the control contract, and was asked in version ${String(spoken).slice(0, 20)}: use the copycat that it was installed with`;
}
