import fc from "fast-check";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupService, Duration } from "../../lib";
import type { EmulatorConfig } from "../../lib/emulator/types";
import { linesOf } from "../../lib/services/records";
import { SERVICES } from "../../lib/services/registry";
import { Bridge } from "../../lib/wire/bridge";
import { Fetch } from "../../lib/wire/fetch";
import {
  Progress,
  ProgressLine,
  progressLine,
  ProgressState,
  Screen,
} from "../../lib/wire/progress";
import { SAMPLE } from "../support/app";
import { CANARIES, leaksIn } from "../support/canaries";
import {
  describeWith,
  Environment,
  ENVIRONMENT,
  Finished,
  run,
  temporaryFolder,
} from "../support/programs";
import { KEY } from "../support/users";

const ROOT = join(__dirname, "..", "..");
// What takes the line away on a terminal.
const CLEAR = "\r\x1b[K";

const STATE: ProgressState = {
  waitedMs: 12_700,
  lists: 5,
  settled: 3,
  records: 1_240,
  requests: 14,
  quotas: [{ host: "rds.eu-de.otc.t-systems.com", ms: 7_100 }],
};

describe("the line of progress", () => {
  test.each<[Partial<ProgressState>, string]>([
    [
      {},
      "12 s; 3 of 5 lists; 1,240 records in 14 requests; waiting 8 s for the quota of rds.eu-de.otc.t-systems.com",
    ],
    [{ quotas: [] }, "12 s; 3 of 5 lists; 1,240 records in 14 requests"],
    [
      { quotas: [], waitedMs: 1_000, lists: 1, settled: 0, records: 0, requests: 1 },
      "1 s; 0 of 1 list; 0 records in 1 request",
    ],
    [
      {
        quotas: [],
        waitedMs: 119_999,
        lists: 1_000,
        settled: 999,
        records: 1,
        requests: 1_234_567,
      },
      "1 min 59 s; 999 of 1,000 lists; 1 record in 1,234,567 requests",
    ],
    [
      {
        quotas: [
          { host: "a:8080", ms: 1 },
          { host: "b\u202e\x1b[2J\nä", ms: 60_000 },
        ],
      },
      "12 s; 3 of 5 lists; 1,240 records in 14 requests; waiting 1 s for the quota of a:8080; waiting 1 min for the quota of b??[2J??",
    ],
  ])("of %j", (some, line) => {
    expect(progressLine({ ...STATE, ...some })).toBe(`cdktf-backups: ${line}`);
  });

  test.each([
    [30, "cdktf-backups: 12 s; 3 of 5 …"],
    [2, "…"],
    [1, "…"],
  ])("is cut for %d columns", (columns, line) => {
    expect(progressLine(STATE, columns)).toBe(line);
  });

  test("never takes more columns than there are, and nothing in it moves a cursor", () => {
    const count = fc.nat();
    const states = fc.record({
      waitedMs: fc.nat(),
      lists: count,
      settled: count,
      records: count,
      requests: count,
      quotas: fc.array(fc.record({ host: fc.string({ unit: "binary" }), ms: fc.nat() }), {
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(states, fc.integer({ min: 1, max: 300 }), (state, columns) => {
        const [cut, whole] = [progressLine(state, columns), progressLine(state)];
        expect(cut.length).toBeLessThanOrEqual(Math.max(1, columns - 1));
        expect(cut).toMatch(/^[ -~]*…?$/);
        expect(whole).toMatch(/^[ -~]+$/);
        expect(whole.startsWith(cut.replace("…", ""))).toBe(true);
      }),
    );
  });
});

/** What a terminal is sent to show the line. */
const drawn = (line: string) => `\r${line}\x1b[K`;
/** The other way round: an error where it is anything else. */
function shownBy(text: string): string {
  const line = text.slice(1, -CLEAR.length + 1);
  expect(text).toBe(drawn(line));
  return line;
}

/** What is written, and a clock that the test turns. */
function fake(columns?: number) {
  const written: string[] = [];
  const screen: Screen = { columns, write: (text) => written.push(text) };
  const clock = { at: 50_000 };
  return { written, screen, clock, now: () => clock.at };
}

describe("what shows it", () => {
  /** Shows it every so often for so long. */
  function shown(columns: number | undefined, everyMs: number, forMs: number) {
    const { clock, now, screen, written } = fake(columns);
    const line = new ProgressLine(() => screen, now);
    const began = clock.at;
    const seconds: number[] = [];
    for (; clock.at - began <= forMs; clock.at += everyMs) {
      const waitedMs = clock.at - began;
      const before = written.length;
      line.show(waitedMs, () => ({ ...STATE, quotas: [], waitedMs }));
      if (written.length > before) seconds.push(waitedMs / 1000);
    }
    line.clear();
    line.clear();
    return { seconds, written };
  }

  test("rewrites it on a terminal from the first second on, and takes it away", () => {
    const { seconds, written } = shown(80, 100, 1_500);
    expect(seconds).toEqual([1, 1.2, 1.4]);
    expect(written[0]).toBe(
      drawn("cdktf-backups: 1 s; 3 of 5 lists; 1,240 records in 14 requests"),
    );
    expect(written.slice(3)).toEqual([CLEAR]);
  });

  test("says it every ten seconds elsewhere", () => {
    const { seconds, written } = shown(undefined, 100, 31_000);
    expect(seconds).toEqual([10, 20, 30]);
    expect(written[2]).toBe("cdktf-backups: 30 s; 3 of 5 lists; 1,240 records in 14 requests\n");
    expect(written).toHaveLength(3);
  });

  test.each([80, undefined])("leaves a short wait alone (%p columns)", (columns) => {
    expect(shown(columns, 1, 999).written).toEqual([]);
  });

  test("asks nothing of what is not due, nor where nothing is shown", () => {
    const never = () => {
      throw new Error("asked");
    };
    new ProgressLine(never, () => 0).show(999, never);
    new ProgressLine(
      () => undefined,
      () => 0,
    ).show(60_000, never);
  });
});

const job = {
  account: { metadataUrl: "", credentials: KEY, projectId: "p" },
  baseUrl: "http://127.0.0.1:9",
  path: "/v3/{project}/backups",
  query: {},
  paging: SERVICES.gaussdb.lists.backups.paging,
};

function page(fetch: Fetch, index: number, count: number, attempt = 0): void {
  const ids = Array.from({ length: count }, (_, i) => `${index + i}`);
  const lines = linesOf(ids.map((id) => ({ id })));
  fetch.receive({ kind: "page", job: 1, attempt, index, ids, lines });
}

describe("progress", () => {
  test("counts lists and records as they come, and requests as the worker does", () => {
    const { clock, now, screen, written } = fake(200);
    const progress = new Progress(() => screen, now);
    const [one, two, three] = [new Fetch(job), new Fetch(job), new Fetch(job)];
    const line = () => {
      clock.at += 1_000;
      progress.show();
      return shownBy(written.at(-1)!).replace(/^cdktf-backups: \d+ s; /, "");
    };
    for (const fetch of [one, two, three]) progress.add(fetch);
    // Nobody waits yet.
    clock.at += 10_000;
    progress.show();
    expect(written).toEqual([]);
    progress.start();
    expect(line()).toBe("0 of 3 lists; 0 records in 0 requests");
    Atomics.add(progress.requests, 0, 4);
    page(one, 0, 100);
    page(two, 0, 100);
    page(one, 99, 21);
    expect(line()).toBe("0 of 3 lists; 220 records in 4 requests");
    // It was begun anew.
    page(one, 0, 50, 1);
    expect(line()).toBe("0 of 3 lists; 150 records in 4 requests");
    one.complete();
    two.fail(new Error("gone") as never);
    expect(line()).toBe("2 of 3 lists; 50 records in 4 requests");
    progress.heldBack("a", 3_500);
    progress.heldBack("b", 9_000);
    progress.heldBack("b", 0);
    expect(line()).toMatch(/requests; waiting 3 s for the quota of a$/);
    clock.at += 2_000;
    expect(line()).toBe("2 of 3 lists; 50 records in 4 requests");
    // Two wait, and the second goes on.
    progress.start();
    progress.stop();
    expect(written.at(-1)).not.toBe(CLEAR);
    progress.stop();
    expect(written.at(-1)).toBe(CLEAR);
  });

  test("begins anew after a pause, and goes on without one", () => {
    const { clock, now, screen, written } = fake(200);
    const progress = new Progress(() => screen, now);
    const lookup = (ms: number) => {
      const fetch = new Fetch(job);
      progress.add(fetch);
      progress.start();
      Atomics.add(progress.requests, 0, 1);
      clock.at += ms;
      progress.show();
      page(fetch, 0, 1);
      fetch.complete();
      progress.stop();
      return written.splice(0)[0];
    };
    expect(lookup(900)).toBeUndefined();
    clock.at += 900;
    expect(lookup(900)).toMatch(/: 1 s; 1 of 2 lists; 1 record in 2 requests/);
    clock.at += 1_100;
    expect(lookup(900)).toBeUndefined();
    clock.at += 900;
    expect(lookup(200)).toMatch(/: 1 s; 1 of 2 lists; 1 record in 2 requests/);
  });
});

describe("over a socket, progress", () => {
  let emulator: BackupEmulator;
  afterEach(() => emulator.close());

  /** Reads a list. */
  async function read(config: EmulatorConfig, isBlocking: boolean, now: () => number) {
    emulator = BackupEmulator._startWith(config);
    const written: string[] = [];
    const write = (text: string) => written.push(text) > 0;
    const notices = jest.spyOn(process.stdout, "write").mockImplementation(write as never);
    const progress = new Progress(() => ({ columns: 200, write }), now);
    const bridge = new Bridge(undefined, progress);
    const { projectId, endpoints } = emulator;
    const account = { ...job.account, projectId };
    const fetch = new Fetch({ ...job, account, baseUrl: endpoints.gaussDb! });
    bridge.send(fetch, 30_000, 30_000);
    if (isBlocking) {
      bridge.wait(
        () => fetch.isSettled,
        () => 30_000,
      );
    } else await bridge.hold(new Promise<void>((resolve) => fetch.onSettled(resolve)));
    notices.mockRestore();
    expect(fetch.error).toBeUndefined();
    expect(written.pop()).toBe(CLEAR);
    return { fetch, written, sent: Atomics.load(progress.requests, 0) };
  }

  test.each([
    ["while the program blocks", true],
    ["while it awaits", false],
  ])("is shown %s, and its numbers are those of the service", async (_how, isBlocking) => {
    // Each look at the clock is a second.
    let at = 0;
    const { fetch, sent, written } = await read(
      { generate: { seed: 1, count: 250 }, latencyMs: 1_000 },
      isBlocking,
      () => (at += 1_000),
    );
    expect(fetch.received).toBe(250);
    expect(sent).toBe(emulator._requests().length);
    const lines = written.map(shownBy);
    expect(lines[0]).toMatch(/: \d.*; 0 of 1 list; 0 records in [01] requests?$/);
    // Pages of 100, each with the last record of the one before: the first, with the second, with the third, all.
    expect(lines.at(-1)).toMatch(/; 0 of 1 list; (100|199|152|250) records in \d requests$/);
  });

  test("tells of a quota's wait, counts what was refused, and makes room for a notice", async () => {
    const { sent, written } = await read(
      { generate: { seed: 1, count: 250 }, quota: { limit: 2, windowMs: 4_000, retryAfter: true } },
      true,
      // Ten times as fast as the wall's: the first line comes before the notice.
      () => 10 * performance.now(),
    );
    expect(sent).toBe(emulator._requests().length);
    expect(emulator._requests().some(({ status }) => status === 429)).toBe(true);
    const { host } = new URL(emulator.endpoints.gaussDb!);
    expect(written.join("\n")).toMatch(/records in \d requests; waiting \d s for the quota of /);
    expect(written.filter((text) => text.includes("; waiting")).map(shownBy)[0]).toContain(host);
    const notice = written.findIndex((text) => text.startsWith("Waiting "));
    expect(written.slice(notice - 1, notice + 1)).toEqual([
      CLEAR,
      expect.stringMatching(/ lets this user send 2 requests in 4 s\..*\n$/),
    ]);
  });
});

// Each looks up one list, of RDS, whose first answer takes so long.
const PROGRAM = `
import { App, TerraformStack } from "cdktf";
import { BackupProvider, RdsBackups } from ${JSON.stringify(join(ROOT, "lib"))};
import { tellTo } from ${JSON.stringify(join(ROOT, "lib", "cloud", "notice"))};
import { progressOnTerminalsAlone } from ${JSON.stringify(join(ROOT, "lib", "wire", "progress"))};

if (process.env["IS_DATA"]) {
  tellTo((line) => void process.stderr.write(line + "\\n"));
  progressOnTerminalsAlone();
}
async function main() {
  const app = new App();
  const provider = new BackupProvider(app, "provider");
  const stack = new TerraformStack(app, "recovery");
  const orders = new RdsBackups(stack, "orders", { instanceId: "${SAMPLE.rds}" });
  if (process.env["IS_AWAITED"]) await provider.load();
  process.stdout.write(\`\${orders.all.length > 0}\\n\`);
  app.synth();
}
void main();
`;

const emulators: BackupEmulator[] = [];
afterAll(() => emulators.forEach((each) => each.close()));

/** Runs it, by a command of its own where that is given. */
async function lookup(
  delay: Duration,
  more: Environment = {},
  by: (command: string[]) => string[] = (command) => command,
): Promise<Finished> {
  const emulator = BackupEmulator._startWith({
    accessKey: CANARIES["access key"],
    secretKey: CANARIES["secret key"],
  });
  emulators.push(emulator);
  emulator.fault({ service: BackupService.RDS, delay });
  const folder = temporaryFolder("progress");
  const cwd = join(folder, "work");
  mkdirSync(cwd);
  writeFileSync(join(folder, "main.ts"), PROGRAM);
  const [program, ...args] = by([
    process.execPath,
    "--require",
    require.resolve("tsx/cjs"),
    join(folder, "main.ts"),
  ]);
  const finished = await run(program!, args, {
    cwd,
    env: {
      ...ENVIRONMENT,
      ...emulator.environment,
      NODE_PATH: join(ROOT, "node_modules"),
      CDKTF_OUTDIR: join(cwd, "cdktf.out"),
      TERM: "xterm",
      ...more,
    },
  });
  expect([finished.code, finished.stdout + finished.stderr]).toEqual([
    0,
    expect.stringContaining("true"),
  ]);
  expect(leaksIn({ printed: [finished.stdout, finished.stderr] })).toEqual([]);
  return finished;
}

const COLUMNS = 40;
const IN_A_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, ${COLUMNS}, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        shown = os.read(terminal, 65536)
    except OSError:
        break
    if not shown:
        break
    os.write(1, shown)
sys.exit(os.waitpid(pid, 0)[1])
`;

const RESULT = "true\nbackups.lock.json: written for the first time, with 1 lookup\n";

/** All at once, since each takes its time. */
function lookups(
  delay: Duration,
  variables: { readonly [name: string]: Environment },
  by?: (command: string[]) => string[],
) {
  const ran = new Map<string, Finished>();
  beforeAll(async () => {
    const each = Object.entries(variables).map(async ([name, more]) => {
      ran.set(name, await lookup(delay, more, by));
    });
    await Promise.all(each);
  }, 180_000);
  return (name: string) => ran.get(name)!;
}

describe("a program whose lookup takes long", () => {
  const ran = lookups(Duration.seconds(11), {
    blocks: {},
    awaits: { IS_AWAITED: "1" },
    "is run by cdktf": { CDKTF_CONTEXT_JSON: "{}" },
    "is told to be silent": { CDKTF_BACKUPS_PROGRESS: "off" },
    "prints data": { IS_DATA: "1" },
  });

  /** The lines of progress, and the others. */
  function split(text: string) {
    const lines = text.split(/(?<=\n)/);
    const isProgress = (line: string) => line.startsWith("cdktf-backups: ");
    const others = lines.filter((line) => !isProgress(line)).join("");
    return { progress: lines.filter(isProgress), others };
  }
  const LINE = /^cdktf-backups: \d\d s; 0 of 1 list; 0 records in 2 requests\n$/;

  test.each(["blocks", "awaits"])("says how far it is on standard error: one that %s", (name) => {
    const { progress, others } = split(ran(name).stderr);
    expect(progress[0]).toMatch(LINE);
    expect(others).toBe("");
    expect(ran(name).stdout).toBe(RESULT);
  });

  test("says it on standard output to the cdktf command, which shows the other one as errors", () => {
    const { stderr, stdout } = ran("is run by cdktf");
    const { progress, others } = split(stdout);
    expect(progress[0]).toMatch(LINE);
    expect(others).toBe(RESULT);
    expect(stderr).toBe("");
  });

  test("is silent where it is told to be", () => {
    expect(ran("is told to be silent")).toMatchObject({ stderr: "", stdout: RESULT });
  });

  test("says nothing in a pipe, and its notices elsewhere, where its output is data", () => {
    const [value, notice] = RESULT.split(/(?<=true\n)/);
    expect(ran("prints data")).toMatchObject({ stdout: value, stderr: notice });
  });
});

test("a program whose lookup is done at once says nothing", async () => {
  expect((await lookup(Duration.seconds(0))).stderr).toBe("");
});

describeWith(["python3"], "on a terminal, a program", () => {
  const ran = lookups(
    Duration.seconds(2.5),
    {
      blocks: {},
      awaits: { IS_AWAITED: "1" },
      "prints data": { IS_DATA: "1" },
      "is told to be silent": { CDKTF_BACKUPS_PROGRESS: " OFF " },
      "has one that can't rewrite": { TERM: "dumb" },
    },
    (command) => ["python3", "-c", IN_A_TERMINAL, ...command],
  );
  const result = RESULT.replaceAll("\n", "\r\n");

  test.each(["blocks", "awaits", "prints data"])(
    "that %s rewrites one line, which is gone in the end",
    (name) => {
      const { stdout } = ran(name);
      const end = CLEAR + result;
      expect(stdout.endsWith(end)).toBe(true);
      const lines = stdout
        .slice(0, -end.length)
        .split(/(?=\r)/)
        .map(shownBy);
      expect(lines.length).toBeGreaterThan(2);
      for (const line of lines) {
        expect(line).toMatch(/^cdktf-backups: \d+ s; 0 of 1 list; [ -~]*…$/);
        expect(line.length).toBeLessThan(COLUMNS);
      }
    },
  );

  test.each(["is told to be silent", "has one that can't rewrite"])(
    "that %s shows nothing of so short a wait",
    (name) => {
      expect(ran(name).stdout).toBe(result);
    },
  );
});
