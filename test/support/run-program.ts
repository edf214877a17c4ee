import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** Runs a program that imports `cdktf-backups` as a reader would, in an output folder of its own. */
export function runProgram(code: string, environment: { readonly [name: string]: string }) {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  const file = join(folder, "main.ts");
  writeFileSync(file, code.replaceAll('"cdktf-backups"', JSON.stringify(join(ROOT, "lib"))));
  const child = spawn(join(ROOT, "node_modules", ".bin", "tsx"), [file], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      NODE_PATH: join(ROOT, "node_modules"),
      CDKTF_OUTDIR: folder,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  child.stderr.on("data", (chunk) => (printed += chunk));
  const config = (stack: string) =>
    JSON.parse(readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8"));
  return new Promise<{ status: number | null; printed: string; config: typeof config }>(
    (resolve) => {
      child.on("close", (status) => resolve({ status, printed, config }));
    },
  );
}
