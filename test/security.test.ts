import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (file: string) => readFileSync(join(__dirname, "..", file), "utf8");
const text = read("SECURITY.md");
const settings = JSON.parse(read("package.json"));

describe("SECURITY.md", () => {
  test("gives a reason for each dependency, and for no other", () => {
    const { dependencies, peerDependencies, devDependencies } = settings;
    const all = Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies });
    const rows = text.slice(text.indexOf("## Dependencies")).matchAll(/^\| (`[^|]+)\|/gm);
    const named = [...rows].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)]);
    expect(named.map(([, name]) => name).sort()).toEqual(all.sort());
  });

  test("is linked from the README and ships with the package", () => {
    expect(read("README.md")).toContain("](SECURITY.md)");
    expect(settings.files).toContain("SECURITY.md");
  });

  test("sends reports to the repository of the package", () => {
    const url = settings.repository.url.replace(/^git\+|\.git$/g, "");
    expect(text).toContain(`](${url}/security/advisories/new)`);
  });
});
