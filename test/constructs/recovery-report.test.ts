import { TerraformStack } from "cdktf";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupProvider,
  BackupService,
  Duration,
  LookupMode,
  MemoryLock,
  ProjectBackups,
  RdsBackups,
  RecoveryPolicy,
  RecoveryReport,
  RestoreTarget,
  RestoreWindows,
  Rule,
  RuleId,
  Unmet,
} from "../../lib";
import { appOn } from "../support/app";

const NOW = new Date("2026-01-31T06:00:00Z");
const hours = (count: number) => new Date(NOW.getTime() - count * 3_600_000);
const ORDERS = "c48e43ff268f4c0e879652d65e63d0fbin01";

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start({ now: NOW });
  emulator.addInstance({ service: BackupService.RDS, id: ORDERS, name: "orders" });
  for (const [id, age] of [
    ["b-new", 5],
    ["b-old", 30],
  ] as const) {
    emulator.addBackup({
      ...{ service: BackupService.RDS, id, instanceId: ORDERS, beginTime: hours(age) },
      name: id === "b-old" ? "</script><script>alert(1)</script>" : "nightly",
    });
  }
});
afterAll(() => emulator.close());

/** The report that a synthesis of the stack wrote, failed or not. */
function reportOf(
  declare: (stack: TerraformStack) => void,
  settings: Parameters<typeof appOn>[1] = {},
  file = "recovery-report.html",
) {
  const { app, outdir, stack } = appOn(emulator, {
    ...{ projectId: emulator.projectId, asOf: NOW },
    ...settings,
  });
  declare(stack);
  let failed: unknown;
  try {
    app.synth();
  } catch (error) {
    failed = error;
  }
  const path = join(outdir, "stacks", "stack", file);
  return { failed, html: existsSync(path) ? readFileSync(path, "utf8") : undefined };
}

describe("a report of a stack", () => {
  test("is written beside the stack's cdk.tf.json, with what its queries, targets and policies found", () => {
    const { failed, html } = reportOf((stack) => {
      const orders = new RdsBackups(stack, "orders", { instanceId: ORDERS });
      new RestoreTarget(stack, "target", { backups: orders, maxAge: Duration.hours(26) });
      new RestoreWindows(stack, "windows", { backups: orders });
      new RecoveryPolicy(stack, "policy", {
        queries: [orders],
        rules: [Rule.rpo(Duration.hours(26)), Rule.count(5)],
      });
      new RecoveryReport(stack, "report", { title: "Orders & co" });
    });
    expect(failed).toBeUndefined();
    expect(html).toContain("Orders &amp; co");
    expect(html).toContain("b-new");
    expect(html).toContain("b-old");
    expect(html).toContain("count");
    expect(html).not.toContain("<script>alert");
  });

  test("is written where the synthesis fails for what it shows", () => {
    const { failed, html } = reportOf((stack) => {
      const orders = new RdsBackups(stack, "orders", { instanceId: ORDERS });
      new RecoveryPolicy(stack, "policy", {
        ...{ queries: [orders], rules: [Rule.rpo(Duration.hours(4))] },
      });
      new RecoveryReport(stack, "report");
    });
    expect(String(failed)).toContain("RECOVERY_POLICY");
    expect(html).toContain("the RPO is 4 h");
  });

  test("says of a lookup that failed that nothing is known", () => {
    const { html } = reportOf((stack) => {
      new RdsBackups(stack, "gone", { instanceId: "d48e43ff268f4c0e879652d65e63d0fbin01" });
      new RecoveryReport(stack, "report");
    });
    expect(html).toContain("INSTANCE_NOT_FOUND");
  });

  test("shows the instances of a project one by one, and what is suppressed with its reason", () => {
    const { html } = reportOf((stack) => {
      const project = new ProjectBackups(stack, "project", {
        ...{ services: [BackupService.RDS], nameGlob: "orders" },
      });
      new RecoveryPolicy(stack, "policy", { projects: [project], rules: [Rule.count(5)] });
      RecoveryPolicy.suppress(project, RuleId.COUNT, "two are enough here");
      new RecoveryReport(stack, "report");
    });
    expect(html).toContain(`RDS instance orders (${ORDERS})`);
    expect(html).toContain("two are enough here");
  });

  test("draws as usual what the policy takes for usual, also of a project", () => {
    const html = (floorPercent?: number) =>
      reportOf((stack) => {
        const orders = new RdsBackups(stack, "orders", { instanceId: ORDERS });
        const project = new ProjectBackups(stack, "project", {
          ...{ services: [BackupService.RDS], nameGlob: "orders" },
        });
        const rules = [Rule.size({ minSamples: 1, floorPercent })];
        new RecoveryPolicy(stack, "policy", { queries: [orders], projects: [project], rules });
        new RecoveryReport(stack, "report");
      }).html!;
    const bands = (page: string) => page.match(/\S+ \S+ to \S+ \S+ are usual/g);
    const usual = (low: string, high: string) => Array(2).fill(`${low} to ${high} are usual`);
    expect(bands(html())).toEqual(usual("819.2 MiB", "1.2 GiB"));
    expect(bands(html(50))).toEqual(usual("512 MiB", "1.5 GiB"));
  });

  test("takes the RPO of the policy, else the age that a target allows", () => {
    const declared = (isJudged: boolean) => (stack: TerraformStack) => {
      const orders = new RdsBackups(stack, "orders", { instanceId: ORDERS });
      new RestoreTarget(stack, "target", {
        ...{ backups: orders, maxAge: Duration.hours(4), onUnmet: Unmet.WARN },
      });
      if (isJudged) new RecoveryPolicy(stack, "policy", { queries: [orders] });
      new RecoveryReport(stack, "report");
    };
    expect(reportOf(declared(true)).html).toContain("26 h");
    expect(reportOf(declared(false)).html).not.toContain("26 h");
    expect(reportOf(declared(false)).html).toContain("4 h");
  });

  test("has the same bytes for the same answers", () => {
    const lockStore = new MemoryLock();
    const declare = (stack: TerraformStack) => {
      const orders = new RdsBackups(stack, "orders", { instanceId: ORDERS });
      new RestoreTarget(stack, "target", { backups: orders });
      new RecoveryReport(stack, "report");
    };
    reportOf(declare, { lockStore, asOf: undefined, mode: LookupMode.CACHED });
    const frozen = { lockStore, asOf: undefined, mode: LookupMode.FROZEN };
    const first = reportOf(declare, frozen).html;
    expect(first).toMatch(/^<!doctype html>/i);
    expect(reportOf(declare, frozen).html).toBe(first);
  });

  test("says of what counts back from another moment that its ages are not known", () => {
    const { failed, html } = reportOf((stack) => {
      const late = new BackupProvider(stack, "late", {
        ...{ cloud: emulator.cloud, region: emulator.region, projectId: emulator.projectId },
        ...{ credentials: emulator.credentials, lockStore: new MemoryLock() },
        asOf: new Date("2026-02-10T06:00:00Z"),
      });
      const early = new BackupProvider(stack, "early", {
        ...{ cloud: emulator.cloud, region: emulator.region, projectId: emulator.projectId },
        ...{ credentials: emulator.credentials, lockStore: new MemoryLock(), asOf: NOW },
      });
      new RdsBackups(stack, "first", { instanceId: ORDERS, provider: early });
      const queries = [new RdsBackups(stack, "second", { instanceId: ORDERS, provider: late })];
      new RecoveryPolicy(stack, "policy", { queries, rules: [Rule.rpo(Duration.hours(26))] });
      new RecoveryReport(stack, "report");
    });
    expect(String(failed)).toContain("RECOVERY_POLICY");
    expect(html).toContain("its provider counts back from 2026-01-31T06:00:00Z");
    expect(html).toMatch(/second is 9 days 3 h over/);
  });

  test("of which there are two has two names", () => {
    const two = (fileName: string) => (stack: TerraformStack) => {
      new RecoveryReport(stack, "one");
      new RecoveryReport(stack, "two", { fileName });
    };
    expect(() => reportOf(two("Recovery-Report.html"))).toThrow(
      /^INVALID_PROPERTY: fileName "Recovery-Report.html" is that of stack\/one/,
    );
    expect(reportOf(two("other.html"), {}, "other.html").html).toBeDefined();
  });

  test("has all backups of a query of whose newest alone a target asked", () => {
    const { html } = reportOf((stack) => {
      const orders = new RdsBackups(stack, "orders", { instanceId: ORDERS });
      new RestoreTarget(stack, "target", { backups: orders, maxAge: Duration.hours(6) });
      new RecoveryReport(stack, "report");
    });
    expect(html).toContain("b-old");
  });

  test("has the name that it is given, and refuses what is a path", () => {
    const named = reportOf(
      (stack) => new RecoveryReport(stack, "report", { fileName: "orders.html" }),
      {},
      "orders.html",
    );
    expect(named.html).toBeDefined();
    for (const fileName of ["../report.html", "a/b.html", "report.htm", ".html", "-x.html"]) {
      expect(() => reportOf((stack) => new RecoveryReport(stack, "r", { fileName }))).toThrow(
        /^INVALID_PROPERTY: fileName is .*Allowed is the name of a file/,
      );
    }
  });
});
