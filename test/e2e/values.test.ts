import {
  DataResource,
  Fn,
  LocalBackend,
  TerraformIterator,
  TerraformLocal,
  TerraformOutput,
} from "cdktf";
import { join } from "node:path";
import {
  BackupEmulator,
  BackupOutputs,
  BackupService,
  ConsistencyGroup,
  Duration,
  RdsBackups,
  RestoreTarget,
  Selection,
  Unmet,
} from "../../lib";
import { appOn } from "../support/app";
import {
  describeWith,
  succeeded,
  temporaryFolder,
  TERRAFORM,
  terraform,
} from "../support/terraform";

jest.setTimeout(2 * 60_000);

const NOW = new Date("2026-01-31T12:00:00Z");
// Whoever may name a backup, and what a synthesis or an apply must not make of it.
const NAMES = [
  '${file("/etc/hostname")}',
  "#{TfToken[TOKEN.99999]}",
  'x%{ if true }y", z = file("/etc/hostname"), w = "',
];
const records = NAMES.map((name, i) => ({
  ...{ id: `b${i}`, name, instance_id: "orders", type: "manual", status: "COMPLETED", size: 1 },
  ...{ begin_time: `2026-01-31T0${i}:00:00+0000`, end_time: `2026-01-31T0${i}:30:00+0000` },
  ...{ datastore: { type: "MySQL", version: NAMES[0] }, databases: null, unknown: NAMES[0] },
}));
const safe = (i: number) => ({
  ...{
    service: "rds",
    id: `b${i}`,
    name: NAMES[i]!.replace(/([$%#])\{/g, "$1_{").replace(/"/g, "'"),
  },
  ...{ description: null, instance_id: "orders", instance_name: null, kind: "manual" },
  ...{ status: "completed", is_restorable: true, size_bytes: 1024 },
  ...{ begin_time: `2026-01-31T0${i}:00:00Z`, end_time: `2026-01-31T0${i}:30:00Z` },
  // cdktf's functions escape no quote, so there is none.
  ...{ engine: "MySQL", engine_version: "$_{file('/etc/hostname')}", databases: [] },
  ...{ is_partial: false, created_at: null, updated_at: null, level: null },
  ...{ is_support_restore: null, error_code: null, error_message: null, backup_format: null },
  ...{ progress: null, period: null, is_associated_with_ddm: null },
});

const withoutNulls = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));

describeWith([TERRAFORM], "given whole to cdktf, and through the real terraform", () => {
  let emulator: BackupEmulator;
  let outputs: { [name: string]: any };
  const clean = (value: unknown) => JSON.parse(JSON.stringify(value));
  let decision: RestoreTarget["decision"];

  beforeAll(async () => {
    emulator = BackupEmulator.start({ now: NOW, records: { [BackupService.RDS]: records } });
    emulator.setRestoreWindows(BackupService.RDS, "orders", [
      { start: new Date("2026-01-30T00:00:00Z"), end: new Date("2026-01-31T11:59:00Z") },
    ]);
    const { stack, provider, outdir, app } = appOn(emulator, { asOf: NOW });
    const folder = temporaryFolder("values");
    new LocalBackend(stack, { path: join(folder, "state") });
    const backups = new RdsBackups(stack, "q", {
      ...{ instanceId: "orders", outputs: BackupOutputs.NONE },
    });
    const moment = new RestoreTarget(stack, "moment", {
      ...{ backups, selection: Selection.newestMoment(), maxAge: Duration.hours(1) },
    });
    const named = new RestoreTarget(stack, "named", {
      ...{ backups, selection: Selection.latest({ nameGlob: "q*" }), onUnmet: Unmet.WARN },
    });
    const group = new ConsistencyGroup(stack, "group", { members: [{ name: "db", backups }] });
    const latest = backups.latest!;
    decision = moment.decision;
    const iterator = TerraformIterator.fromMap(
      Object.fromEntries(backups.all.map((backup) => [backup.id, backup as any])),
    );
    new DataResource(stack, "each", { forEach: iterator, input: iterator.value });
    const values: { [name: string]: any } = {
      latest,
      all: backups.all,
      nested: { list: [latest], map: { of: { it: latest } } },
      spread: { ...latest },
      json: JSON.parse(JSON.stringify(latest)),
      text: JSON.stringify(latest),
      function: Fn.jsonencode(latest),
      field: Fn.jsonencode({ name: latest.name }),
      rejections: Fn.jsonencode(named.decision.rejected),
      merged: Fn.merge([latest as any, { more: "x" }]),
      local: new TerraformLocal(stack, "local", latest).expression,
      locals: new TerraformLocal(stack, "locals", backups.all).expression,
      times: [latest.beginTime, moment.restoreTime, provider.asOf, moment.decision.asOf],
      time: latest.beginTime,
      decision: moment.decision,
      picks: group.picks,
      pick: group.picks[0],
      rejected: moment.decision.rejected,
      each: Fn.lookup(
        new TerraformLocal(stack, "each-out", "${terraform_data.each}").expression,
        "b1",
      ),
    };
    for (const [name, value] of Object.entries(values))
      new TerraformOutput(stack, `o_${name}`, { value });
    app.synth();
    const cwd = join(outdir, "stacks", "stack");
    for (const args of [["init"], ["apply", "-auto-approve"]])
      succeeded(await terraform(cwd, args));
    const { stdout } = await terraform(cwd, ["output", "-json"]);
    outputs = Object.fromEntries(
      Object.entries<any>(JSON.parse(stdout)).map(([name, { value }]) => [name.slice(2), value]),
    );
  });
  afterAll(() => emulator.close());

  test("a backup is what the library's own outputs write", () => {
    expect(outputs["latest"]).toEqual(safe(2));
    expect(JSON.parse(outputs["text"])).toEqual(withoutNulls(safe(2)));
    expect(outputs["json"]).toEqual(withoutNulls(safe(2)));
    expect(JSON.parse(outputs["function"])).toEqual(safe(2));
    expect(JSON.parse(outputs["field"])).toEqual({ name: safe(2).name });
    expect(JSON.parse(outputs["rejections"])[0]).toEqual({
      backup: safe(2),
      reason: `is named ${safe(2).name}, not q*`,
    });
    expect(outputs["local"]).toEqual(safe(2));
    expect(outputs["merged"]).toEqual({ ...safe(2), more: "x" });
  });

  test("so are backups in lists and maps, and what an iterator goes over", () => {
    expect(outputs["all"]).toEqual([2, 1, 0].map(safe));
    expect(outputs["locals"]).toEqual([2, 1, 0].map(safe));
    expect(outputs["nested"]).toEqual({ list: [safe(2)], map: { of: { it: safe(2) } } });
    expect(outputs["each"].input).toEqual(safe(1));
  });

  test("a spread has the same values, times in RFC 3339, and no raw record", () => {
    expect(outputs["spread"]).toMatchObject({ id: "b2", beginTime: "2026-01-31T02:00:00Z" });
    expect(JSON.stringify(outputs["spread"])).not.toMatch(/\$\{|unknown/);
  });

  test("no time is an empty object", () => {
    const [begin, asOf] = ["2026-01-31T02:00:00Z", "2026-01-31T12:00:00Z"];
    expect(outputs["times"]).toEqual([begin, "2026-01-31T11:59:00Z", asOf, asOf]);
    expect(outputs["time"]).toBe(begin);
  });

  test("a decision, a pick and what was rejected are the same as their JSON", () => {
    expect(outputs["decision"]).toEqual(clean(decision.toJson()));
    expect(outputs["rejected"][0]).toMatchObject({ reason: expect.any(String), backup: safe(1) });
    const pick = {
      member: "db",
      backup: safe(2),
      restore_time: null,
      moment: "2026-01-31T02:00:00Z",
    };
    expect(outputs["pick"]).toEqual(pick);
    expect(outputs["picks"]).toEqual([pick]);
  });

  test("nothing that the cloud named was evaluated", () => {
    expect(JSON.stringify(outputs)).not.toMatch(/\$\{|%\{|#\{|\{\}/);
  });
});
