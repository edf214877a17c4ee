import { runCommand } from "../support/command";

describe("the command", () => {
  test("tells its version and what it can do, and ends with 0", async () => {
    const [version, help] = await Promise.all([
      runCommand(["--version"]),
      runCommand(["list", "--help"]),
    ]);
    expect(version).toEqual({
      exit: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect(help).toMatchObject({ exit: 0, stderr: "" });
    expect(help.stdout).toContain("--instances");
  });
});
