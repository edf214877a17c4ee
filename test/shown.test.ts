import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  BackupEmulator,
  BackupService,
  Credentials,
  DcsBackups,
  Duration,
  GaussDbBackups,
  LockReview,
  LookupMode,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  RestoreTrigger,
  Rule,
  RuleLevel,
  Selection,
  Unmet,
} from "../lib";
import { preflight } from "../lib/preflight/preflight";
import { appOn } from "./support/app";
import { captured } from "./support/captured";
import { OwnStore } from "./support/locks";

// What the cloud may have put into a name, an id, a version, a message.
const HOSTILE: [string, string][] = [
  ["a colour", "\u001b[31m"],
  ["a clipboard (OSC 52)", "\u001b]52;c;aGk=\u0007"],
  ["a title ended by ST", "\u001b]0;t\u001b\\"],
  ["a C1 sequence", "\u009b2J"],
  ["a C1 string", "\u009d0;t\u009c"],
  ["a NUL", "\0"],
  ["backspaces", "\b\b\b"],
  ["DEL", "\u007f"],
  ["a line feed", "\n"],
  ["a carriage return", "\r"],
  ["both", "\r\n"],
  ["a vertical tab and a form feed", "\v\f"],
  ["NEL", "\u0085"],
  ["a line separator", "\u2028"],
  ["a paragraph separator", "\u2029"],
  ["a bidi override", "\u202e"],
  ["a bidi isolate", "\u2066"],
  ["a bidi mark", "\u200f"],
  ["an Arabic letter mark", "\u061c"],
  ["a zero-width space", "\u200b"],
  ["a word joiner", "\u2060"],
  ["a byte order mark", "\ufeff"],
  ["a soft hyphen", "\u00ad"],
  ["a Hangul filler", "\u3164"],
  ["a tag", "\u{e0041}"],
  ["a variation selector", "\ufe0f"],
  ["the first half of a character", "\ud83d"],
  ["the second half of a character", "\udca9"],
];
// All that is drawn by no terminal, but for the line feeds between our own lines.
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const FORGED = /^\s*FORGED/m;

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start();
});
afterAll(() => emulator.close());

const hoursAgo = (hours: number) =>
  new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+Z/, "+0000");

/** All that a service says on its one page, over a socket. */
function answer(service: BackupService, body: object, more: object = {}) {
  emulator._control({ op: "clearFaults" });
  emulator.fault({ service, status: 200, body: JSON.stringify(body), times: -1, ...more });
}

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("no error");
}

/** Whatever a person may come to see, where the cloud named everything by that text. */
async function surfacesOf(hostile: string): Promise<{ [surface: string]: string }> {
  const text = `x${hostile}FORGED y`;
  const shown: { [surface: string]: string } = {};
  const record = (id: string, more: object = {}) => ({
    ...{ id: id + text, name: text, description: text, instance_id: "orders", type: "manual" },
    ...{ status: "COMPLETED", size: 2_048, begin_time: hoursAgo(5), end_time: hoursAgo(4) },
    datastore: { type: text, version: text },
    ...more,
  });
  const page = (...records: object[]) => ({ backups: records, total_count: records.length });
  const { GAUSSDB, RDS, DCS } = BackupService;
  const instanceId = "orders";
  const projectId = emulator.projectId;
  const app = (more: object = {}) => appOn(emulator, { projectId, ...more });
  const annotations = (construct: Construct) =>
    construct.node
      .findAll()
      .flatMap(({ node }) => node.metadata.map(({ data }) => String(data)))
      .join("\n");
  const error = (name: string, act: () => unknown) => {
    const caught = errorOf(act) as Error & { details?: object };
    // By itself, as a program reads its parts, and as Node prints it.
    const parts = Object.values({ ...caught, ...caught.details });
    shown[name] = [caught.message, ...parts, inspect(caught)].map(String).join("\n");
  };

  // A list in which everything is named so.
  const list = page(
    record("good"),
    record("old", { begin_time: hoursAgo(50), end_time: hoursAgo(49) }),
    record("bad", { status: "FAILED" }),
    record("odd", { status: text, type: text, size: text }),
    record("elsewhere", { instance_id: text }),
  );
  answer(RDS, list);
  {
    const lockStore = new OwnStore();
    const { stack, synth, outdir } = app({ lockStore });
    const rds = new RdsBackups(stack, "rds", { instanceId });
    const target = new RestoreTarget(stack, "target", {
      ...{ backups: rds, maxAge: Duration.hours(1), onUnmet: Unmet.WARN, pin: { epoch: 1 } },
      destination: { engineVersion: "8.0" },
    });
    new RestoreTrigger(stack, "trigger", { target });
    const policy = new RecoveryPolicy(stack, "policy", {
      queries: [rds],
      rules: [Rule.rpo(Duration.hours(1)), Rule.engineVersion("8.0")].map((rule) =>
        rule.withLevel(RuleLevel.WARNING),
      ),
    });
    synth();
    const { decision } = target;
    shown["decision: toText"] = decision.toText();
    shown["decision: shortcomings"] = decision.shortcomings.join("\n");
    shown["decision: rejected"] = decision.rejected.map(({ reason }) => reason).join("\n");
    shown["decision: for a command"] = decision._summary();
    shown["warnings of a query"] = rds.warnings.join("\n");
    shown["annotations"] = annotations(stack);
    shown["findings"] = policy.findings.map(({ evidence, advice }) => evidence + advice).join("\n");
    shown["decision file"] = readFileSync(
      join(outdir, "stacks", "stack", "restore-decisions.json"),
      "utf8",
    );
    shown["lock"] = lockStore.read()!;
    error("no such backup", () => rds.byId("nobody"));
    error("an unmet target of none", () => {
      const selection = Selection.latest({ nameGlob: `no${text}` });
      const { stack: other } = appOn(emulator, { projectId });
      const backups = new RdsBackups(other, "rds", { instanceId });
      const none = new RestoreTarget(other, "none", { backups, selection });
      shown["decision: reason"] = none.decision.reason;
      return none.backup;
    });
    // Other notices: another choice under one epoch, a lock that decides otherwise, an edited lock.
    answer(RDS, page(record("newer", { begin_time: hoursAgo(3), end_time: hoursAgo(2) })));
    const again = appOn(emulator, { projectId, lockStore, mode: LookupMode.LIVE }, { outdir });
    const backups = new RdsBackups(again.stack, "rds", { instanceId });
    new RestoreTarget(again.stack, "target", { backups, pin: { epoch: 1 } });
    const before = lockStore.read()!;
    shown["notices of a pin"] = captured(() => again.app.synth());
    shown["review of a lock"] = LockReview.between(before, lockStore.read()!).join("\n");
    const frozen = app({ lockStore, mode: LookupMode.FROZEN });
    new RestoreTarget(frozen.stack, "target", {
      backups: new RdsBackups(frozen.stack, "rds", { instanceId }),
      selection: Selection.byId("nobody"),
      onUnmet: Unmet.WARN,
    });
    shown["notices of a frozen run"] = captured(() => frozen.app.synth());
    const edited = new OwnStore();
    edited.write(before.replace(/"label": "[^"]*"/, `"label": ${JSON.stringify(text)}`));
    const broken = app({ lockStore: edited, mode: LookupMode.FROZEN });
    error("an edited lock", () => new RdsBackups(broken.stack, "rds", { instanceId }).all);
  }
  {
    const { stack } = app();
    answer(GAUSSDB, page(record("a", { instance_id: text }), record("b", { instance_id: "2" })));
    const backups = new GaussDbBackups(stack, "gaussdb");
    error("several instances", () => new RestoreTarget(stack, "target", { backups }).backup);
  }
  {
    const records = ["dcs.08.0002", text].map((error_code, i) => ({
      ...{ backup_id: `${i}${text}`, backup_name: text, instance_id: instanceId, size: "1" },
      ...{ status: "failed", backup_type: "manual", error_code, is_support_restore: text },
      ...{ execution_at: hoursAgo(5), created_at: hoursAgo(5), updated_at: hoursAgo(4) },
    }));
    answer(DCS, { backup_record_response: records, total_num: 2 });
    const { stack, app: whole } = app();
    const dcs = new DcsBackups(stack, "dcs", { instanceId });
    const target = new RestoreTarget(stack, "target", { backups: dcs });
    const policy = new RecoveryPolicy(stack, "policy", { queries: [dcs] });
    shown["failed backups: toText"] = target.decision.toText();
    shown["failed backups: findings"] = policy.findings.map(({ evidence }) => evidence).join("\n");
    error("failed backups", () => target.backup);
    error("failed backups, at synthesis", () => whole.synth());
    shown["failed backups: annotations"] = annotations(stack);
  }
  const failing = (name: string, body: object | string, more: object = {}, act = "all") => {
    answer(RDS, {}, { ...more, body: typeof body === "string" ? body : JSON.stringify(body) });
    const { stack, provider } = app();
    const one = new RdsBackups(stack, "one", { instanceId });
    if (act === "all") error(name, () => one.all);
    new RdsBackups(stack, "two", { instanceId: "two" });
    return provider.load();
  };
  const said = { error_code: text, error_msg: text, request_id: text };
  await failing("an answer", said, { status: 400 }).catch((caught: Error) => {
    shown["several lookups"] = caught.message;
  });
  const headers = { "X-Request-Id": "x\u009b2Jy" };
  await failing("a header", { error_msg: "m" }, { status: 400, headers }).catch(() => undefined);
  await failing("an error with the status 200", said).catch(() => undefined);
  await failing("a record without an id", page({ name: text })).catch(() => undefined);
  await failing("a record twice", page(record("a"), record("a"))).catch(() => undefined);
  {
    emulator._control({ op: "clearFaults" });
    const body = JSON.stringify({ projects: [{ id: text, name: text }] });
    emulator._control({ op: "fault", fault: { service: "iam", status: 200, body } });
    const { stack } = appOn(emulator);
    error("a project", () => new RdsBackups(stack, "rds", { instanceId }).all);
    const message = JSON.stringify({ error: { message: text, code: 401 } });
    emulator._control({ op: "fault", fault: { service: "iam", status: 401, body: message } });
    const credentials = Credentials.password({ userName: "u", password: "pppp", domainName: "d" });
    const other = appOn(emulator, { credentials });
    error("a sign-in", () => new RdsBackups(other.stack, "rds", { instanceId }).all);
  }
  // No variable of an apply holds half a character.
  if (!/\p{Cs}/u.test(hostile)) {
    answer(GAUSSDB, page(record("a", { status: "FAILED", instance_id: text })));
    const order = {
      ...{ service: GAUSSDB, cloud: "custom", endpoints: emulator.endpoints, usesMetadata: false },
      ...{ region: emulator.region, projectId },
    };
    const wanted = { backupId: `a${text.replace("\0", "_").trim()}`, instanceId: "orders" };
    const failed = await preflight(
      order,
      { ...wanted, restoreTime: "" },
      emulator.environment,
    ).catch((caught: Error) => caught.message);
    shown["a preflight that fails"] = failed;
    answer(GAUSSDB, page(record("a")));
    shown["a preflight"] = await preflight(
      order,
      { ...wanted, restoreTime: "" },
      emulator.environment,
    ).catch((caught: Error) => caught.message);
  }
  {
    // The program may name a construct by what it read.
    answer(RDS, list);
    const { stack, synth } = app({ lockStore: new OwnStore() });
    const scope = new Construct(stack, text);
    const rds = new RdsBackups(scope, "rds", { instanceId });
    const target = new RestoreTarget(scope, "target", { backups: rds });
    const rules = [Rule.rpo(Duration.hours(1)).withLevel(RuleLevel.WARNING)];
    new RecoveryPolicy(stack, "policy", { queries: [rds], rules, checks: true });
    const [check] = Object.values<any>(synth().check);
    shown["a construct's path: checks"] = check.assert[0].error_message;
    shown["a construct's path: toText"] = target.decision.toText();
    shown["a construct's path: annotations"] = annotations(stack);
    error("a construct's path", () => new RdsBackups(scope, "q", { instanceId: " " }));
  }
  return shown;
}

describe.each(HOSTILE)("%s in what the cloud sends", (_what, hostile) => {
  test("moves no cursor, turns no text round and forges no line, wherever it is shown", async () => {
    const shown = await surfacesOf(hostile);
    const fallen = Object.keys(shown).filter(
      (surface) => UNSEEN.test(shown[surface]!) || FORGED.test(shown[surface]!),
    );
    expect(fallen).toEqual([]);
    // Each of them does show it, but for a header, which can't hold it.
    const without = Object.keys(shown).filter((surface) => !shown[surface]!.includes("FORGED"));
    expect(without).toEqual(["a header"]);
  });
});
