import { App, TerraformStack, Testing } from "cdktf";
import {
  BackupEmulator,
  BackupProvider,
  BackupService,
  ConsistencyGroup,
  Duration,
  Instances,
  ProjectBackups,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  Rule,
  Unmet,
} from "../../lib";
import { SAMPLE, settingsFor } from "../support/app";

const { RDS } = BackupService;

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start();
});
afterAll(() => emulator.close());

const query = (stack: TerraformStack, id = "orders", instanceId = SAMPLE.rds) =>
  new RdsBackups(stack, id, { instanceId });
const tooOld = (stack: TerraformStack, onUnmet = Unmet.FAIL) => {
  const maxAge = Duration.seconds(1);
  return new RestoreTarget(stack, "target", { backups: query(stack), maxAge, onUnmet });
};

const PROGRAMS: [string, RegExp, (stack: TerraformStack) => void][] = [
  ["a failed lookup", /INSTANCE_NOT_FOUND/, (stack) => query(stack, "orders", "gonein01")],
  ["an unmet target", /BACKUP_NOT_GOOD_ENOUGH/, (stack) => tooOld(stack)],
  ["an unmet target that was read", /BACKUP_NOT_GOOD_ENOUGH/, (stack) => tooOld(stack).isMet],
  [
    "a group of which one lookup failed",
    /INSTANCE_NOT_FOUND/,
    (stack) =>
      new ConsistencyGroup(stack, "group", {
        members: [
          { name: "orders", backups: query(stack) },
          { name: "gone", backups: query(stack, "gone", "gonein01") },
        ],
      }),
  ],
  [
    "a broken rule",
    /RECOVERY_POLICY: rpo/,
    (stack) => {
      const rules = [Rule.rpo(Duration.seconds(1))];
      new RecoveryPolicy(stack, "policy", { queries: [query(stack)], rules });
    },
  ],
  [
    "instances that may not be listed",
    /NOT_PERMITTED/,
    (stack) => {
      emulator.fault({ path: "/instances", status: 403, body: "{}" });
      new Instances(stack, "instances", { service: RDS });
    },
  ],
  [
    "a project that may not be listed",
    /NOT_PERMITTED/,
    (stack) => {
      emulator.fault({ path: "/instances", status: 403, body: "{}" });
      new ProjectBackups(stack, "project", { services: [RDS] });
    },
  ],
];
const WAYS: [string, (stack: TerraformStack) => unknown][] = [
  ["app.synth", (stack) => App.of(stack).synth()],
  ["Testing.synth", (stack) => Testing.synth(stack)],
  ["Testing.synth with validations", (stack) => Testing.synth(stack, true)],
  ["Testing.fullSynth", (stack) => Testing.fullSynth(stack)],
];

function stackOn(program: (stack: TerraformStack) => void): TerraformStack {
  const app = Testing.app();
  new BackupProvider(app, "emulator", settingsFor(emulator));
  const stack = new TerraformStack(app, "stack");
  program(stack);
  return stack;
}

describe.each(WAYS)("%s", (_way, synth) => {
  test.each(PROGRAMS)("fails for %s", (_what, message, program) => {
    expect(() => synth(stackOn(program))).toThrow(message);
  });

  test("takes what only warns", () => {
    expect(() => synth(stackOn((stack) => tooOld(stack, Unmet.WARN)))).not.toThrow();
  });
});

test("what the cdktf command writes of a failed stack is written all the same, and is no configuration", () => {
  process.env["CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS"] = "1";
  try {
    for (const [, , program] of PROGRAMS) {
      const stack = stackOn(program);
      expect(() => App.of(stack).synth()).not.toThrow();
      expect(JSON.parse(Testing.synth(stack)).terraform.required_version).toBe("< 0.0.1");
    }
  } finally {
    delete process.env["CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS"];
  }
});
