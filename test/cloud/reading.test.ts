import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { deadlineExceeded, Reading } from "../../lib/cloud/reading";

const ROOT = join(__dirname, "..", "..");

describe("a reading", () => {
  test("that is stopped wakes whoever sleeps for it, and lets nobody sleep any more", async () => {
    const reading = new Reading(60_000);
    const sleeping = reading.sleep(60_000);
    reading.stop();
    await expect(sleeping).rejects.toThrow(/abort/);
    await expect(reading.sleep(1)).rejects.toThrow(/abort/);
  });

  test("sleeps for longer than a timer can be set for", async () => {
    const reading = new Reading(60_000);
    const first = await Promise.race([
      reading.sleep(2 ** 31 + 5).then(() => "slept", String),
      new Promise((resolve) => setTimeout(() => resolve("still sleeping"), 50)),
    ]);
    reading.stop();
    expect(first).toBe("still sleeping");
  });

  test("has the time that it was given, less what is over", () => {
    const remaining = new Reading(60_000).remaining();
    expect(remaining).toBeGreaterThan(50_000);
    expect(remaining).toBeLessThanOrEqual(60_000);
  });

  test("is extended by one that has longer, whose limit is named from then on", () => {
    const shared = new Reading(0);
    shared.extend(new Reading(5_000, 120_000));
    expect(shared.remaining()).toBeGreaterThan(4_000);
    shared.extend(new Reading(1_000, 60_000));
    expect(shared.remaining()).toBeGreaterThan(4_000);
    expect(shared.limitMs).toBe(120_000);
  });

  test("may be listened to by any number of requests: of eleven Node would warn", () => {
    const program = `
      const { Reading } = require(${JSON.stringify(join(__dirname, "../../lib/cloud/reading"))});
      const { signal } = new Reading(1);
      for (let i = 0; i < 20; i++) signal.addEventListener("abort", () => undefined);`;
    const args = ["--require", "tsx/cjs", "--eval", program];
    expect(spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });
});

test("a deadline names the limit and what was waited for", () => {
  expect(deadlineExceeded(90_500, "GET https://rds.example.com/").message).toMatch(
    /^DEADLINE_EXCEEDED: GET https:\/\/rds\.example\.com\/ had no answer when the 1 min 30\.5 s that lookups have were over\. Try again, ask for less \(`within`\), or give the BackupProvider a longer `timeout: Duration\.minutes\(5\)`\./,
  );
});
