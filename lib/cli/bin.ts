import { readFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "./main";

const { version } = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
) as { version: string };

void main(process.argv.slice(2), version).then((exit) => {
  process.exitCode = exit;
});
