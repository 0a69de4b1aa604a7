import type { Standing } from '../model/standing.js';

/** A shape for each standing, so that nobody depends on colour: circle, triangle, octagon, broken ring. */
const SHAPES: Readonly<Record<Standing, preact.JSX.Element>> = {
  protected: (
    <>
      <circle class="shape" cx="32" cy="32" r="28" />
      <path class="sign" d="M19 33.5 28.5 43 46 23.5" />
    </>
  ),
  unprotected: (
    <>
      <path class="shape" d="M32 5 60.5 56.5h-57z" />
      <path class="sign" d="M32 23v17M32 48v.5" />
    </>
  ),
  stopped: (
    <>
      <path class="shape" d="M20.4 4h23.2L60 20.4v23.2L43.6 60H20.4L4 43.6V20.4z" />
      <path class="sign" d="M19 32h26" />
    </>
  ),
  stale: (
    <>
      <circle class="ring" cx="32" cy="32" r="26" />
      <path class="hand" d="M32 17v16l10 6" />
    </>
  ),
  connecting: <circle class="ring" cx="32" cy="32" r="26" />,
};

export function StandingIcon({ standing }: { standing: Standing }) {
  return (
    <svg class={`standing-icon ${standing}`} viewBox="0 0 64 64" aria-hidden="true">
      {SHAPES[standing]}
    </svg>
  );
}
