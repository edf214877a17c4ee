const SPACE = " \t\r\n";
const LITERALS_BEGIN = "-0123456789tfn";
// In portions: a pattern that takes a long text at once runs out of stack.
// eslint-disable-next-line no-control-regex
const CHARACTERS = /(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})){1,1000}/y;
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// By what a value may begin, all literals by a 0.
const VALUE = '{["0';

/**
 * Where a text stops being JSON: before its first piece that can't stand there, at its end where more should
 * follow. In one pass, however long it is; the parser does not always say where.
 */
export function brokenAt(text: string): number {
  const open: string[] = [];
  let [allowed, isKey] = [VALUE, false];
  for (let at = 0; ;) {
    while (at < text.length && SPACE.includes(text[at]!)) at++;
    const next = text[at];
    if (next === undefined) return at;
    const sign = LITERALS_BEGIN.includes(next) ? "0" : next;
    if (!allowed.includes(sign)) return at;
    const end =
      sign === '"' ? endOfText(text, at) : sign === "0" ? endOf(LITERAL, text, at) : at + 1;
    if (end === 0) return at;
    at = end;
    if (sign === "{" || sign === "[") open.push(sign === "{" ? "}" : "]");
    if (sign === "}" || sign === "]") open.pop();
    const within = open.at(-1) ?? "";
    if (sign === "[" || sign === ":") {
      allowed = sign === "[" ? `${VALUE}]` : VALUE;
    } else if (sign === "{" || sign === ",") {
      isKey = within === "}";
      allowed = sign === "{" ? '"}' : isKey ? '"' : VALUE;
    } else {
      allowed = isKey && sign === '"' ? ":" : within && `,${within}`;
      isKey = false;
    }
  }
}

function endOfText(text: string, at: number): number {
  let end = at + 1;
  for (let next = end; next > 0; next = endOf(CHARACTERS, text, end)) end = next;
  return text[end] === '"' ? end + 1 : 0;
}

/** Where the piece ends that begins there; 0 where none does. */
function endOf(piece: RegExp, text: string, at: number): number {
  piece.lastIndex = at;
  return piece.test(text) ? piece.lastIndex : 0;
}
