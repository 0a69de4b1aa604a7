/** The control socket speaks lines of JSON: `{"get":"status"}` is answered by `{"status":…}`, anything else by `{"error":…}`. */
export type ControlAnswer = { readonly status: unknown } | { readonly error: string };

export const STATUS_REQUEST = '{"get":"status"}';
export const MAX_REQUEST_BYTES = 1024;
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
