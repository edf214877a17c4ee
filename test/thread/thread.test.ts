import { Thread } from "../../lib/thread/thread";

describe("a thread", () => {
  test("gets of the environment what transport needs, and nobody's secrets", () => {
    const before = { ...process.env };
    const received: { env?: { [name: string]: string } }[] = [];
    try {
      Object.assign(process.env, {
        HW_SECRET_KEY: "secret",
        OS_PASSWORD: "secret",
        NODE_OPTIONS: "--require /nowhere.js",
        HTTPS_PROXY: "http://proxy.example:3128",
        no_proxy: "internal.example",
      });
      const thread = new Thread(
        "../test/wire/workers/environment",
        undefined,
        (message) => received.push(message as (typeof received)[0]),
        (reason) => received.push({ env: { ended: reason } }),
      );
      const began = performance.now();
      thread.wait(
        () => received.length > 0,
        () => 20_000 - (performance.now() - began),
      );
      thread.terminate();
    } finally {
      process.env = before;
    }
    const { env } = received[0] ?? {};
    expect(env).toMatchObject({
      HTTPS_PROXY: "http://proxy.example:3128",
      no_proxy: "internal.example",
    });
    expect(Object.values(env ?? {})).not.toContain("secret");
    expect(env).not.toHaveProperty("NODE_OPTIONS");
  });
});
