import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { DARK, LIGHT } from "../../lib/report/style";
import { htmlReport } from "../../lib/report/html";
import { ReportModel } from "../../lib/report/model";
import { excerpt } from "../../lib/model/text";
import { describeInChromium, openHtml } from "../support/chromium";
import { ago, backup, decision, finding, lane, model, projectModel, teamModel } from "./models";

const HTML = htmlReport(teamModel());

let project: string | undefined;
/** Of 1,000 instances with 200 backups each. */
const projectHtml = () => (project ??= htmlReport(projectModel()));

/** A model with a text wherever the cloud, or a person, may have given one. */
function named(text: string): ReportModel {
  const named = lane("orders", [backup(`id ${text}`, 40, { name: text, instanceName: text })], {
    path: `stack/${text}`,
    label: text,
  });
  const unknown = lane("none", [], { label: `unknown ${text}`, problem: text });
  return model([named, unknown], {
    title: text,
    findings: [
      finding({ subject: named.path, evidence: text, advice: text }),
      finding({ subject: text, evidence: text, reason: text }),
    ],
    decisions: [decision(named, 1), Object.assign(decision(named), { lane: text })],
    provenance: [{ name: text, value: text }],
  });
}

const HOSTILE = [
  "</script><script>alert(1)</script>",
  "</style><script>alert(1)</script>",
  "</title><img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  "<!-- --><!--><script>",
  "&lt;b&gt; &amp; &#60; &colon;",
  "\u202egnp.exe\u2066 \u2028 \u2029 \0 \u001b[31m \ud800",
  "javascript:alert(1)",
  "${alert(1)} {{alert(1)}} `alert(1)`",
  "]]><script>alert(1)</script>",
];

describeInChromium("the page of a report", (browser) => {
  test("is shown without a complaint of its policy, and asks for nothing", async () => {
    const { page, requests, complaints } = await openHtml(browser(), HTML);
    await page
      .getByRole("button", { name: /Zoom: Age/ })
      .first()
      .click();
    await page
      .getByRole("button", { name: /Zoom: Size/ })
      .first()
      .click();
    await expect(page.locator(".uplot canvas").count()).resolves.toBe(2);
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
  });

  test("would have told of a violation, and of a request", async () => {
    const changed = HTML.replace("</main>", '<img src="http://other.test/"><p style="color:red">');
    const { requests, complaints } = await openHtml(browser(), changed);
    expect(complaints.join("\n")).toMatch(/Content Security Policy/);
    expect(requests).toEqual([]);
    const open = changed.replace(/<meta http-equiv[^>]*>/, "");
    expect((await openHtml(browser(), open)).requests).toEqual(["http://other.test/"]);
  });

  test.each(HOSTILE)("shows the name %j as a text and does nothing else with it", async (text) => {
    const { page, requests, complaints } = await openHtml(browser(), htmlReport(named(text)));
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    expect(await page.locator("h3").first().textContent()).toBe(excerpt(text, 120));
    expect(await page.locator("script").count()).toBe(2);
  });

  test("has no element, address or handler but its own, whatever the names", async () => {
    const { page } = await openHtml(browser(), "<title>parser</title>");
    const fragment = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }));
    await fc.assert(
      fc.asyncProperty(fc.array(fragment, { minLength: 1, maxLength: 3 }), async (fragments) => {
        const text = fragments.join("");
        const found = await page.evaluate(PARSE, htmlReport(named(text)));
        expect(found).toEqual({ names: [], addresses: [], scripts: 2, title: excerpt(text, 120) });
      }),
      { numRuns: 40 },
    );
  });

  test("works where there is no script", async () => {
    const { page } = await openHtml(browser(), HTML, { javaScriptEnabled: false });
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await page.locator(".strip-svg").first().isVisible()).toBe(true);
    const closed = page.locator("#lane-4 .strip-svg").first();
    expect(await closed.isVisible()).toBe(false);
    await page.locator("#lane-4 > details > summary").click();
    expect(await closed.isVisible()).toBe(true);
  });

  test("zooms by the pointer and by keys, and shows all again", async () => {
    const { page, complaints } = await openHtml(browser(), HTML);
    const button = page
      .getByRole("button", { name: "Zoom: Age of the newest usable backup" })
      .first();
    await button.focus();
    await page.keyboard.press("Enter");
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    const told = page.locator("#lane-1 output").first();
    const whole = await told.textContent();
    expect(whole).toMatch(/^2026-01-01T07:00:00Z to 2026-01-31T12:00:00Z$/);
    const steps: (string | null)[] = [whole];
    for (const key of ["+", "ArrowLeft", "ArrowRight", "-", "+", "0"]) {
      await page.keyboard.press(key);
      steps.push(await told.textContent());
    }
    expect(steps[1]).toBe("2026-01-08T20:15:00Z to 2026-01-23T22:45:00Z");
    expect(steps[2]! < steps[1]!).toBe(true);
    expect([steps[3], steps[4], steps[6]]).toEqual([steps[1], whole, whole]);
    const over = (await page.locator("#lane-1 .u-over").first().boundingBox())!;
    await page.mouse.move(over.x + over.width * 0.25, over.y + 20);
    await page.mouse.down();
    await page.mouse.move(over.x + over.width * 0.5, over.y + 30, { steps: 4 });
    await page.mouse.up();
    expect(await told.textContent()).not.toBe(whole);
    await page.mouse.dblclick(over.x + 50, over.y + 50);
    expect(await told.textContent()).toBe(whole);
    await button.click();
    expect(await page.locator("#lane-1 .strip-svg").first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("can be used by keys alone", async () => {
    const { page } = await openHtml(browser(), HTML);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(`document.activeElement.textContent`)).toBe("To the instances");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(`document.activeElement.id`)).toBe("lanes");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(`document.activeElement.tagName`)).toBe("SUMMARY");
    const isOpen = () => page.locator("#lane-1 > details").getAttribute("open");
    expect(await isOpen()).toBe("");
    await page.keyboard.press("Space");
    expect(await isOpen()).toBeNull();
  });

  test("is dark where that is wished, and always light on paper", async () => {
    const { page } = await openHtml(browser(), HTML);
    const colours = () =>
      page.evaluate(
        `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color].join()`,
      );
    await page.emulateMedia({ colorScheme: "light" });
    const light = await colours();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await colours();
    expect(dark).not.toBe(light);
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    expect(await colours()).toBe(light);
    expect(await page.getByRole("navigation").isVisible()).toBe(false);
  });

  test("tells a screen reader what is drawn", async () => {
    const { page } = await openHtml(browser(), HTML);
    const tree = await page.locator("body").ariaSnapshot();
    for (const text of [
      /heading "3 of 4 instances meet their RPO; RDS instance orders .* is 3 h over;.*" \[level=1\]/,
      /heading "RDS instance orders \(a48e…\)" \[level=3\]/,
      /30 backups: 27 usable, 3 failed, 4 gaps/,
      /1 day 5 h as of 2026-01-31T12:00:00Z; at most 2 days/,
      /40 GiB; 23.6 GiB to 50.9 GiB are usual/,
      /the service did not answer within 30 s/,
      /table "What the rules found \(5\)"/,
      /term: answered by/,
    ]) {
      expect(tree).toMatch(text);
    }
    const levels = (await page.evaluate(
      `[...document.querySelectorAll("h1,h2,h3,h4")].map(({ tagName }) => Number(tagName[1]))`,
    )) as number[];
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
  });

  test("of a whole project is shown from its first lane to its last", async () => {
    const { page, complaints, requests } = await openHtml(browser(), projectHtml());
    expect(await page.locator(".lane").count()).toBe(1_000);
    await page.goto("http://report.test/#lane-1000");
    const box = await page.locator("#lane-1000 h3").boundingBox();
    expect(box!.y).toBeGreaterThanOrEqual(0);
    expect(box!.y).toBeLessThan(900);
    expect(await page.locator("script").count()).toBe(0);
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  });
});

// In the browser, whose types the tests are compiled without.
const PARSE = new Function(
  "html",
  `const page = new DOMParser().parseFromString(html, "text/html");
  const all = [...page.querySelectorAll("*")];
  const attributes = all.flatMap((each) => [...each.attributes]);
  const own = /^(html|head|meta|link|title|style|script|body|a|header|p|h[1-4]|nav|ul|li|main|section|svg|defs|pattern|rect|path|circle|g|use|text|span|div|details|summary|b|br|table|caption|thead|tbody|tr|th|td|code|strong|dl|dt|dd)$/;
  return {
    names: [
      ...all.map(({ localName }) => localName).filter((name) => !own.test(name)),
      ...attributes.map(({ name }) => name).filter((name) => /^(on|style$|src)/.test(name)),
    ],
    addresses: attributes
      .filter(({ name }) => /href|action|data$/.test(name))
      .map(({ value }) => value)
      .filter((value) => !/^(#[\\w-]+|data:,)$/.test(value)),
    scripts: page.scripts.length,
    title: page.querySelector("h3").textContent,
  };`,
) as (html: string) => unknown;

describe("the text of the page", () => {
  test("is the same for the same model, in whatever order its lanes are", () => {
    const other = teamModel();
    expect(htmlReport(other)).toBe(HTML);
    expect(htmlReport({ ...other, lanes: [...other.lanes].reverse() })).toBe(HTML);
  });

  test("names no colour scheme, font or address that would have to be fetched", () => {
    expect(HTML).not.toMatch(/@import|url\((?!#)|https?:\/\/(?!www\.w3\.org)/);
    expect(HTML).toMatch(/<html lang="en">/);
  });

  test("is under 3 MB for 1,000 instances with 200 backups each", () => {
    expect(Buffer.byteLength(projectHtml())).toBeLessThan(3_000_000);
  });

  test("runs the script that is in the package, and nothing of it ends its element", () => {
    const built = readFileSync(join(__dirname, "..", "..", "build", "report", "zoom.js"), "utf8");
    const [, script] = /<script>([^]*)<\/script>/.exec(HTML)!;
    expect(script).toBe(built.trim());
    expect(script).not.toMatch(/<\/script|<!--|\beval\b|new Function/i);
    expect(Buffer.byteLength(HTML)).toBeLessThan(150_000);
  });

  test("says what is not known of an empty model", () => {
    expect(htmlReport(model([]))).toContain("There are no instances to show.");
  });

  test("tells that backups are older than the axis is long", () => {
    const old = [
      backup("old", 24 * 900),
      ...Array.from({ length: 30 }, (_, i) => backup(`b${i}`, i * 24 + 1)),
    ];
    expect(htmlReport(model([lane("orders", old)]))).toContain("◂ 1 older");
  });

  test("shades what was not asked for, gaps, and what can be restored to", () => {
    const windows = [
      { start: ago(50), end: ago(40) },
      { start: ago(20), end: ago(0) },
    ];
    const shades = (html: string) =>
      html.slice(html.indexOf("lane-1")).match(/<rect class="(gap|unasked|window)"/g) ?? [];
    const list = [backup("b1", 1), backup("b2", 60)];
    const count = (more: object) =>
      shades(htmlReport(model([lane("orders", list, more)]))).map((each) => each.slice(13, -1));
    expect(count({})).toEqual(["gap"]);
    expect(count({ rpo: undefined })).toEqual([]);
    expect(count({ windows })).toEqual(["gap", "window", "window"]);
    expect(count({ since: ago(30) })).toEqual(["unasked", "gap"]);
  });
});

describe("the colours", () => {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5].map((i) => {
      const part = parseInt(colour.slice(i, i + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high! + 0.05) / (low! + 0.05);
  };

  test.each([
    ["light", LIGHT],
    ["dark", DARK],
  ])("of the %s scheme can be told from what they stand on", (_, scheme) => {
    for (const text of ["ink", "muted", "link", "good", "bad", "building", "limit"] as const) {
      for (const on of ["ground", "raised"] as const) {
        expect([text, on, contrast(scheme[text], scheme[on]) >= 4.5]).toEqual([text, on, true]);
      }
    }
    for (const shape of [
      "full",
      "incremental",
      "failed",
      "building",
      "other",
      "window",
      "chosen",
      "hatch",
    ] as const) {
      for (const on of shape === "hatch" ? (["gap"] as const) : (["raised", "gap"] as const)) {
        expect([shape, on, contrast(scheme[shape], scheme[on]) >= 3]).toEqual([shape, on, true]);
      }
    }
  });
});
