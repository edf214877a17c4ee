import { Construct } from "constructs";
import {
  BackupEmulator,
  BackupQuery,
  BackupService,
  DcsBackups,
  Duration,
  GaussDbBackups,
  RdsBackups,
  RecoveryPolicy,
  RecoveryPolicyProps,
  Rule,
  RuleId,
  RuleLevel,
  TaurusDbBackups,
  TaurusDbIncrementalBackups,
} from "../../lib";
import { heldRules } from "../../lib/restore/rules";
import { appOn, SAMPLE } from "../support/app";

const NOW = new Date("2026-01-31T12:00:00Z");
/** Every rule off but those that are given. */
const only = (rules: Rule[]) =>
  heldRules(rules).map((rule) => (rules.includes(rule) ? rule : rule.withLevel(RuleLevel.OFF)));
const anHour = Rule.rpo(Duration.hours(1));

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start({ now: NOW });
});
afterEach(() => emulator.close());

function policyOf(rules: Rule[], more: Partial<RecoveryPolicyProps> = {}) {
  const { app, stack, synth } = appOn(emulator, { asOf: NOW });
  const group = new Construct(stack, "group");
  const queries: BackupQuery[] = [
    new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }),
    new DcsBackups(group, "dcs", { instanceId: SAMPLE.dcs }),
  ];
  const policy = new RecoveryPolicy(stack, "policy", { queries, rules: only(rules), ...more });
  return { app, stack, group, synth, policy };
}

describe("a recovery policy", () => {
  test("that every query keeps finds nothing", () => {
    const { policy, synth } = policyOf([Rule.rpo(Duration.hours(48))]);
    expect(policy.findings).toEqual([]);
    expect(synth().output.policy.value).toEqual({ findings: [] });
  });

  test("that is broken fails the synthesis, with evidence and what to do, for all queries at once", () => {
    const { app } = policyOf([anHour]);
    expect(() => app.synth()).toThrow(
      /\[stack\/policy\] RECOVERY_POLICY: rpo: \[stack\/rds\] RDS backups of instance [^]*rpo: \[stack\/group\/dcs\] DCS backups/,
    );
  });

  test("judges each instance of a query of several for itself", () => {
    const ids = ["a", "b"].map((letter) => `${letter.repeat(32)}in14`) as [string, string];
    const { app, stack } = appOn(emulator, { asOf: NOW });
    for (const [i, instanceId] of ids.entries()) {
      const beginTime = new Date(NOW.getTime() - (i === 0 ? 1 : 100) * 3_600_000);
      const id = `${String(i).repeat(32)}br14`;
      emulator.addBackup({ service: BackupService.GAUSSDB, id, instanceId, beginTime });
    }
    const query = new GaussDbBackups(stack, "all", {});
    const rules = only([Rule.rpo(Duration.hours(26))]);
    const policy = new RecoveryPolicy(stack, "policy", { queries: [query], rules });
    const found = policy.findings.filter(({ subject }) => ids.some((id) => subject.endsWith(id)));
    expect(found.map(({ subject }) => subject)).toEqual([`stack/all/${ids[1]}`]);
    expect(found[0]!.evidence).toContain(`instance ${ids[1]}: the newest usable backup`);
    expect(() => app.synth()).toThrow("RECOVERY_POLICY");
  });

  test("as a warning is told, and stands in the output without anything that changes by itself", () => {
    const { policy, synth } = policyOf([anHour.withLevel(RuleLevel.WARNING)]);
    expect(policy.findings).toHaveLength(2);
    expect(synth().output.policy.value).toEqual({
      findings: [
        { rule: "rpo", level: "warning", subject: "stack/rds" },
        { rule: "rpo", level: "warning", subject: "stack/group/dcs" },
      ],
    });
  });

  test("suppressed with a reason for a construct is suppressed for its children", () => {
    const { policy, group } = policyOf([anHour]);
    RecoveryPolicy.suppress(group, RuleId.RPO, "a cache, filled anew in minutes");
    expect(policy.findings.map(({ subject }) => subject)).toEqual(["stack/rds"]);
    expect(() => RecoveryPolicy.suppress(group, RuleId.RPO, " ")).toThrow(/^MISSING_REASON/);
    expect(() => RecoveryPolicy.suppress(group, "rpoo" as RuleId, "why")).toThrow(/^UNKNOWN_RULE/);
  });

  test("with rules that can't be is refused where they are written, before anything is sent", () => {
    for (const rules of [[anHour, Rule.rpo()], { rpo: {} } as never]) {
      expect(() => policyOf([], { rules })).toThrow(
        /^INVALID_RULE_SETTING: `?rules.*construct: stack\/policy/,
      );
    }
    expect(emulator._requests()).toEqual([]);
  });

  test("becomes check blocks on request", () => {
    const { synth } = policyOf([anHour.withLevel(RuleLevel.WARNING)], { checks: true });
    const [check] = Object.values<any>(synth().check);
    expect(check.assert).toHaveLength(2);
    expect(check.assert[0]).toMatchObject({
      condition: expect.stringMatching(/^\$\{local\.\w+ == 0\}$/),
      error_message: expect.stringMatching(/^rpo: \[stack\/rds\]/),
    });
  });

  test("without findings writes no check block", () => {
    expect(policyOf([], { checks: true }).synth()).not.toHaveProperty("check");
  });

  test("asks for restore windows only where their rule is given, of the days that it looks at", () => {
    void policyOf([]).policy.findings;
    const calls = () => emulator._requests().flatMap(({ query }) => query["date"] ?? []);
    expect(calls()).toEqual([]);
    const off = Rule.windowGap().withLevel(RuleLevel.OFF);
    void policyOf([off]).policy.findings;
    expect(calls()).toEqual([]);
    const { policy } = policyOf([Rule.windowGap({ within: Duration.days(4) })]);
    expect(policy.findings).toMatchObject([{ rule: "window-gap", subject: "stack/rds" }]);
    expect(calls().sort()).toEqual([
      "2026-01-27",
      "2026-01-28",
      "2026-01-29",
      "2026-01-30",
      "2026-01-31",
    ]);
  });

  test("says nothing of full backups or versions where a list shows none", () => {
    const { stack } = appOn(emulator, { asOf: NOW });
    const queries = [
      new RdsBackups(stack, "rds", { instanceId: SAMPLE.rds }),
      new DcsBackups(stack, "dcs", { instanceId: SAMPLE.dcs }),
      new TaurusDbIncrementalBackups(stack, "increments", { instanceId: SAMPLE.taurusdb }),
      new TaurusDbBackups(stack, "taurusdb", { instanceId: SAMPLE.taurusdb }),
    ];
    const rules = only([Rule.count(1_000), Rule.engineVersion("none")]);
    const { findings } = new RecoveryPolicy(stack, "policy", { queries, rules });
    expect(findings.map(({ rule, subject }) => `${subject} ${rule}`)).toEqual([
      ...["stack/rds count", "stack/rds engine-version", "stack/dcs count"],
      ...["stack/taurusdb count", "stack/taurusdb engine-version"],
    ]);
  });

  test.each([{}, { queries: [] }, { queries: [], projects: [] }])(
    "of nothing at all (%j) is refused: it would find nothing for ever",
    (props) => {
      const { stack } = appOn(emulator);
      expect(() => new RecoveryPolicy(stack, "policy", props)).toThrow(
        /^INVALID_PROPERTY: there are neither queries nor projects/,
      );
    },
  );

  test("knows how far back its queries ask", () => {
    const { stack } = appOn(emulator, { asOf: NOW });
    const queries = [
      new RdsBackups(stack, "week", { instanceId: SAMPLE.rds, within: Duration.days(7) }),
      new RdsBackups(stack, "since", { instanceId: SAMPLE.rds, beginTime: new Date("2026-01-20") }),
    ];
    const rules = only([Rule.coverage(Duration.days(300))]);
    const { findings } = new RecoveryPolicy(stack, "policy", { queries, rules });
    expect(findings.map(({ evidence }) => /can't be known: .*/.exec(evidence)?.[0])).toEqual([
      "can't be known: those begun before 2026-01-24T12:00:00Z were not asked for",
      "can't be known: those begun before 2026-01-20T00:00:00Z were not asked for",
    ]);
  });

  test("leaves a failed lookup to be reported by its query", () => {
    emulator.fault({ service: BackupService.RDS, status: 403, body: "{}", times: -1 });
    const { app } = policyOf([Rule.rpo()]);
    expect(() => app.synth()).toThrow(/\[stack\/rds\] NOT_PERMITTED/);
  });
});
