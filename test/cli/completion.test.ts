import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { COMMAND, runCommand } from "../support/command";
import { describeWith, ENVIRONMENT, run, temporaryFolder } from "../support/programs";

const folder = temporaryFolder("completion");
symlinkSync(COMMAND, join(folder, "cdktf-backups"));
const env = { ...ENVIRONMENT, PATH: `${folder}:${ENVIRONMENT["PATH"]}` };

/** What a shell says to a script, in a folder that an injected command would leave a file in. */
async function inShell(shell: string, script: string): Promise<string[]> {
  const { code, stderr, stdout } = await run(shell, ["-c", script], { cwd: folder, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim().split("\n");
}

async function complete(...words: string[]): Promise<string[]> {
  const { exit, stderr, stdout } = await runCommand(["complete", "--", ...words]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("\t")[0]!);
}

describe("what stands in place of a word", () => {
  test("is a command, a service, an option or what an option may be", async () => {
    expect(await complete("")).toEqual(expect.arrayContaining(["list", "doctor", "completion"]));
    expect(await complete("")).not.toContain("complete");
    expect(await complete("list", "g")).toEqual(["gaussdb", "geminidb"]);
    expect(await complete("list", "rds", "tau")).toEqual(["taurusdb", "taurusdb-incremental"]);
    expect(await complete("list", "a")).toEqual(["all"]);
    expect(await complete("decide", "a")).toEqual([]);
    expect(await complete("list", "rds", "--in")).toEqual(["--instance", "--instances"]);
    expect(await complete("doctor", "-f", "m")).toEqual(["markdown"]);
    expect(await complete("list", "--format", "=", "nd")).toEqual(["ndjson"]);
    expect(await complete("list", "--format", "=")).toContain("csv");
    expect(await complete("completion", '""')).toEqual(["bash", "zsh", "fish", "powershell"]);
  });

  test("is left to the shell where it is a file or a text", async () => {
    expect(await complete("list", "--ca-file", "")).toEqual([]);
    expect(await complete("decide", "--instance", "r")).toEqual([]);
  });
});

describeWith(["bash"], "in bash", () => {
  const words = (...all: string[]) =>
    `eval "$(cdktf-backups completion bash)"; eval "$(cdktf-backups completion bash)"
     COMP_WORDS=(${all.join(" ")}); COMP_CWORD=${all.length - 1}; _cdktf_backups; printf '%s\\n' "\${COMPREPLY[@]}"`;

  test("the script completes, also when it is read twice", async () => {
    const said = await inShell("bash", words("cdktf-backups", "list", "d"));
    expect(said).toEqual(["dcs", "dds"]);
    expect(await inShell("bash", words("cdktf-backups", "doctor", "''"))).toContain("all");
  });

  test("what was typed so far is never run", async () => {
    const typed = "'$(touch ran)'";
    await inShell("bash", words("cdktf-backups", "list", typed, "'`touch ran`'", "d"));
    const [files] = await inShell("bash", "ls");
    expect(files).toBe("cdktf-backups");
  });
});

describeWith(["zsh"], "in zsh", () => {
  test("the script completes", async () => {
    const script = `compdef() { :; }; _files() { print files; }; _describe() { print -l $found; }
      eval "$(cdktf-backups completion zsh)"; words=(cdktf-backups list d); CURRENT=3; _cdktf_backups
      words=(cdktf-backups completion ''); _cdktf_backups
      words=(cdktf-backups list --ca-file ''); CURRENT=4; _cdktf_backups
      words=(cdktf-backups dec); CURRENT=2; _cdktf_backups`;
    const said = await inShell("zsh", script);
    expect(said.slice(0, -1)).toEqual(["dcs", "dds", "bash", "zsh", "fish", "powershell", "files"]);
    expect(said.at(-1)).toMatch(/^decide:which backup/);
  });
});

describeWith(["fish"], "in fish", () => {
  test("the script completes, and says what a command is for", async () => {
    const ask = (line: string) =>
      inShell("fish", `cdktf-backups completion fish | source; complete -C "${line}"`);
    expect(await ask("cdktf-backups dec")).toEqual([
      expect.stringMatching(/^decide\twhich backup/),
    ]);
    expect(await ask("cdktf-backups list d")).toEqual(["dcs", "dds"]);
  });
});

test("a shell that is not known is refused: 1", async () => {
  const { exit, stderr, stdout } = await runCommand(["completion", "tcsh"]);
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
  expect(stderr).toContain(
    '"tcsh" is no shell that is known. Allowed: bash, zsh, fish, powershell',
  );
});
