import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is measured against what, and what is wanted of it. */
export interface Line {
  readonly what: string;
  readonly floorMs: number;
  readonly oursMs: number;
  /** Above that of the floor. */
  readonly aboveMb?: number;
  /** Anything else that was counted. */
  readonly note?: string;
  readonly wanted: Wanted;
}

/** At most. */
export interface Wanted {
  readonly ratio?: number;
  readonly aboveMs?: number;
  readonly oursMs?: number;
  readonly aboveMb?: number;
}

/** How much is done: once and with little data, to see that it runs, or so often as a figure needs. */
export interface Scale {
  readonly rounds: number;
  readonly isQuick: boolean;
}

/** A whole process. */
export interface Run {
  readonly ms: number;
  readonly mb: number;
  readonly modules: number;
}

const APP = join(__dirname, "app.js");
const SERVER = join(__dirname, "server.js");

/** Where its programs write; a lock lies in it. */
export const FOLDER = mkdtempSync(join(tmpdir(), "bench-"));
process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));

/** Runs what a file measures, and prints it: a line each, or as JSON for who collects them. */
export async function main(measure: (scale: Scale) => Promise<Line[]>): Promise<void> {
  const isQuick = process.argv.includes("--quick");
  const lines = await measure({ isQuick, rounds: isQuick ? 1 : 9 });
  if (process.argv.includes("--json")) console.log(JSON.stringify(lines));
  else for (const line of lines) console.log(toText(line));
}

/** As a person reads it. */
export function toText(line: Line): string {
  const { aboveMb, floorMs, note, oursMs, what } = line;
  const figures = [
    `${Math.round(oursMs)} ms, floor ${Math.round(floorMs)} ms`,
    `+${Math.round(oursMs - floorMs)} ms`,
    `x ${(oursMs / floorMs).toFixed(2)}`,
    aboveMb === undefined ? "" : `+${Math.round(aboveMb)} MB`,
    note,
  ].filter(Boolean);
  return `${what}: ${figures.join(", ")} (${wantedOf(line)})`;
}

function wantedOf({ aboveMb, floorMs, oursMs, wanted }: Line): string {
  const limits: [string, number, number | undefined][] = [
    ["x", oursMs / floorMs, wanted.ratio],
    ["+ms", oursMs - floorMs, wanted.aboveMs],
    ["ms", oursMs, wanted.oursMs],
    ["+MB", aboveMb ?? 0, wanted.aboveMb],
  ];
  const told = limits.flatMap(([unit, is, most]) =>
    most === undefined ? [] : [`${unit} ${most} ${is <= most ? "reached" : "NOT REACHED"}`],
  );
  return told.length > 0 ? `wanted: ${told.join(", ")}` : "no limit";
}

/** Of each service one list. */
export const FIVE = ["gaussDb", "rds", "geminiDb", "dcs", "taurusDb"];

/** Lists, and how they are asked for. */
export interface Load {
  readonly lists: readonly string[];
  /** Of each so many. */
  readonly instances: number;
  /** Of each so many. */
  readonly records: number;
  readonly latencyMs: number;
  readonly rounds: number;
  readonly wanted: Wanted;
}

/** Lookups beside the app alone that gets the same pages by undici. */
export async function beside(load: Load): Promise<Line> {
  const { instances, latencyMs, lists, records, rounds, wanted } = load;
  const server = await Server.start({ records, latencyMs });
  const settings = { lists, instances, endpoints: server.endpoints };
  await run("lookups", settings);
  const plan = await server.requests();
  const { empty, floor, ours } = await medians(rounds, {
    empty: () => run("app", { lists: [] }),
    floor: () => run("fetch", { lists, instances, plan }),
    ours: () => run("lookups", settings),
  });
  server.close();
  return {
    what: `${lists.length * instances} lists × ${records} records at ${latencyMs} ms`,
    floorMs: floor.ms,
    oursMs: ours.ms,
    aboveMb: ours.mb - empty.mb,
    note: `${plan.reduce((sum, { pages }) => sum + pages.length, 0)} requests`,
    wanted,
  };
}

export interface ServerSettings {
  readonly records: number;
  readonly latencyMs?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly quota?: { readonly limit: number; readonly windowMs: number };
}

/** A list and its pages, as they were asked for. */
interface Pages {
  readonly host: string;
  readonly url: string;
  readonly pages: string[];
}

/** The lists, in a process of their own. */
export class Server {
  public static async start(settings: ServerSettings): Promise<Server> {
    const child = spawn(process.execPath, [SERVER, JSON.stringify(settings)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
      child.once("exit", () => reject(new Error("the server did not start")));
    });
    return new Server(JSON.parse(line) as Server["endpoints"], () => child.kill());
  }

  private constructor(
    public readonly endpoints: { readonly [service: string]: string },
    public readonly close: () => void,
  ) {}

  /** What was asked since this was called last, list by list. */
  public async requests(): Promise<Pages[]> {
    const answer = await fetch(Object.values(this.endpoints)[0]!);
    const lists = new Map<string, Pages>();
    for (const [service, url] of (await answer.json()) as [string, string][]) {
      const asked = new URL(url, this.endpoints[service]);
      const page = asked.searchParams;
      const at = ["limit", "offset", "start"].flatMap((name) => {
        const value = page.get(name);
        page.delete(name);
        return value === null ? [] : [`${name}=${value}`];
      });
      const key = asked.href;
      const list = lists.get(key) ?? { host: asked.origin, url: key, pages: [] };
      list.pages.push(`${asked.search ? "&" : "?"}${at.join("&")}`);
      lists.set(key, list);
    }
    return [...lists.values()];
  }
}

/** Runs a program of `app.js`, in an empty folder unless `isKept`. */
export async function run(what: string, settings: object, isKept = false): Promise<Run> {
  const outdir = join(FOLDER, what, "cdktf.out");
  if (!isKept) rmSync(join(FOLDER, what), { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  // Not in the arguments: what the system takes there is bounded.
  const file = join(FOLDER, `${what}.json`);
  writeFileSync(file, JSON.stringify({ ...settings, outdir }));
  const began = performance.now();
  const child = spawn(process.execPath, [APP, what, file], {
    env: { PATH: process.env["PATH"], HOME: FOLDER, ...programs() },
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  let told = "";
  child.stdio[3]!.on("data", (data: Buffer) => (told += data.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`${what} ended with ${status}`);
  const { maxRSS, modules } = JSON.parse(told) as { maxRSS: number; modules: number };
  return { ms, mb: maxRSS / 1024, modules };
}

/** Another build of the library, to compare with. */
function programs(): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith("BENCH_") && value !== undefined ? [[name, value]] : [],
    ),
  );
}

/** The medians of programs that are run by turns, so that what else the machine does befalls all. */
export async function medians<Name extends string>(
  rounds: number,
  programs: { readonly [name in Name]: () => Promise<Run> },
): Promise<{ readonly [name in Name]: Run }> {
  const names = Object.keys(programs) as Name[];
  const runs = new Map<Name, Run[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const each = await programs[name]();
      // The first one warms the disk's cache.
      if (round > 0 || rounds === 1) runs.get(name)!.push(each);
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const all = runs.get(name)!;
      const [ms, mb, modules] = (["ms", "mb", "modules"] as const).map((field) =>
        medianOf(all.map((each) => each[field])),
      );
      return [name, { ms, mb, modules }];
    }),
  ) as { [name in Name]: Run };
}

export function medianOf(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
