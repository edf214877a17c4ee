import { readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { build, BuildOptions } from "esbuild";
import * as library from "../lib";
import { run, temporaryFolder } from "./support/terraform";

const ROOT = join(__dirname, "..");

/** Runs a program that has the package under its name. */
async function program(
  text: string,
  {
    name = "main.js",
    flags = [] as string[],
    environment = {},
    bundled = undefined as BuildOptions | undefined,
  } = {},
) {
  const folder = temporaryFolder("bundle");
  const file = join(folder, name);
  writeFileSync(file, text.replaceAll("cdktf-backups", join(ROOT, main)));
  if (bundled) {
    await build({
      ...bundled,
      entryPoints: [file],
      outfile: file,
      allowOverwrite: true,
      bundle: true,
      platform: "node",
    });
  }
  const env = {
    PATH: process.env["PATH"]!,
    NODE_PATH: join(ROOT, "node_modules"),
    ...environment,
  };
  const { code, stdout, stderr } = await run("node", [...flags, file], { cwd: folder, env });
  return { code, printed: stdout + stderr };
}

const { main } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { main: string };

describe("the package as it ships", () => {
  test("is one file, which names to an ES module all that it exports", async () => {
    // Without the types, which are names of nothing there.
    const names = Object.entries(library).flatMap(([name, value]) => (value ? name : []));
    const { printed } = await program(
      `import { createRequire } from "node:module";
       import { ${names.join(", ")} } from "cdktf-backups";
       const { cache } = createRequire(import.meta.url);
       const own = Object.keys(cache).filter((file) => file.startsWith(${JSON.stringify(ROOT)}));
       const files = own.filter((file) => !file.includes("node_modules"));
       console.log(JSON.stringify([[${names.join(", ")}].filter(Boolean).length, files.length]));`,
      { name: "main.mjs" },
    );
    expect(printed).toBe(`[${names.length},1]\n`);
  });

  test("loads what it needs when a program names it, and no framework before there is a construct", async () => {
    const { printed } = await program(
      `const library = require("cdktf-backups");
       const has = (name) => Object.keys(require.cache).some((file) => file.includes(name));
       const before = has("constructs");
       library.RdsBackups;
       const queries = [has("constructs"), has("provider-null"), has("yaml"), has("native-extensions")];
       library.RestoreTrigger;
       console.log(JSON.stringify([before, ...queries, has("provider-null"), has("cdktf/")]));`,
    );
    expect(JSON.parse(printed)).toEqual([false, true, false, false, false, false, false]);
  });

  test("has each class of its jsii assembly", async () => {
    const text = readFileSync(join(ROOT, ".jsii"));
    const parsed = JSON.parse(text.toString()) as { filename?: string; types?: object };
    const assembly = parsed.filename
      ? (JSON.parse(gunzipSync(readFileSync(join(ROOT, parsed.filename))).toString()) as {
          types: object;
        })
      : parsed;
    const values = Object.values(assembly.types as { [fqn: string]: Type }).filter(
      ({ kind }) => kind !== "interface",
    );
    expect(values.length).toBeGreaterThan(30);
    const { printed } = await program(
      `const library = require("cdktf-backups");
       const rtti = (name) => library[name][Symbol.for("jsii.rtti")]?.fqn ?? typeof library[name];
       const names = ${JSON.stringify(values.map(({ name }) => name))};
       console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, rtti(name)]))));`,
    );
    const expected = values.map(({ fqn, kind, name }) => [name, kind === "class" ? fqn : "object"]);
    expect(JSON.parse(printed)).toEqual(Object.fromEntries(expected));
  });

  test("knows the objects of another copy of it", async () => {
    const { printed } = await program(
      `const { App } = require("cdktf");
       const { BackupProvider } = require("cdktf-backups");
       const other = require(${JSON.stringify(join(ROOT, "build", "index.js"))});
       const provider = new other.BackupProvider(new App(), "provider");
       console.log(BackupProvider !== other.BackupProvider, BackupProvider.isBackupProvider(provider));`,
    );
    expect(printed).toBe("true true\n");
  });

  test("has what it needs of other packages in it, names them, and knows no tool of its sources", () => {
    const settings = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(settings.dependencies).toBeUndefined();
    const files = [main, "build/wire/worker.js", "build/emulator/thread.js"];
    const texts = [...files, "build/preflight/main.js"].map((file) =>
      readFileSync(join(ROOT, file), "utf8"),
    );
    const needed = texts.flatMap((text) => [...text.matchAll(/\brequire\("([^"]+)"\)/g)]);
    const others = needed
      .map(([, name]) => name!)
      .filter((name) => !isBuiltin(name) && !name.startsWith("node:"));
    expect([...new Set(others)].sort()).toEqual(["./yaml.js", "constructs"]);
    const notices = readFileSync(join(ROOT, "build", "THIRD-PARTY.txt"), "utf8");
    expect(notices.match(/^[\w-]+(?=@\d)/gm)).toEqual([
      ...["ansi-regex", "commander", "csv-stringify", "emoji-regex"],
      "fs-native-extensions",
      ...["is-fullwidth-code-point", "string-width", "strip-ansi"],
      "undici",
      "uplot",
      "which-runtime",
      "yaml",
    ]);
  });

  test("reads clouds.yaml by the parser that lies beside it", async () => {
    const folder = temporaryFolder("clouds");
    const file = join(folder, "clouds.yaml");
    writeFileSync(file, "clouds:\n  another: { auth: {} }\n");
    const { code, printed } = await program(
      `const { App, TerraformStack } = require("cdktf");
       const { RdsBackups } = require("cdktf-backups");
       new RdsBackups(new TerraformStack(new App(), "stack"), "orders", { instanceId: "orders" }).all;`,
      { environment: { OS_CLOUD: "production", OS_CLIENT_CONFIG_FILE: file } },
    );
    expect(printed).toMatch(/CLOUDS_YAML: .*has no cloud of the name in OS_CLOUD/);
    expect(code).toBe(1);
  });

  test("names in its traces the lines of its sources, and prints none that is long", async () => {
    const text = `require("cdktf-backups").Duration.hours(-1);`;
    const { code, printed } = await program(text, { flags: ["--enable-source-maps"] });
    expect(code).toBe(1);
    expect(printed).toMatch(/at \w+ \(\S+lib\/model\/errors\.ts:\d+:\d+\)/);
    const plain = await program(text);
    expect(Math.max(...plain.printed.split("\n").map((line) => line.length))).toBeLessThan(400);
  });
});

describe("a program that esbuild has made one file of", () => {
  const LOOKUP = `
    const { App, TerraformStack } = require("cdktf");
    const { BackupEmulator, RdsBackups } = require("cdktf-backups");
    const stack = new TerraformStack(new App(), "recovery");
    if (process.env.EMULATOR) BackupEmulator.start();
    console.log(new RdsBackups(stack, "orders", { instanceId: process.env.INSTANCE }).all.length);`;
  const frameworks = ["cdktf", "constructs"];
  const requires = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
  const FORMATS: [string, string, BuildOptions][] = [
    ["as CommonJS", "main.js", { format: "cjs" }],
    ["as an ES module", "main.mjs", { format: "esm", banner: { js: requires } }],
  ];
  const [INSTANCE] = library.BackupEmulator.sampleInstances(library.BackupService.RDS);
  let emulator: library.BackupEmulator;
  let environment: { [name: string]: string };
  beforeAll(() => {
    emulator = library.BackupEmulator.start();
    environment = { ...emulator.environment, INSTANCE: INSTANCE! };
  });
  afterAll(() => emulator.close());

  test.each(FORMATS)("%s, library and all, is told to keep it out", async (_as, name, format) => {
    const bundled = { ...format, external: frameworks };
    const { code, printed } = await program(LOOKUP, { name, environment, bundled });
    expect(printed).toMatch(
      /PACKAGE_INCOMPLETE: .*wire\/worker\.js .*external: \["cdktf-backups"\]/,
    );
    expect(printed).not.toMatch(/tsx|esbuild:/);
    expect(code).toBe(1);
    const withEmulator = { ...environment, EMULATOR: "1" };
    const emulated = await program(LOOKUP, { name, environment: withEmulator, bundled });
    expect(emulated.printed).toMatch(/PACKAGE_INCOMPLETE: .*emulator\/thread\.js /);
  });

  test.each(FORMATS)("%s, which keeps it out, looks up", async (_as, name, format) => {
    const bundled = { ...format, external: [...frameworks, join(ROOT, main)] };
    const { code, printed } = await program(LOOKUP, { name, environment, bundled });
    expect(printed).toMatch(/^[1-9]\d*\n$/);
    expect(code).toBe(0);
  });
});

interface Type {
  readonly fqn: string;
  readonly kind: string;
  readonly name: string;
}
