import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportProblems, requireStack } from "../../lib/terraform/problems";

const newApp = () => new App({ outdir: mkdtempSync(join(tmpdir(), "problems-")) });

function reported(app: App): { level: string; message: string }[] {
  const { stacks } = app.manifest as unknown as {
    stacks: { [name: string]: { annotations: { level: string; message: string }[] } };
  };
  return Object.values(stacks).flatMap(({ annotations }) => annotations);
}

describe("reportProblems", () => {
  test("fails a plain synthesis and shows every error of the stack", () => {
    const app = newApp();
    const stack = new TerraformStack(app, "stack");
    reportProblems(new Construct(stack, "a"), () => ({ error: "first", warnings: [] }));
    reportProblems(new Construct(stack, "b"), () => ({ error: "second", warnings: [] }));
    expect(() => app.synth()).toThrow(/\[stack\/a\] first\n\[stack\/b\] second/);
  });

  test("shows ten warnings and how many more there are, and fails nothing", () => {
    const app = newApp();
    const warnings = Array.from({ length: 25 }, (_, i) => `odd ${i}`);
    reportProblems(new Construct(new TerraformStack(app, "stack"), "a"), () => ({ warnings }));
    app.synth();
    expect(reported(app)).toHaveLength(11);
    expect(reported(app).at(-1)).toMatchObject({
      level: "@cdktf/warn",
      message: "… and 15 more warnings, in its `warnings`",
    });
  });

  test("says it once, though a program synthesises twice", () => {
    const app = newApp();
    reportProblems(new Construct(new TerraformStack(app, "stack"), "a"), () => ({
      warnings: ["odd"],
    }));
    app.synth();
    app.synth();
    expect(reported(app)).toHaveLength(1);
  });
});

describe("requireStack", () => {
  test("takes what is inside a stack and refuses the App itself", () => {
    const app = newApp();
    const inside = new Construct(new Construct(new TerraformStack(app, "stack"), "a"), "b");
    expect(() => requireStack(inside, "a query")).not.toThrow();
    expect(() => requireStack(new Construct(app, "x"), "a query")).toThrow(
      /^OUTSIDE_A_STACK: a query is not inside/,
    );
  });
});
