import { styleText } from "node:util";

/** What a command knows of whoever reads its standard output. */
export interface Terminal {
  /** How wide it is; Infinity where it is no terminal. */
  readonly columns: number;
  readonly isColoured: boolean;
}

export function terminalOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const isTerminal = stream.isTTY === true;
  return {
    columns: isTerminal ? Math.max(40, stream.columns || 80) : Infinity,
    // https://no-color.org: whatever it holds, unless it is empty.
    isColoured: isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb",
  };
}

/** In that colour, where colours are shown. */
export function painted(
  text: string,
  colour: "green" | "red" | "yellow",
  { isColoured }: Terminal,
): string {
  return isColoured ? styleText(colour, text, { validateStream: false }) : text;
}
