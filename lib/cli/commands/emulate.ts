import { BackupEmulator } from "../../emulator/emulator";
import { configOf } from "../../emulator/options";
import type { LoggedRequest } from "../../emulator/types";
import { refusal } from "../../model/errors";
import { printable, shown } from "../../model/text";
import { toRfc3339 } from "../../model/time";
import { ExitCode } from "../exit";
import { Told } from "../output";

export interface EmulateOptions {
  readonly port?: string;
  readonly generate?: string;
  readonly shell?: string;
  readonly log?: boolean;
}

/** So many records a list takes: what a service can have, and more than a program reads. */
const MOST_RECORDS = 250_000;
const LOOK_MS = 200;

const quoted = (text: string, quote: string) => `'${text.replaceAll("'", quote)}'`;

/** How each shell sets a variable. */
const SHELLS: { readonly [shell: string]: (name: string, text: string) => string } = {
  sh: (name, text) => `export ${name}=${quoted(text, `'\\''`)}`,
  fish: (name, text) => `set -gx ${name} ${quoted(text.replaceAll("\\", "\\\\"), "\\'")}`,
  powershell: (name, text) => `$env:${name} = ${quoted(text, "''")}`,
  dotenv: (name, text) => `${name}=${quoted(text, `\\'`)}`,
};

/** Serves until it is ended: by SIGTERM well, by Ctrl-C as everything. Tells first where. */
export async function emulate(options: EmulateOptions): Promise<Told> {
  const { shell = "sh" } = options;
  if (shell !== "json" && !Object.hasOwn(SHELLS, shell)) {
    throw refusal(
      "INVALID_ARGUMENT",
      `--shell ${shown(shell)} is none that is known`,
      `Allowed: ${Object.keys(SHELLS).join(", ")}, json.`,
    );
  }
  const port = numberIn("--port", options.port, 0, 65_000);
  const count = numberIn("--generate", options.generate, 0, MOST_RECORDS);
  const emulator = BackupEmulator._startWith({
    ...configOf({ count }),
    port: port === 0 ? undefined : port,
  });
  process.stdout.write(variables(emulator.environment, shell));
  // It keeps no process alive by itself. What it was asked is told here, or else only forgotten.
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => {
      try {
        for (const each of emulator._control({ op: "takeRequests" }) as LoggedRequest[]) {
          if (options.log) process.stderr.write(`${lineOf(each)}\n`);
        }
      } catch (error) {
        clearInterval(timer);
        reject(error as Error);
      }
    }, LOOK_MS);
    process.once("SIGTERM", () => {
      clearInterval(timer);
      resolve();
    });
  });
  emulator.close();
  return { exit: ExitCode.MET, as: { text: () => "" } };
}

function variables(environment: { readonly [name: string]: string }, shell: string): string {
  if (shell === "json") return `${JSON.stringify(environment, null, 2)}\n`;
  return Object.entries(environment)
    .map(([name, text]) => `${SHELLS[shell]!(name, text)}\n`)
    .join("");
}

function lineOf({ at, method, service, status, url }: LoggedRequest): string {
  return printable(`${toRfc3339(new Date(at))} ${status} ${service} ${method} ${url}`);
}

function numberIn(
  option: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw refusal(
    "INVALID_ARGUMENT",
    `${option} ${shown(text)} can't be`,
    `Allowed is a whole number from ${least} to ${most}.`,
  );
}
