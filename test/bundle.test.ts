import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as library from "../lib";
import { run, temporaryFolder } from "./support/terraform";

const ROOT = join(__dirname, "..");

/** Runs a program that has the package under its name. */
async function program(text: string, { name = "main.js", flags = [] as string[] } = {}) {
  const folder = temporaryFolder("bundle");
  const file = join(folder, name);
  writeFileSync(file, text.replaceAll("cdktf-backups", join(ROOT, main)));
  const env = { PATH: process.env["PATH"]!, NODE_PATH: join(ROOT, "node_modules") };
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

  test("names in its traces the lines of its sources, and prints none that is long", async () => {
    const text = `require("cdktf-backups").Duration.hours(-1);`;
    const { code, printed } = await program(text, { flags: ["--enable-source-maps"] });
    expect(code).toBe(1);
    expect(printed).toMatch(/at \w+ \(\S+lib\/model\/errors\.ts:\d+:\d+\)/);
    const plain = await program(text);
    expect(Math.max(...plain.printed.split("\n").map((line) => line.length))).toBeLessThan(400);
  });
});

interface Type {
  readonly fqn: string;
  readonly kind: string;
  readonly name: string;
}
