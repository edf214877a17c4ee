// Pictures of the report, to be looked at: `npx tsx test/report/screenshots.ts <folder>`. The light one is
// what docs/report.png shows.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { htmlReport } from "../../lib/report/html";
import { ReportModel } from "../../lib/report/model";
import { textReport } from "../../lib/report/text";
import { chromiumPath, launchOptions } from "../support/chromium";
import { projectModel, teamModel } from "./models";

const folder = resolve(process.argv[2] ?? "reports");

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch(launchOptions(chromiumPath()));
  const page = await browser.newPage({ viewport: { width: 1200, height: 1130 } });
  const shot = async (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  const open = async (name: string, model: ReportModel) => {
    const html = htmlReport(model);
    writeFileSync(join(folder, `${name}.html`), html);
    writeFileSync(join(folder, `${name}.txt`), textReport(model));
    await page.goto(`file://${join(folder, `${name}.html`)}`);
    process.stdout.write(`${name}: ${Buffer.byteLength(html)} bytes\n`);
  };
  await open("team", teamModel());
  await shot("light");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot("dark");
  await page.getByRole("button").first().click();
  await shot("zoom");
  await open("team", teamModel());
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await shot("phone");
  await page.setViewportSize({ width: 794, height: 1123 });
  await page.emulateMedia({ media: "print" });
  await shot("print");
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1200, height: 1130 });
  await open("project", projectModel());
  await shot("project");
  await browser.close();
}

void main();
