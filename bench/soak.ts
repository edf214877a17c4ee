// Minutes of 200 stacks, again and again in one process, while 5 % of the requests go wrong and a quota
// holds: whether each list is complete, and what of sockets, threads, listeners and memory stays behind.
// `npm run soak -- 5` for five minutes; needs Linux (/proc).
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupProvider,
  BackupQuery,
  Cloud,
  DcsBackups,
  DdsBackups,
  Duration,
  GaussDbBackups,
  GeminiDbBackups,
  LookupMode,
  MemoryLock,
  RdsBackups,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
} from "../lib";
import { generateRecords } from "../lib/emulator/generate";
import type { Fault, ServiceName } from "../lib/emulator/types";

type Left = Awaited<ReturnType<typeof left>>;

const STACKS = 200;
const ONE_IN = 20;
const QUOTA = { limit: 1_500, windowMs: 60_000 };
const WARM_UP = 3;

type Make = (scope: Construct, instanceId: string) => BackupQuery;
const LISTS: [ServiceName, Make][] = [
  ["gaussDb", (scope, instanceId) => new GaussDbBackups(scope, "query", { instanceId })],
  ["rds", (scope, instanceId) => new RdsBackups(scope, "query", { instanceId })],
  ["geminiDb", (scope, instanceId) => new GeminiDbBackups(scope, "query", { instanceId })],
  ["dcs", (scope, instanceId) => new DcsBackups(scope, "query", { instanceId })],
  [
    "taurusDb",
    (scope, instanceId) => new TaurusDbIncrementalBackups(scope, "query", { instanceId }),
  ],
  ["taurusDbFull", (scope, instanceId) => new TaurusDbBackups(scope, "query", { instanceId })],
  ["dds", (scope, instanceId) => new DdsBackups(scope, "query", { instanceId })],
];
const FAULTS: Fault[] = [
  { status: 503 },
  { status: 500, body: '{"error_code":"DBS.200998","error_msg":"System is busy."}' },
  { status: 429, headers: { "Retry-After": "1" } },
  { disconnect: "before" },
  { disconnect: "before", reset: true },
  { disconnect: "midway" },
  { delayMs: 300 },
];

const stacks = Array.from({ length: STACKS }, (_, i) => ({
  instance: `soak-${i}`,
  count: 3 + ((i * 37) % 140),
  list: LISTS[i % LISTS.length]![0],
  make: LISTS[i % LISTS.length]![1],
}));

const emulator = BackupEmulator._startWith({
  quota: QUOTA,
  records: Object.fromEntries(
    LISTS.map(([list]) => [
      list,
      stacks.flatMap(({ instance, count, list: own }, seed) =>
        own !== list
          ? []
          : generateRecords(list, seed, count, Date.now()).map((record) => ({
              ...(record as object),
              instance_id: instance,
            })),
      ),
    ]),
  ),
});
let faulty = 0;

/** One request in twenty goes wrong, in each way by turns. */
function plan(requests: number): void {
  emulator._control({ op: "clearFaults" });
  for (let i = 0; i < requests / ONE_IN; i++) {
    // A later fault does not count what an earlier one answered.
    const skip = (i + 1) * (ONE_IN - 1);
    emulator._control({ op: "fault", fault: { ...FAULTS[i % FAULTS.length]!, skip } });
  }
}

/** All stacks, synthesised; how many lists were not what the emulator holds. */
function synthesise(): number {
  const outdir = mkdtempSync(join(tmpdir(), "soak-"));
  const app = new App({ outdir });
  new BackupProvider(app, "provider", {
    cloud: Cloud.custom(emulator.endpoints),
    region: emulator.region,
    projectId: emulator.projectId,
    credentials: emulator.credentials,
    mode: LookupMode.LIVE,
    lockStore: new MemoryLock(),
    timeout: Duration.minutes(10),
  });
  const queries = stacks.map(({ instance, count, make }) => {
    return { query: make(new TerraformStack(app, instance), instance), count };
  });
  app.synth();
  const wrong = queries.filter(({ query, count }) => query.all.length !== count).length;
  rmSync(outdir, { recursive: true });
  return wrong;
}

/** What is left once the worker has gone, two seconds after its last request. */
async function left() {
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const links = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    sockets: links.filter((link) => link.startsWith("socket:")).length,
    files: links.length,
    threads: readdirSync("/proc/self/task").length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    rssMb: Math.round(rss / 1024 ** 2),
    heapMb: Math.round(heapUsed / 1024 ** 2),
  };
}

async function main(): Promise<void> {
  const end = performance.now() + Number(process.argv[2] ?? 5) * 60_000;
  const rounds: Left[] = [];
  let wrong = 0;
  let requests = 400;
  let sent = 0;
  while (performance.now() < end) {
    plan(requests);
    emulator._control({ op: "clearRequests" });
    const began = performance.now();
    wrong += synthesise();
    const log = emulator._requests();
    requests = log.length;
    sent += requests;
    const refused = log.filter(({ status }) => status === 429).length;
    faulty += Math.floor(requests / ONE_IN);
    const tookS = ((performance.now() - began) / 1000).toFixed(1);
    rounds.push(await left());
    console.log(
      `round ${rounds.length}: ${requests} requests (${refused} refused) in ${tookS} s, ${JSON.stringify(rounds.at(-1))}`,
    );
  }
  emulator.close();
  report(rounds, wrong, sent);
}

/** Of the rounds after the first ones, which load and warm what stays: the first half beside the second. */
function report(rounds: Left[], wrong: number, sent: number): void {
  const warm = rounds.slice(WARM_UP);
  const half = Math.floor(warm.length / 2);
  const most = (name: keyof Left, of: typeof warm) => Math.max(...of.map((each) => each[name]));
  console.log(`${rounds.length} rounds, ${sent} requests, about ${faulty} of them faulty`);
  console.log(`${rounds.length * STACKS - wrong} of ${rounds.length * STACKS} lists are complete`);
  if (half === 0) throw new Error("Too few rounds to tell: let it run for longer.");
  let leaks = 0;
  for (const name of ["sockets", "files", "threads", "listeners", "heapMb", "rssMb"] as const) {
    const [before, after] = [most(name, warm.slice(0, half)), most(name, warm.slice(half))];
    const isMemory = name.endsWith("Mb");
    const isLeak = after > before * (isMemory ? 1.2 : 1);
    if (isLeak) leaks++;
    console.log(`${name}: ${before}, later ${after}${isLeak ? "  <- grows" : ""}`);
  }
  process.exitCode = wrong > 0 || leaks > 0 ? 1 : 0;
}

void main();
