import { Construct } from "constructs";
import {
  BackupEmulator,
  BackupQuery,
  BackupService,
  DcsBackups,
  RdsBackups,
  RecoveryPolicy,
  RecoveryPolicyProps,
  RuleLevel,
} from "../../lib";
import { appOn, SAMPLE } from "../support/app";

const NOW = new Date("2026-01-31T12:00:00Z");
const OFF = { level: RuleLevel.OFF };
/** Every rule off but those that are given. */
const only = (rules: RecoveryPolicyProps["rules"]) => ({
  ...Object.fromEntries(
    "rpo failures gap count coverage window-gap stuck size automated-only service-flag engine-version"
      .split(" ")
      .map((id) => [id, OFF]),
  ),
  ...rules,
});

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start({ now: NOW });
});
afterEach(() => emulator.close());

function policyOf(rules: RecoveryPolicyProps["rules"], more: Partial<RecoveryPolicyProps> = {}) {
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
    const { policy, synth } = policyOf({
      rpo: { level: RuleLevel.ERROR, parameters: { rpoHours: 48 } },
    });
    expect(policy.findings).toEqual([]);
    expect(synth().output.policy.value).toEqual({ findings: [] });
  });

  test("that is broken fails the synthesis, with evidence and what to do, for all queries at once", () => {
    const { app } = policyOf({ rpo: { level: RuleLevel.ERROR, parameters: { rpoHours: 1 } } });
    expect(() => app.synth()).toThrow(
      /\[stack\/policy\] RECOVERY_POLICY: rpo: \[stack\/rds\] RDS backups of instance [^]*rpo: \[stack\/group\/dcs\] DCS backups/,
    );
  });

  test("as a warning is told, and stands in the output without anything that changes by itself", () => {
    const { policy, synth } = policyOf({
      rpo: { level: RuleLevel.WARNING, parameters: { rpoHours: 1 } },
    });
    expect(policy.findings).toHaveLength(2);
    expect(synth().output.policy.value).toEqual({
      findings: [
        { rule: "rpo", level: "warning", subject: "stack/rds" },
        { rule: "rpo", level: "warning", subject: "stack/group/dcs" },
      ],
    });
  });

  test("suppressed with a reason for a construct is suppressed for its children", () => {
    const { policy, group } = policyOf({
      rpo: { level: RuleLevel.ERROR, parameters: { rpoHours: 1 } },
    });
    RecoveryPolicy.suppress(group, "rpo", "a cache, filled anew in minutes");
    expect(policy.findings.map(({ subject }) => subject)).toEqual(["stack/rds"]);
    expect(() => RecoveryPolicy.suppress(group, "rpo", " ")).toThrow(/^MISSING_REASON/);
    expect(() => RecoveryPolicy.suppress(group, "rpoo", "why")).toThrow(/^UNKNOWN_RULE/);
  });

  test("with a setting that can't be is refused where it is written, before anything is sent", () => {
    expect(() => policyOf({ rpoo: {} })).toThrow(/^UNKNOWN_RULE: .*construct: stack\/policy/);
    expect(() => policyOf({ rpo: { parameters: { rpoHours: -1 } } })).toThrow(/rpoHours/);
    expect(emulator._requests()).toEqual([]);
  });

  test("becomes check blocks on request", () => {
    const { synth } = policyOf(
      { rpo: { level: RuleLevel.WARNING, parameters: { rpoHours: 1 } } },
      { checks: true },
    );
    const [check] = Object.values<any>(synth().check);
    expect(check.assert).toHaveLength(2);
    expect(check.assert[0]).toMatchObject({
      condition: expect.stringMatching(/^\$\{local\.\w+ == 0\}$/),
      error_message: expect.stringMatching(/^rpo: \[stack\/rds\]/),
    });
  });

  test("without findings writes no check block", () => {
    expect(policyOf({}, { checks: true }).synth()).not.toHaveProperty("check");
  });

  test("asks for restore windows only where their rule is named, of the days that it looks at", () => {
    void policyOf({}).policy.findings;
    const calls = () => emulator._requests().flatMap(({ query }) => query["date"] ?? []);
    expect(calls()).toEqual([]);
    const setting = { level: RuleLevel.WARNING, parameters: { days: 4, maxGapHours: 1 } };
    const { policy } = policyOf({ "window-gap": setting });
    expect(policy.findings).toMatchObject([{ rule: "window-gap", subject: "stack/rds" }]);
    expect(calls().sort()).toEqual([
      "2026-01-27",
      "2026-01-28",
      "2026-01-29",
      "2026-01-30",
      "2026-01-31",
    ]);
  });

  test("leaves a failed lookup to be reported by its query", () => {
    emulator.fault({ service: BackupService.RDS, status: 403, body: "{}", times: -1 });
    const { app } = policyOf({ rpo: { level: RuleLevel.ERROR } });
    expect(() => app.synth()).toThrow(/\[stack\/rds\] NOT_PERMITTED/);
  });
});
