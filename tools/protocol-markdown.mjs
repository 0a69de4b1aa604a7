// The part of docs/protocol.md that draws every message, byte by byte.

const BYTES = { u8: 1, u16: 2, u32: 4, i16: 2, i32: 4 };
const BEGIN = '<!-- messages: made by tools/generate-protocol.mjs -->';
const END = '<!-- end of messages -->';

function meaning({ doc, bits, enum: values, max }) {
  const parts = doc === undefined ? [] : [doc];
  const named = (entries) => entries.map(([name, value]) => `${value} ${name}`).join(', ');
  if (bits !== undefined) parts.push(`bits: ${named(Object.entries(bits))}`);
  if (values !== undefined) parts.push(named(Object.entries(values)));
  if (max !== undefined) parts.push(max === 'lines' ? 'at most 4, in version 2 at most 8' : `at most ${max}`);
  return parts.join('; ');
}

/** Rows of a body. After a list of unknown length places are counted from its end, written as `n`. */
function rows(fields) {
  const lines = [];
  let at = 0;
  let after = '';
  const place = (offset) => (after === '' ? `${offset}` : offset === 0 ? after : `${after} + ${offset}`);
  for (const field of fields) {
    const item = field.as.startsWith('list of ') ? field.as.slice('list of '.length) : undefined;
    if (item !== undefined) {
      lines.push(`| ${place(at)} | 1 | count of \`${field.name}\` | u8 | ${meaning(field)} |`);
      lines.push(`| ${place(at + 1)} | count × ${BYTES[item]} | \`${field.name}\` | ${item} each | |`);
      after = 'n';
      at = 0;
    } else if (field.as === 'bytes') {
      lines.push(`| ${place(at)} | the rest | \`${field.name}\` | bytes | ${meaning(field)} |`);
    } else {
      lines.push(`| ${place(at)} | ${BYTES[field.as]} | \`${field.name}\` | ${field.as} | ${meaning(field)} |`);
      at += BYTES[field.as];
    }
  }
  return lines;
}

function section(message) {
  const out = [`#### ${message.name} (${message.type})`, '', message.doc, ''];
  if (message.fields.length === 0) return [...out, 'No body.', ''];
  return [
    ...out,
    '| byte | bytes | field | format | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows(message.fields),
    '',
  ];
}

/** `document` with the drawn messages in their place. */
export function withMessages(document, table) {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('docs/protocol.md has lost the marks around its messages');
  const drawn = [
    BEGIN,
    '',
    '### To a board',
    '',
    ...table.toBoard.flatMap(section),
    '### From a board',
    '',
    ...table.fromBoard.flatMap(section),
  ].join('\n');
  return `${document.slice(0, begin)}${drawn}${document.slice(end)}`;
}
