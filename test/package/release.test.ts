import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWith, ENVIRONMENT, run, temporaryFolder } from "../support/terraform";
import { write } from "./installed";

jest.setTimeout(3 * 60_000);

const ROOT = join(__dirname, "..", "..");
const release = (folder: string, argument: string) =>
  run(process.execPath, [join(ROOT, "scripts", "release.mjs"), argument], {
    cwd: folder,
    env: ENVIRONMENT,
  });

test("the package passes what a release looks at", async () => {
  const { code, stdout, stderr } = await release(ROOT, "--check");
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("release:") });
  expect(stdout).toMatch(/^packed \d+ kB, unpacked \d+ kB, \d+ files$/m);
  expect(stdout).toContain("No problems found");
});

describeWith(["git"], "npm run release", () => {
  const CHANGES = "# Changelog\n\n## 0.1.0 (unreleased)\n\n- All of it.\n";

  /** A small package in a repository of its own. */
  async function repository(readme = "[the changes](CHANGELOG.md)"): Promise<string> {
    const folder = temporaryFolder("release");
    const settings = {
      name: "small",
      version: "0.1.0",
      type: "commonjs",
      license: "MIT",
      main: "index.js",
      types: "index.d.ts",
      files: ["index.js", "index.d.ts", "CHANGELOG.md"],
      scripts: { build: "true", package: "node -p \"'the package is made'\"" },
    };
    write(folder, {
      "package.json": JSON.stringify(settings),
      "package-lock.json": JSON.stringify({ name: "small", version: "0.1.0", lockfileVersion: 3 }),
      "CHANGELOG.md": CHANGES,
      "README.md": readme,
      "index.js": "exports.one = 1;\n",
      "index.d.ts": "export declare const one: number;\n",
      ".gitignore": "dist\n",
    });
    await git(folder, "init", "--quiet");
    await git(folder, "add", ".");
    const names = ["-c", "user.name=a", "-c", "user.email=a@b.example"];
    await git(folder, ...names, "commit", "--quiet", "--message", "All of it");
    return folder;
  }

  async function git(folder: string, ...args: string[]): Promise<string> {
    return (await run("git", args, { cwd: folder, env: ENVIRONMENT })).stdout;
  }

  test("sets the version, dates the changes, makes the tarball, and says how to publish it", async () => {
    const folder = await repository();
    const { code, stdout, stderr } = await release(folder, "0.2.0");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const version = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8")).version;
    expect([version("package.json"), version("package-lock.json")]).toEqual(["0.2.0", "0.2.0"]);
    const changes = readFileSync(join(folder, "CHANGELOG.md"), "utf8");
    expect(changes).toMatch(/^# Changelog\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n- All of it\.\n$/);
    expect(stdout).toContain("the package is made");
    expect(stdout).toContain("npm publish dist/small-0.2.0.tgz --provenance --access public");
    expect(await git(folder, "tag")).toBe("");
    expect((await git(folder, "status", "--porcelain")).trim().split(/\s*\n\s*/)).toEqual([
      "M CHANGELOG.md",
      "M package-lock.json",
      "M package.json",
    ]);
  });

  test("takes the version that package.json has, the first time", async () => {
    const { code } = await release(await repository(), "0.1.0");
    expect(code).toBe(0);
  });

  test.each([
    ["what is no version", "one", /"one" is no version/],
    ["a version that is older", "0.0.9", /0\.0\.9 is older than 0\.1\.0/],
  ])("refuses %s", async (_what, version, message) => {
    const { code, stderr } = await release(await repository(), version);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  test("refuses a tree that is not clean, and changes that are all released", async () => {
    const folder = await repository();
    writeFileSync(join(folder, "new.js"), "");
    expect((await release(folder, "0.2.0")).stderr).toMatch(/not clean[^]*\?\? new\.js/);
    writeFileSync(join(folder, "CHANGELOG.md"), CHANGES.replace("unreleased", "2026-01-01"));
    expect((await release(folder, "0.2.0")).stderr).toContain("there is nothing to release");
  });

  test("refuses links to what is not packed and to headings that are not there, and leaves all as it was", async () => {
    const broken = ["docs/how.md", "docs/", "#other", "CHANGELOG.md#0-2-0"];
    const links = [...broken, "#one-thing", "CHANGELOG.md", "https://example.com/x#y"];
    const readme = ["# One thing", ...links.map((link) => `[it](${link})`), "`[no](link.md)`"];
    const folder = await repository(readme.join("\n\n"));
    mkdirSync(join(folder, "docs"));
    const { code, stderr } = await release(folder, "0.2.0");
    expect(code).toBe(1);
    const lines = broken.map((link) => `  README.md: ${link}\n`);
    expect(stderr).toBe(`release: Links that lead out of the package:\n${lines.join("")}`);
    expect(await git(folder, "status", "--porcelain")).toBe("");
  });
});
