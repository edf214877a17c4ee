import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator } from "../../lib";
import { standIn } from "../support/stand-in";
import {
  describeWith,
  nullProviderPrograms,
  succeeded,
  temporaryFolder,
  terraform,
} from "../support/terraform";
import { node, project } from "./installed";

jest.setTimeout(10 * 60_000);

const CDKTF = { cdktf: "0.21.0", "@cdktf/provider-null": "11.0.1" };
const CDKTN = { cdktn: "0.24.0" };
const constructs = "10.6.0";
const PROGRAM = readFileSync(join(__dirname, "recovery.js"), "utf8");

/** What is installed, and which of it the program is written with. */
const HOMES = {
  "cdktf 0.21": { dependencies: CDKTF, framework: "cdktf" },
  "cdktf 0.21 alone, without the package of its null provider": {
    dependencies: { cdktf: "0.21.0" },
    framework: "cdktf",
  },
  "cdktn 0.24": { dependencies: CDKTN, framework: "cdktn" },
  "cdktn 0.24 by the name of cdktf": {
    dependencies: { cdktf: "npm:cdktn@0.24.0" },
    framework: "cdktf",
  },
  "cdktn 0.24 by the name of cdktf, beside cdktf's null provider": {
    dependencies: { cdktf: "npm:cdktn@0.24.0", "@cdktf/provider-null": "11.0.1" },
    overrides: { cdktf: "npm:cdktn@0.24.0" },
    framework: "cdktf",
  },
  "cdktf, where cdktn is installed too": {
    dependencies: { ...CDKTF, ...CDKTN },
    framework: "cdktf",
  },
  "cdktn, where cdktf is installed too": {
    dependencies: { ...CDKTF, ...CDKTN },
    framework: "cdktn",
  },
};

const asOf = new Date().toISOString();
let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start();
});
afterAll(() => emulator.close());

/** Without what has to differ: the versions, where the state lies, where the null provider comes from. */
function comparable(text: string) {
  const stack = JSON.parse(text);
  delete stack["//"].metadata.version;
  delete stack.terraform.backend.local.path;
  delete stack.terraform.required_providers.null;
  return stack;
}

describeWith([...nullProviderPrograms(), "go"], "the packed library", () => {
  let mirrors: string;
  let first: object | undefined;
  beforeAll(async () => {
    mirrors = await standIn();
  }, 10 * 60_000);

  test.each(Object.entries(HOMES))(
    "writes the same in a program of %s, and Terraform takes it",
    async (_home, { framework, ...home }) => {
      const { folder } = await installed({ ...home, files: { "main.js": PROGRAM } });
      const outdir = temporaryFolder("out");
      const env = { ...emulator.environment, FRAMEWORK: framework, CDKTF_OUTDIR: outdir };
      succeeded(await node(folder, ["main.js"], { ...env, AS_OF: asOf }));
      const place = join(outdir, "stacks", "recovery");
      const written = comparable(readFileSync(join(place, "cdk.tf.json"), "utf8"));
      expect(Object.keys(written.resource)).toEqual(
        expect.arrayContaining(["terraform_data", "null_resource"]),
      );
      first ??= written;
      expect(written).toEqual(first);
      const settings = { TF_CLI_CONFIG_FILE: mirrors };
      succeeded(await terraform(place, ["init", "-backend=false", "-no-color"], settings));
      succeeded(await terraform(place, ["validate", "-no-color"], settings));
    },
  );
});

describe("a program that has", () => {
  test("cdktn alone passes the strictest check of its types", async () => {
    const { folder } = await installed({
      dependencies: { ...CDKTN, typescript: "5.9.3", "@types/node": "20.19.0" },
      files: {
        "main.ts": `
          import { App, TerraformStack } from "cdktn";
          import { RdsBackups, RestoreTarget } from "cdktf-backups";
          const stack = new TerraformStack(new App(), "stack");
          const backups = new RdsBackups(stack, "orders", { instanceId: "orders" });
          new RestoreTarget(stack, "target", { backups });`,
        "tsconfig.json": JSON.stringify({
          compilerOptions: { strict: true, noEmit: true, module: "node16", target: "es2022" },
        }),
      },
    });
    const { stdout, code } = await node(folder, ["node_modules/typescript/bin/tsc"], {});
    expect({ stdout, code }).toEqual({ stdout: "", code: 0 });
  });

  test("no framework is told what to install", async () => {
    const { folder } = await installed({ dependencies: {} });
    const program = `
      const { Construct } = require("constructs");
      const { RdsBackups } = require("cdktf-backups");
      new RdsBackups(new Construct(undefined, ""), "orders", { instanceId: "orders" });`;
    const { code, stderr } = await node(folder, ["-e", program], {});
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /FRAMEWORK_MISSING: .*neither cdktf nor cdktn .*npm install cdktn constructs/,
    );
  });
});

async function installed({ dependencies, ...more }: Parameters<typeof project>[1]) {
  const { folder, finished } = await project("home", {
    ...more,
    dependencies: { ...dependencies, constructs },
  });
  succeeded(finished);
  return { folder };
}
