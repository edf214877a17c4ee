import { writeSync } from "node:fs";
import { tell } from "../cloud/notice";
import { lengthOf } from "../model/duration";
import { excerpt } from "../model/text";
import type { Fetch } from "./fetch";
import { Stopwatch } from "./stopwatch";

/** How far the lookups are that somebody waits for. */
export interface ProgressState {
  /** How long somebody has waited. */
  readonly waitedMs: number;
  /** How many lists were asked for, and how many of them are there or failed. */
  readonly lists: number;
  readonly settled: number;
  /** Of the lists that did not fail. */
  readonly records: number;
  /** All that were sent: signing in, pages, and each try of what was tried again. */
  readonly requests: number;
  /** What is held back by a quota, and for how long still. */
  readonly quotas: readonly { readonly host: string; readonly ms: number }[];
}

/** The state on one line, of letters that are one column wide; cut where a terminal has fewer columns. */
export function progressLine(state: ProgressState, columns = Infinity): string {
  const { lists, quotas, records, requests, settled, waitedMs } = state;
  const parts = [
    lengthOf(waitedMs, Math.floor),
    `${grouped(settled)} of ${counted(lists, "list")}`,
    `${counted(records, "record")} in ${counted(requests, "request")}`,
    ...quotas.map(({ host, ms }) => `waiting ${lengthOf(ms, Math.ceil)} for the quota of ${host}`),
  ];
  const line = `cdktf-backups: ${parts.join("; ")}`.replace(/[^ -~]/g, "?");
  // Some terminals begin the next line when the last column is taken.
  return line.length < columns ? line : excerpt(line, Math.max(0, columns - 2));
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Where the line goes. */
export interface Screen {
  /** Of a terminal, where the line is rewritten in its place; without, each line stays. */
  readonly columns?: number;
  readonly write: (text: string) => void;
}

const WORTH_A_LINE_MS = 1_000;
const BETWEEN_REWRITES_MS = 200;
const BETWEEN_LINES_MS = 10_000;

/** Shows a line from time to time: on a terminal after a second, elsewhere after ten. */
export class ProgressLine {
  private shownAt = -Infinity;
  private rewritten?: Screen;

  /** @param screen Asked for each line; undefined shows none. */
  constructor(
    private readonly screen: () => Screen | undefined,
    private readonly now: () => number,
  ) {}

  /** Shows it if it is due. */
  public show(waitedMs: number, state: () => ProgressState): void {
    const since = this.now() - this.shownAt;
    if (waitedMs < WORTH_A_LINE_MS || since < BETWEEN_REWRITES_MS) return;
    const screen = this.screen();
    if (!screen) return;
    const { columns } = screen;
    if (columns === undefined && Math.min(waitedMs, since) < BETWEEN_LINES_MS) return;
    this.shownAt = this.now();
    const line = progressLine(state(), columns);
    if (columns === undefined) return screen.write(`${line}\n`);
    screen.write(`\r${line}\x1b[K`);
    this.rewritten = screen;
  }

  /** Leaves nothing of it on a terminal. */
  public clear(): void {
    this.rewritten?.write("\r\x1b[K");
    this.rewritten = undefined;
  }
}

/** Lookups that follow one another without a longer pause are one, as a person sees it. */
const PAUSE_MS = 1_000;

/** What the lists that are under way have come to, told while somebody waits for them. */
export class Progress {
  /** How many requests were sent: the worker counts them here, since a message of each would wake who waits. */
  public readonly requests = new Int32Array(new SharedArrayBuffer(4));
  private readonly line: ProgressLine;
  private readonly open = new Set<Fetch>();
  /** By host: until when. */
  private readonly quotas = new Map<string, number>();
  private watch = new Stopwatch();
  private stoppedAt = -Infinity;
  private lists = 0;
  private records = 0;
  private requestsBefore = 0;

  constructor(
    screen: () => Screen | undefined = processScreen,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.line = new ProgressLine(screen, now);
  }

  /** A list is about to be sent. */
  public add(fetch: Fetch): void {
    const isIdle = this.open.size === 0 && !this.watch.isRunning;
    if (isIdle && this.now() - this.stoppedAt > PAUSE_MS) this.begin();
    this.lists++;
    this.open.add(fetch);
    fetch.onSettled(() => {
      this.open.delete(fetch);
      this.records += fetch.received;
    });
  }

  /** A host's quota holds requests back for so long; 0: no longer. */
  public heldBack(host: string, ms: number): void {
    this.quotas.set(host, this.now() + ms);
  }

  /** Somebody waits from here on. */
  public start(): void {
    this.watch.start();
  }

  public stop(): void {
    this.watch.stop();
    if (this.watch.isRunning) return;
    this.stoppedAt = this.now();
    this.line.clear();
  }

  /** Shows how far it is, if that is due. */
  public show(): void {
    this.line.show(this.watch.elapsed, () => this.state());
  }

  /** Makes room for what else is told. */
  public clear(): void {
    this.line.clear();
  }

  private begin(): void {
    this.watch = new Stopwatch(this.now);
    this.lists = this.records = 0;
    this.requestsBefore = Atomics.load(this.requests, 0);
  }

  private state(): ProgressState {
    const now = this.now();
    return {
      waitedMs: this.watch.elapsed,
      lists: this.lists,
      settled: this.lists - this.open.size,
      records: [...this.open].reduce((sum, { received }) => sum + received, this.records),
      requests: Atomics.load(this.requests, 0) - this.requestsBefore,
      quotas: [...this.quotas]
        .map(([host, until]) => ({ host, ms: until - now }))
        .filter(({ ms }) => ms > 0),
    };
  }
}

export const PROGRESS_VARIABLE = "CDKTF_BACKUPS_PROGRESS";
/** What a terminal has that does not say. */
const COLUMNS = 80;
let isForTerminalsAlone = false;

/** From here on only a terminal is shown anything, in the whole process. */
export function progressOnTerminalsAlone(): void {
  isForTerminalsAlone = true;
}

/**
 * The process's standard error. Where that is no terminal and the `cdktf` command runs the app, the line is a
 * notice: the command shows what stands on standard error as errors.
 */
function processScreen(): Screen | undefined {
  const { env, stderr } = process;
  if (env[PROGRESS_VARIABLE]?.trim().toLowerCase() === "off") return undefined;
  const isTerminal = stderr.isTTY && env["TERM"] !== "dumb";
  if (!isTerminal && isForTerminalsAlone) return undefined;
  if (!isTerminal && env["CDKTF_CONTEXT_JSON"] !== undefined) {
    return { write: (text) => tell(text.trimEnd()) };
  }
  return { columns: isTerminal ? stderr.columns || COLUMNS : undefined, write: writeError };
}

/** Not by the stream: one that nobody reads any more would end the process, when it is free. */
function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it, or nobody is as fast.
  }
}
