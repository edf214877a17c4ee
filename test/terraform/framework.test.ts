import { App, TerraformStack } from "cdktf";
import * as cdktn from "cdktn";
import { Construct } from "constructs";
import { frameworkOf, ofFramework } from "../../lib/terraform/framework";
import { requireStack } from "../../lib/terraform/problems";
import { temporaryFolder } from "../support/programs";

const outdir = temporaryFolder("framework");

describe("the framework of a construct", () => {
  test("is that of its app, where both are installed", () => {
    const stack = new TerraformStack(new App({ outdir }), "stack");
    expect(frameworkOf(stack).App).toBe(App);
    const other = new cdktn.TerraformStack(new cdktn.App({ outdir }), "stack");
    expect(frameworkOf(other).App).toBe(cdktn.App);
  });

  test("has its own classes, made once", () => {
    const classOf = ofFramework((framework) => class extends framework.TerraformElement {});
    const [a, b] = [new App({ outdir }), new App({ outdir })];
    const c = new cdktn.App({ outdir });
    expect(classOf(a)).toBe(classOf(b));
    expect(classOf(c)).not.toBe(classOf(a));
    expect(classOf(c).prototype).toBeInstanceOf(cdktn.TerraformElement);
  });

  test("of an app that is of another copy is an error that says how to see the copies", () => {
    let app: Construct | undefined;
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const copy = require("cdktf") as typeof import("cdktf");
      app = new copy.App({ outdir });
    });
    expect(() => frameworkOf(app!)).toThrow(
      /^FRAMEWORK_MISMATCH: .*another copy .*\(cdktf and cdktn\).*`npm ls cdktf cdktn`/,
    );
  });

  test("of a stack of the one in an app of the other is an error", () => {
    const stack = new TerraformStack(new cdktn.App({ outdir }) as unknown as App, "stack");
    expect(() => requireStack(stack, "a query")).toThrow(
      /^FRAMEWORK_MISMATCH: .*the stack is not of the copy of cdktf or cdktn that its App is of/,
    );
  });

  test("of what is outside of an app is one that is installed: what it is for is refused elsewhere", () => {
    expect(frameworkOf(new Construct(undefined as any, "")).App).toBe(App);
  });
});
