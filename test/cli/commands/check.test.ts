import { spawn } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { parse } from "yaml";
import {
  BackupEmulator,
  BackupService,
  Duration,
  MemoryLock,
  ProjectBackups,
  RdsBackups,
  RecoveryPolicy,
  Rule,
} from "../../../lib";
import { formatLock, LockEntry } from "../../../lib/lock/format";
import { entryOf, lockOf, record } from "../../support/locks";
import { appOn, SAMPLE } from "../../support/app";
import { identity, keyOf } from "../../../lib/query/identity";
import { runCommand } from "../../support/command";
import { ENVIRONMENT, temporaryFolder } from "../../support/programs";
import { folderWith, told } from "../checks";

const ROOT = join(__dirname, "..", "..", "..");
const MINUTE = "rules: { rpo: { maxAge: 1m }, service-flag: off, automated-only: off }";

let emulator: BackupEmulator;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  // An hour old at the least, so that an RPO of a minute is never met.
  const now = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000);
  emulator = BackupEmulator.start({ now });
  before = { ...process.env };
  Object.assign(process.env, emulator.environment);
});
afterEach(() => {
  process.env = before;
  emulator.close();
});

/** As people run it. */
function run(policy: string, ...args: string[]) {
  return runCommand(["check", ...args], { cwd: folderWith(policy), env: emulator.environment });
}

const forbid = (service: BackupService) =>
  emulator.fault({ service, status: 403, body: "{}", times: -1 });

describe("check, as a process", () => {
  test("ends with 0 where the policy is met, and says so first", async () => {
    const { exit, stderr, stdout } = await run("services: [rds]");
    expect(stdout).toMatch(/^3 of 3 instances meet the policy/);
    expect([exit, stderr]).toEqual([0, ""]);
  });

  test("ends with 1 where the file can't be, and asks nobody", async () => {
    const { exit, stderr, stdout } = await run("services: [rds]\nrules: { rpo: { maxAge: 4 } }");
    expect(stderr).toMatch(/^INVALID_POLICY: backups.policy.yaml, line 3, column 25: /);
    expect([exit, stdout]).toEqual([1, ""]);
    expect(emulator.requests).toEqual([]);
  });

  test.each([
    ["services: [rds]", ["--fail-on", "off"], 'INVALID_ARGUMENT: --fail-on "off" is no level'],
    ["rules: { size: off }", [], "INVALID_POLICY: backups.policy.yaml has neither services nor"],
    ["services: [rds]", ["other.yaml"], "POLICY_UNREADABLE: other.yaml can't be read (ENOENT)"],
    ["services: [rds]", ["--lock", "no.json"], "LOCK_MISSING: there is no no.json"],
    ["services: [rds]", ["--format", "html"], 'INVALID_ARGUMENT: --format "html"'],
    ["region: eu-de\nservices: [rds]", ["--project", "a/b"], "INVALID_ID: --project holds a slash"],
  ])("ends with 1 for wrong use: %s %j", async (policy, args, message) => {
    const { exit, stderr } = await run(policy, ...args);
    expect(stderr).toContain(message);
    expect(exit).toBe(1);
    expect(emulator.requests).toEqual([]);
  });

  test("ends with 1 where there is no policy", async () => {
    const { exit, stderr } = await runCommand(["check"], { cwd: temporaryFolder("none") });
    expect(stderr).toMatch(/^POLICY_UNREADABLE: there is no policy file here/);
    expect(exit).toBe(1);
  });

  test("ends with 2 where a finding is an error, and with 0 where it is suppressed", async () => {
    const broken = await run(`services: [rds]\n${MINUTE}`);
    expect(broken.stdout).toMatch(/^0 of 3 instances meet the policy: 3 errors\. As of /);
    expect(broken.stdout).toContain("error    rpo: the newest usable backup ");
    expect(broken.exit).toBe(2);
    const suppress = "suppress: [{ rule: rpo, service: rds, reason: it is tried out }]";
    const lived = await run(`services: [rds]\n${MINUTE}\n${suppress}`);
    expect(lived.stdout).toMatch(/^3 of 3 instances meet the policy: 3 suppressed\. /);
    expect(lived.exit).toBe(0);
  });

  test("ends with 2 for a warning only where that is wanted", async () => {
    const policy = "services: [dcs]\nrules: { service-flag: warning }";
    expect((await run(policy)).exit).toBe(0);
    expect((await run(policy, "--fail-on", "warning")).exit).toBe(2);
  });

  test("ends with 3 where a lookup failed, and judges the others all the same", async () => {
    forbid(BackupService.DCS);
    const { exit, stderr, stdout } = await run(`services: [rds, dcs]\n${MINUTE}`);
    expect(stdout).toMatch(/^0 of 3 instances meet the policy: 3 errors, dcs unknown\. /);
    expect(stderr).toMatch(/^NOT_PERMITTED: /);
    expect(exit).toBe(3);
  });

  test("ends with 130, quietly, where it is interrupted", async () => {
    emulator.fault({ service: BackupService.RDS, hang: true, times: -1 });
    const child = spawn(process.execPath, [join(ROOT, "build", "cli", "bin.js"), "check"], {
      cwd: folderWith("services: [rds]"),
      env: { ...ENVIRONMENT, ...emulator.environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const ended = new Promise((resolve) => child.on("close", resolve));
    while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(stderr).toBe("");
  });

  test("writes several formats at once", async () => {
    const formats = ["json", "ndjson", "csv", "markdown", "junit", "sarif", "prometheus"];
    const cwd = folderWith(`services: [rds]\n${MINUTE}`);
    const args = formats.flatMap((each) => ["--out", `${each}=out.${each}`]);
    const { exit } = await runCommand(["check", ...args], { cwd, env: emulator.environment });
    expect(exit).toBe(2);
    const [json, ndjson, csv, markdown, junit, sarif, prometheus] = formats.map((each) =>
      readFileSync(join(cwd, `out.${each}`), "utf8"),
    ) as [string, string, string, string, string, string, string];
    expect(JSON.parse(json)).toMatchObject({ is_met: false, fail_on: "error" });
    const rows = ndjson
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map(({ level, rule }) => [rule, level])).toEqual(Array(3).fill(["rpo", "error"]));
    expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1);
    expect(csv.split("\n")[0]).toBe(Object.keys(rows[0]).join());
    expect(csv.trimEnd().split("\n")).toHaveLength(4);
    expect(markdown).toMatch(/^\*\*0 of 3 instances meet the policy: 3 errors\.\*\* As of /);
    expect(junit).toMatch(/tests="\d+" failures="3" errors="0">/);
    const [{ results }] = JSON.parse(sarif).runs;
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "backups.policy.yaml" },
      region: { startLine: 2 },
    });
    expect(prometheus).toContain('cdktf_backups_findings{rule="rpo",level="error"} 3\n');
  });
});

describe("check", () => {
  test("holds an instance of a service to rules of its own", async () => {
    const own = "instances: [{ service: rds, name: orders-2, rules: { rpo: { maxAge: 1m } } }]";
    const { exit, findings, json } = await told(`services: [rds]\n${own}`);
    expect(findings.filter((each: string) => each.endsWith(": rpo"))).toEqual([
      "rds/orders-2: rpo",
    ]);
    expect(json.instances).toHaveLength(3);
    expect(exit).toBe(2);
  });

  test("finds single instances by their id and by their name", async () => {
    const { json, notes } = await told(
      `instances:\n  - { service: rds, id: ${SAMPLE.rds} }\n  - { service: gaussdb, name: orders-1 }`,
    );
    expect(json.instances).toMatchObject([
      { service: "rds", instance_id: SAMPLE.rds, is_known: true },
      { service: "gaussdb", instance_id: SAMPLE.gaussdb, instance_name: "orders-1" },
    ]);
    expect(json.services).toEqual([]);
    expect(notes).toEqual([]);
  });

  test("judges the restore windows of single instances, also of one among a service's", async () => {
    const windows = "rules: { window-gap: { within: 2d, maxGap: 1s } }";
    const given = `{ service: rds, id: ${SAMPLE.rds}, ${windows} }`;
    for (const services of ["[]", "[rds]"]) {
      emulator.setRestoreWindows(BackupService.RDS, SAMPLE.rds, []);
      const { findings } = await told(`services: ${services}\ninstances: [${given}]`);
      expect(findings.filter((each: string) => each.endsWith(": window-gap"))).toHaveLength(1);
    }
  });

  test("says what it can't judge, and counts no rule that had nothing to judge", async () => {
    const rules = "rules: { window-gap: warning, retention: { minimum: 30d } }";
    const single = `instances: [{ service: gaussdb, id: ${SAMPLE.gaussdb} }]`;
    const { as, notes } = await told(`services: [dcs]\n${rules}\n${single}`);
    expect(notes).toEqual([
      expect.stringMatching(
        /window-gap can't be judged of 1 instance: the service restores to no moment \(dcs orders-1\)$/,
      ),
      expect.stringMatching(
        /retention can't be judged of 1 instance: .* of what stands under services alone \(gaussdb 164a.*\)$/,
      ),
    ]);
    expect(as.junit!()).not.toMatch(/"window-gap" classname="dcs/);
    expect(as.junit!()).toMatch(/"retention" classname="dcs/);
    expect(as.junit!()).not.toMatch(/"retention" classname="gaussdb/);
  });

  test.each([
    ["services: [rds]", ["name: orders-1", `id: ${SAMPLE.rds}`], `"${SAMPLE.rds}"`],
    ["services: [rds]", [`id: ${SAMPLE.rds}`, "name: orders-1"], '"orders-1"'],
    ["services: []", ["name: orders-1", `id: ${SAMPLE.rds}`], `"${SAMPLE.rds}"`],
  ])("refuses two that are the same instance: %s, %j", async (services, who, second) => {
    const items = who.map((each) => `  - { service: rds, ${each} }`).join("\n");
    const { exit, stderr, stdout } = await run(`${services}\ninstances:\n${items}`);
    expect(stderr).toContain(
      `INVALID_POLICY: backups.policy.yaml, line 5: the instance ${second} of rds stands in line 4 already`,
    );
    expect([exit, stdout]).toEqual([1, ""]);
  });

  test("does not know an instance that is not there", async () => {
    const { exit, json, problems } = await told(
      "services: [rds]\ninstances: [{ service: rds, name: gone }, { service: dds, name: gone }]",
    );
    expect(problems!.map(({ code }) => code)).toEqual(["INSTANCE_NOT_FOUND", "INSTANCE_NOT_FOUND"]);
    expect(json.instances.filter((each: any) => !each.is_known)).toHaveLength(2);
    expect(exit).toBe(3);
  });

  test("advises in each format what a command line can do", async () => {
    const id = "d48e43ff268f4c0e879652d65e63d0fbin01";
    const { as } = await told(`instances: [{ service: rds, id: ${id} }]`);
    const advice = "Check its id or name, the region and the project.";
    for (const format of ["json", "ndjson", "csv", "markdown", "junit", "sarif"] as const) {
      expect(as[format]!()).toContain(advice);
    }
  });

  test("does not know an instance whose list failed, and knows the others", async () => {
    const failing = SAMPLE.rds;
    const fault = { service: BackupService.RDS, path: `instance_id=${failing}` };
    emulator.fault({ ...fault, status: 403, body: "{}", times: -1 });
    const { exit, json } = await told("services: [rds]");
    const known = json.instances.map((each: any) => [each.instance_id === failing, each.is_known]);
    expect(known).toEqual(known.map(([isFailing]: boolean[]) => [isFailing, !isFailing]));
    expect(known).toHaveLength(3);
    expect(exit).toBe(3);
  });

  test("suppresses of the instance that is meant alone, and tells of one that nobody is", async () => {
    const one = "{ rule: rpo, instance: orders-1, reason: x }";
    const stray = "{ rule: rpo, instance: renamed, reason: x }";
    const { findings, json, notes } = await told(
      `services: [rds]\n${MINUTE}\nsuppress: [${one}, ${stray}]`,
    );
    expect(findings).toEqual(["rds/orders-2: rpo", "rds/orders-3: rpo"]);
    const lived = json.instances.flatMap((each: any) => each.suppressed);
    expect(lived).toMatchObject([{ rule: "rpo", suppressed_because: "x" }]);
    expect(notes).toEqual([
      expect.stringMatching(/line 4: the suppression of rpo is of no instance that was judged$/),
    ]);
  });

  test.each(["[]", "[rds]"])(
    "knows nothing of instances that a name does not tell apart, with services: %s",
    async (services) => {
      for (const id of ["1in01", "2in01"]) {
        emulator.addInstance({ service: BackupService.RDS, id, name: "twin" });
      }
      const own = "instances: [{ service: rds, name: twin, rules: { rpo: { maxAge: 4h } } }]";
      const { exit, findings, problems } = await told(`services: ${services}\n${own}`);
      expect(problems!.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^SEVERAL_INSTANCES: there are 2 RDS instances named "twin".*\n- "1in01": .*\n- "2in01": /s,
        ),
      ]);
      expect(findings.filter((each) => each.startsWith("rds/twin"))).toEqual([]);
      expect(exit).toBe(3);
    },
  );

  test("judges those of a name that stand there by their ids, and tells of the name all the same", async () => {
    for (const id of ["1in01", "2in01"]) {
      emulator.addInstance({ service: BackupService.RDS, id, name: "twin" });
    }
    const [one, two] = ["{ service: rds, id: 1in01 }", "{ service: rds, id: 2in01 }"];
    const ofName = "{ service: rds, name: twin }";
    const some = await told(`services: [rds]\ninstances: [${ofName}, ${one}]`);
    const known = ({ json }: typeof some) =>
      json.instances
        .filter((each: any) => each.instance_name === "twin")
        .map((each: any) => [each.instance_id, each.is_known]);
    expect(known(some)).toEqual([
      ["1in01", true],
      ["2in01", false],
    ]);
    const all = await told(`services: [rds]\ninstances: [${ofName}, ${one}, ${two}]`);
    expect(known(all)).toEqual([
      ["1in01", true],
      ["2in01", true],
      [null, false],
    ]);
    expect([some.exit, all.exit]).toEqual([3, 3]);
  });

  test("refuses a suppression by a name that several of a service have", async () => {
    for (const id of ["1in01", "2in01"]) {
      emulator.addInstance({ service: BackupService.RDS, id, name: "twin" });
    }
    const suppressed = (instance: string) =>
      `services: [rds]\nsuppress:\n  - { rule: rpo, instance: ${instance}, reason: x }`;
    const { exit, stderr, stdout } = await run(suppressed("twin"));
    expect(stderr).toMatch(
      /^INVALID_POLICY: backups.policy.yaml, line 4: the suppression of rpo is of 2 instances of rds: each is "twin"\. .*:\n- "1in01"\n- "2in01"\s*$/,
    );
    expect([exit, stdout]).toEqual([1, ""]);
    const { findings } = await told(suppressed("1in01"));
    expect(findings.filter((each: string) => each.endsWith(": rpo"))).toEqual(["rds/twin: rpo"]);
  });

  test("takes a suppression by a name for those of several services", async () => {
    for (const service of [BackupService.RDS, BackupService.DCS]) {
      emulator.addInstance({ service, id: "1in01", name: "twin" });
    }
    const { json } = await told(
      "services: [rds, dcs]\nsuppress: [{ rule: rpo, instance: twin, reason: x }]",
    );
    const lived = json.instances.flatMap((each: any) =>
      each.suppressed.map(({ rule }: any) => `${each.service}/${each.instance_name}: ${rule}`),
    );
    expect(lived.sort()).toEqual(["dcs/twin: rpo", "rds/twin: rpo"]);
  });

  test("shows nothing of a name that would move a terminal's cursor", async () => {
    const volume = { size: 40 };
    const datastore = { type: "MySQL", version: "8.0" };
    const hostile = {
      id: "9in01",
      name: "a\u001b[2Jb\u202ec",
      status: "ACTIVE",
      volume,
      datastore,
    };
    emulator.addInstanceRecord(BackupService.RDS, hostile);
    const { as } = await told("services: [rds]");
    for (const make of [as.text!, as.markdown!, as.csv!, as.json!, as.junit!, as.prometheus!]) {
      expect(make()).toContain("2Jb");
      expect(make()).not.toMatch(/[^\P{C}\n]/u);
    }
  });

  test("asks whom the command line says, else whom the policy says", async () => {
    const policy = "project: nobody\nservices: [rds]";
    expect((await told(policy)).exit).toBe(3);
    expect((await told(policy, { project: emulator.projectId })).exit).not.toBe(3);
  });
});

describe("check --lock", () => {
  const hour = (n: number) => new Date(Date.UTC(2026, 0, 1, n)).toISOString();
  const ofLedger = { ...record(0, 0), instance_id: "ledger" };
  const lock = (at: string) =>
    formatLock(lockOf([entryOf("orders", 3, at), entryOf("ledger", [ofLedger], at)]));

  async function judged(text: string, policy?: string, ...args: string[]) {
    const cwd = temporaryFolder("locked");
    writeFileSync(join(cwd, "backups.lock.json"), text);
    if (policy !== undefined) {
      writeFileSync(join(cwd, "backups.policy.yaml"), `version: 1\n${policy}`);
    }
    const given = ["check", "--lock", "backups.lock.json", ...args];
    // Without any variable: nobody can be asked.
    const { exit, stderr, stdout } = await runCommand(given, { cwd });
    return { exit, stderr, stdout };
  }

  test("judges all that it holds as of its newest answer, without a policy", async () => {
    const { exit, stderr, stdout } = await judged(lock(hour(20)));
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^2 of 2 instances meet the policy: .* As of 2026-01-01T20:00:00Z\./);
    const later = await judged(lock(hour(20)), undefined, "--as-of", "2026-01-09");
    expect(later.stdout).toMatch(/^0 of 2 instances meet the policy: 2 errors/);
    expect(later.exit).toBe(2);
  });

  test("judges those that a policy names, and does not know those that it has not", async () => {
    const own = "instances: [{ service: rds, id: orders, rules: { rpo: { maxAge: 1h } } }]";
    const one = await judged(lock(hour(20)), own);
    expect(one.stdout).toMatch(/^0 of 1 instance meets the policy: 1 error/);
    const gone = await judged(lock(hour(20)), "instances: [{ service: rds, id: gone }]");
    expect(gone.stderr).toMatch(
      /^LOCK_MISSING: backups.lock.json holds no backups of RDS instance gone/,
    );
    expect(gone.exit).toBe(3);
  });

  test("refuses an instance that stands there by its id and by its name", async () => {
    const named = { ...record(0, 0), instance_id: "orders", instance_name: "Orders" };
    const text = formatLock(lockOf([entryOf("orders", [named], hour(20))]));
    const twice =
      "instances:\n  - { service: rds, id: orders }\n  - { service: rds, name: Orders, rules: { rpo: { maxAge: 1h } } }";
    const { exit, stderr } = await judged(text, twice);
    expect(stderr).toMatch(
      /^INVALID_POLICY: .*line 4: the instance "Orders" of rds stands in line 3/,
    );
    expect(exit).toBe(1);
  });

  test("knows nothing of instances that a name does not tell apart, and suppresses of none", async () => {
    const named = (id: string) => {
      const records = [{ ...record(0, 0), instance_id: id, instance_name: "twin" }];
      return entryOf(id, records, hour(20));
    };
    const text = formatLock(lockOf([named("1in01"), named("2in01")]));
    const own = "instances:\n  - { service: rds, name: twin }";
    const some = await judged(text, own, "--format", "json");
    expect(some.stderr).toMatch(
      /^SEVERAL_INSTANCES: backups.lock.json holds backups of 2 RDS instances named "twin"\. Give the id of one of them:\n- "1in01": .*\n- "2in01": /,
    );
    const { instances } = JSON.parse(some.stdout);
    expect(instances.map((each: any) => [each.instance_id, each.is_known])).toEqual([
      ["1in01", false],
      ["2in01", false],
    ]);
    expect(some.exit).toBe(3);
    const ids = "\n  - { service: rds, id: 1in01 }\n  - { service: rds, id: 2in01 }";
    const all = await judged(text, own + ids);
    expect(all.stderr).toMatch(/^SEVERAL_INSTANCES: /);
    expect(all.stdout).toMatch(/^2 of 3 instances meet the policy: .*1 unknown/);
    const suppressed = "services: [rds]\nsuppress: [{ rule: rpo, instance: twin, reason: x }]";
    const lived = await judged(text, suppressed);
    expect(lived.stderr).toMatch(/^INVALID_POLICY: backups.policy.yaml, line 3: .*\n- "1in01"\n/);
    expect([lived.exit, lived.stdout]).toEqual([1, ""]);
  });

  test("tells once, at its line, of an instance that a part alone was asked of", async () => {
    const [, whole] = entryOf("orders", 3, hour(20));
    const query = identity({ ...whole.query, end_time: hour(1).replace(".000", "") });
    const text = formatLock(lockOf([[keyOf(query), { ...whole, query }]]));
    const own = "instances: [{ service: rds, id: orders }]";
    const { exit, stdout } = await judged(text, own, "--format", "json");
    expect(exit).toBe(3);
    const { instances } = JSON.parse(stdout);
    expect(instances).toMatchObject([{ instance_id: "orders", error_code: "LOCK_MISSING" }]);
    const { runs } = JSON.parse((await judged(text, own, "--format", "sarif")).stdout);
    const line = text.slice(0, text.indexOf(`"${keyOf(query)}": {`)).split("\n").length;
    expect(JSON.stringify(runs[0].invocations)).toContain(`"startLine":${line}`);
  });

  test("knows nothing of an instance of which one kind of backups alone was asked for", async () => {
    const [, whole] = entryOf("orders", 3, hour(20));
    const query = identity({ ...whole.query, backup_type: "manual" });
    const manual = [keyOf(query), { ...whole, query }] as [string, LockEntry];
    const part = await judged(formatLock(lockOf([manual])));
    expect([part.exit, part.stdout]).toEqual([
      3,
      expect.stringMatching(/^0 of 1 instance meets the policy: 1 unknown\./),
    ]);
    expect(part.stderr).toMatch(/^LOCK_MISSING: of ".*orders.*" a part alone was asked for\. /);
    const both = entryOf("orders", 3, hour(20));
    expect((await judged(formatLock(lockOf([manual, both])))).exit).toBe(0);
  });

  test("points at the line of the lookup in the lock", async () => {
    const text = lock(hour(20));
    const { stdout } = await judged(text, undefined, "--format", "sarif");
    const { results } = JSON.parse(stdout).runs[0];
    const lines = text.split("\n");
    expect(results.length).toBeGreaterThan(0);
    for (const { locations, message } of results) {
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect(artifactLocation.uri).toBe("backups.lock.json");
      expect(lines[region.startLine - 1]).toMatch(/^ {4}"rds\/[0-9a-f]{16}": \{$/);
      const [, id] = /instance (\w+)/.exec(message.text)!;
      expect(lines[region.startLine]).toContain(`instance ${id}`);
    }
  });

  test("judges each instance of a project, by its backup policy and its windows as well", async () => {
    const store = new MemoryLock();
    const { app, stack } = appOn(emulator, { lockStore: store });
    new ProjectBackups(stack, "all", {
      services: [BackupService.RDS, BackupService.DCS],
      withPolicies: true,
    });
    const within = Duration.days(2);
    new RecoveryPolicy(stack, "policy", {
      queries: [new RdsBackups(stack, "orders", { instanceId: SAMPLE.rds })],
      rules: [Rule.windowGap({ within, maxGap: Duration.hours(1) })],
    });
    app.synth();
    const rules = "{ retention: { minimum: 30d }, window-gap: { within: 2d, maxGap: 1s } }";
    const policy = `rules: ${rules}\nservices: [rds, dcs, dds]`;
    const { stderr, stdout } = await judged(store.read()!, policy, "--format", "ndjson");
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const found = (rule: string) =>
      rows.filter((row) => row.rule === rule).map((row) => `${row.service}/${row.instance_name}`);
    expect(found("retention").sort()).toEqual([
      ...["dcs/orders-1", "rds/orders-1", "rds/orders-2", "rds/orders-3"],
    ]);
    expect(found("window-gap")).toEqual(["rds/orders-1"]);
    expect(stderr.split("\n")).toEqual([
      "note: backups.policy.yaml: window-gap can't be judged of 3 instances: the service restores to no moment (dcs orders-1); backups.lock.json holds no restore windows (rds orders-3, rds orders-2)",
      "note: backups.lock.json holds no lookup of dds",
      "",
    ]);
  });

  test.each([
    ["--cloud", "otc"],
    ["--region", "eu-de"],
    ["--project", "p1"],
    ["--project-name", "shop"],
    ["--ca-file", "ca.pem"],
    ["--timeout", "1m"],
  ])("refuses %s, which nothing would read", async (option, value) => {
    const { exit, stderr, stdout } = await judged(lock(hour(20)), undefined, option, value);
    expect(stderr).toContain(`INVALID_ARGUMENT: ${option} stands beside --lock`);
    expect([exit, stdout]).toEqual([1, ""]);
  });

  test("refuses one that was edited, or that holds nothing to judge", async () => {
    const edited = await judged(lock(hour(20)).replace("orders-1", "orders-9"));
    expect(edited.stderr).toMatch(/^LOCK_INVALID: /);
    expect(edited.exit).toBe(1);
    const empty = await judged(formatLock(lockOf([])));
    expect(empty.stderr).toMatch(/^LOCK_MISSING: backups.lock.json holds no lookup of backups/);
    expect(empty.exit).toBe(1);
  });
});

describe("the example of a policy", () => {
  const file = join(ROOT, "examples", "backups.policy.yaml");

  test("fits the schema", () => {
    const schema = JSON.parse(readFileSync(join(ROOT, "backups.policy.schema.json"), "utf8"));
    const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);
    validate(parse(readFileSync(file, "utf8")));
    expect(validate.errors).toBeNull();
  });

  test("is judged", async () => {
    const cwd = temporaryFolder("example");
    copyFileSync(file, join(cwd, "backups.policy.yaml"));
    const { exit, stderr, stdout } = await runCommand(["check"], {
      cwd,
      env: emulator.environment,
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^\d of 5 instances meet the policy/);
    expect([0, 2]).toContain(exit);
  });
});
