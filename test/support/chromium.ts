import { existsSync } from "node:fs";
import { Browser, BrowserContextOptions, chromium, LaunchOptions, Page } from "playwright-core";
import { describeUnless } from "./programs";

const PLACES = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium"];

/** Where it is, if it is here. */
export function chromiumPath(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

export function launchOptions(executablePath: string | undefined): LaunchOptions {
  // Its sandbox does not start for root, as whom containers run.
  return { executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] };
}

/** `describe`, for tests in a browser: skipped with a line where there is none, a failure in CI. */
export function describeInChromium(title: string, body: (browser: () => Browser) => void): void {
  const path = chromiumPath();
  const reason = path ? undefined : "there is no Chromium at CHROMIUM_PATH or /usr/bin/chromium";
  describeUnless(reason, title, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch(launchOptions(path));
    });
    afterAll(() => browser?.close());
    body(() => browser);
  });
}

/** A page as a browser shows it, and what it tried that it must not. */
export interface OpenedPage {
  readonly page: Page;
  /** Addresses that it asked for. */
  readonly requests: readonly string[];
  /** What the browser complained of, the policy's violations among it. */
  readonly complaints: readonly string[];
}

/** Opens a text of HTML; nothing but it is answered. */
export async function openHtml(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  const address = "http://report.test/";
  await page.route("**/*", async (route) => {
    const url = route.request().url();
    if (url === address) return route.fulfill({ contentType: "text/html", body: html });
    requests.push(url);
    return route.abort();
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.goto(address);
  return { page, requests, complaints };
}
