import { ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { Environment, ENVIRONMENT, temporaryFolder } from "./programs";

/** As it is shipped, so that a build comes before (`npm test`). */
export const COMMAND = join(__dirname, "..", "..", "build", "cli", "bin.js");

/** How the command ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Beside what every child of a test gets: of this machine's credentials nothing. */
  readonly env?: Environment;
  /** @default - an empty folder */
  readonly cwd?: string;
  /** What is on its standard input. @default - nothing */
  readonly input?: string;
}

/** The command under way: what it has said so far, and how it ends. */
export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** Resolves when standard output or standard error has that text; rejects where it ends without. */
  said(text: string): Promise<void>;
}

const running = new Set<ChildProcessWithoutNullStreams>();

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Runs the command to its end. */
export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return startCommand(args, options).ended;
}

/** Starts the command. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): Started {
  const { cwd = temporaryFolder("command"), env, input = "" } = options;
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    stdio: "pipe",
  });
  running.add(child);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => (said[name] += chunk));
  }
  // It may end without reading.
  child.stdin.on("error", () => undefined).end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => {
      running.delete(child);
      resolve({ exit, ...said });
    });
  });
  return {
    child,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => (said.stdout + said.stderr).includes(text) && resolve();
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        look();
        const missing = () => new Error(`ended without saying ${text}: ${JSON.stringify(said)}`);
        ended.then(() => reject(missing()), reject);
      }),
  };
}
