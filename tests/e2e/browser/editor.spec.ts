// Writing runbooks in the browser against a real controller: by keyboard alone, with a draft that survives,
// and two people at once.
import type { BrowserContext, Locator, Page } from "@playwright/test";
import type { Api } from "../support/api.ts";
import { expect, test, watchComplaints } from "./browser.ts";

const kMostTabs = 80;

// As a person without a mouse: Escape lets Tab leave a code field.
async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < kMostTabs; step += 1) {
    const there = await target.evaluate(
      (element) => (element.getRootNode() as Document | ShadowRoot).activeElement === element,
    );
    if (there) return;
    await page.keyboard.press("Escape");
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not reach ${target.toString()}`);
}

async function add(page: Page, number: number, name: string): Promise<Locator> {
  await page.keyboard.press("/");
  await expect(page.getByRole("dialog", { name: "Add a block" })).toBeVisible();
  await page.keyboard.press(String(number));
  const field = page.getByRole("textbox", { name: "Name", exact: true });
  await expect(field).toBeFocused();
  await page.keyboard.type(name);
  const list = page.getByRole("list", { name: "Blocks" });
  return list.getByRole("button", { name: new RegExp(name), expanded: true });
}

// Closes the open block: its row has the focus then, and "/" adds below it.
async function close(page: Page, row: Locator): Promise<void> {
  await tabTo(page, row, "Shift+Tab");
  await page.keyboard.press("Enter");
}

async function rows(page: Page): Promise<string[]> {
  const list = page.getByRole("list", { name: "Blocks" }).getByRole("button", { expanded: false });
  return await list.allInnerTexts();
}

test("five blocks are written, moved, saved and tried by keyboard alone", async ({ page, api, ui }) => {
  await page.goto(ui("/runbooks/new"));
  await tabTo(page, page.getByRole("button", { name: /^Blank/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("No blocks yet.")).toBeVisible();

  const text = await add(page, 1, "Read this");
  await tabTo(page, page.getByRole("textbox", { name: "Text" }));
  await page.keyboard.type("Tell the team.");
  await close(page, text);

  const command = await add(page, 2, "Who am I");
  await tabTo(page, page.getByRole("textbox", { name: "Script" }));
  await page.keyboard.type("id -un");
  await close(page, command);

  const call = await add(page, 3, "Ask");
  await tabTo(page, page.getByRole("textbox", { name: "URL" }));
  await page.keyboard.type("https://service.example/healthz");
  await close(page, call);

  const condition = await add(page, 4, "Was it well");
  await tabTo(page, page.getByRole("radio", { name: "Builder" }));
  await page.keyboard.press("ArrowRight");
  await tabTo(page, page.getByRole("textbox", { name: "Expression" }));
  await page.keyboard.type("steps.ask.http_status == 200");
  await close(page, condition);

  const timer = await add(page, 5, "Breathe");
  await close(page, timer);
  expect((await rows(page)).map((row) => row.split("\n")[1])).toEqual([
    "Read this",
    "Who am I",
    "Ask",
    "Was it well",
    "Breathe",
  ]);

  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByText("“Breathe” moved to position 4 of 5.")).toBeAttached();
  await expect(page.locator(":focus")).toContainText("Breathe");
  await page.keyboard.press("Control+z");
  await expect(async () => expect((await rows(page))[4]).toContain("Breathe")).toPass();
  await expect(page.getByText("In sync")).toBeVisible();

  await page.keyboard.press("Control+s");
  await expect(page.getByRole("textbox", { name: "Note" })).toBeFocused();
  await page.keyboard.type("First: by keyboard");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/ui\/runbooks\/[0-9a-f-]{36}\/edit$/);
  const id = page.url().split("/").at(-2) ?? "";
  const saved = await api.json<{ blocks: { type: string; name: string }[]; version: { message: string } }>(
    "GET",
    `/runbooks/${id}`,
  );
  const types = saved.blocks.map((block) => block.type);
  expect(types).toEqual(["instruction", "command", "api", "condition", "timer"]);
  expect(saved.version.message).toBe("First: by keyboard");
  await expect(page.getByRole("list", { name: "Blocks" })).toBeVisible();

  await page.keyboard.press("d");
  await expect(page.getByRole("tab", { name: "Dry run" })).toHaveAttribute("aria-selected", "true");
  const panel = page.getByRole("tabpanel");
  await tabTo(page, panel.getByLabel("Hosts by name", { exact: true }));
  await page.keyboard.type("local-1");
  await page.keyboard.press("Enter");
  await tabTo(page, panel.getByRole("button", { name: "Dry run" }));
  await page.keyboard.press("Enter");
  await expect(panel.getByText("On 1 host: local-1")).toBeVisible();
});

const kYaml = `# kept through every edit
title: Shared
blocks:
  - name: One # first
    type: command
    config:
      command: echo one
  - name: Two
    type: command
    config:
      command: echo two
  - name: Three
    type: timer
    config: { seconds: 60 }
`;

async function createYaml(api: Api, yaml: string): Promise<string> {
  const answer = await fetch(`${api.controller.url}/runbooks`, {
    method: "POST",
    headers: { "X-API-KEY": api.controller.adminKey, "Content-Type": "application/yaml" },
    body: yaml,
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function yamlOf(api: Api, id: string): Promise<string> {
  const answer = await fetch(`${api.controller.url}/runbooks/${id}`, {
    headers: { "X-API-KEY": api.controller.adminKey, Accept: "application/yaml" },
  });
  return await answer.text();
}

async function open(page: Page, block: string): Promise<void> {
  const list = page.getByRole("list", { name: "Blocks" });
  await list.getByRole("button", { name: new RegExp(block), expanded: false }).click();
}

async function save(page: Page, version: number): Promise<void> {
  await expect(page.getByText("In sync")).toBeVisible();
  await page.getByRole("button", { name: `Save as v${version}` }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Save as v${version}` })
    .click();
}

// A second person with a key of their own, in a browser of their own.
async function secondPerson(context: BrowserContext, api: Api): Promise<Page> {
  const key = await api.json<{ key: string }>("POST", "/api-keys", {
    name: "editor test",
    owner: "dana",
    roles: ["author", "viewer"],
  });
  const answer = await context.request.post(`${api.controller.url}/session`, { data: { key: key.key } });
  expect(answer.status()).toBe(201);
  return await context.newPage();
}

test("two people edit one version: the second moves the edits onto the first, and both are there", async ({
  page,
  api,
  ui,
  browser,
}) => {
  const id = await createYaml(api, kYaml);
  const context = await browser.newContext();
  const dana = await secondPerson(context, api);
  const complaints = await watchComplaints(dana);
  await page.goto(ui(`/runbooks/${id}/edit`));
  await dana.goto(ui(`/runbooks/${id}/edit`));

  await open(page, "One");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("One of mine");
  await open(page, "Two");
  await page.getByRole("textbox", { name: "Name", exact: true }).nth(1).fill("Two of mine");

  await open(dana, "Two");
  await dana.getByRole("textbox", { name: "Name", exact: true }).fill("Two of dana");
  await open(dana, "Three");
  await dana.getByRole("textbox", { name: "Name", exact: true }).nth(1).fill("Three of dana");
  await save(dana, 2);
  await expect(dana.getByText("Saved as v2.")).toBeVisible();

  // The banner comes by itself or with the refused save, whichever is first.
  await page.getByRole("button", { name: /^Save as v\d/ }).click({ trial: true });
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await expect(page.getByText(/dana saved v2/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("1 block changed on both sides.")).toBeVisible();
  await page.getByRole("button", { name: "Compare" }).click();
  const dialog = page.getByRole("dialog", { name: "Your edits and v2" });
  await expect(dialog.getByRole("region", { name: "Block Two of mine" })).toContainText("Two of dana");
  await expect(dialog.getByRole("button", { name: "Move my edits onto v2" })).toBeDisabled();
  await dialog.getByRole("radio", { name: "Take mine" }).check();
  await dialog.getByRole("button", { name: "Move my edits onto v2" }).click();
  await expect(page.getByText("Your edits now stand on v2.")).toBeVisible();
  await save(page, 3);
  await expect(page.getByText("Saved as v3.")).toBeVisible();

  const yaml = await yamlOf(api, id);
  expect(yaml).toBe(
    kYaml.replace("One #", "One of mine #").replace("Two", "Two of mine").replace("Three", "Three of dana"),
  );
  // Dana has no edits of her own: she is shown the newest.
  await expect(dana.getByText(/saved v3: this is it/)).toBeVisible({ timeout: 30_000 });
  expect(complaints).toEqual({ policy: [], errors: [] });
  await context.close();
});

test("a save that comes too late says so and loses nothing", async ({ page, api, ui }) => {
  const id = await createYaml(api, kYaml);
  await page.goto(ui(`/runbooks/${id}/edit`));
  await open(page, "One");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Mine");
  await expect(page.getByText("In sync")).toBeVisible();
  await page.getByRole("button", { name: "Save as v2" }).click();
  await api.json("PUT", `/runbooks/${id}`, {
    title: "Shared",
    blocks: [{ name: "Theirs", type: "timer", config: { seconds: 1 } }],
  });
  await page.getByRole("dialog").getByRole("button", { name: "Save as v2" }).click();
  await expect(page.getByText(/saved v2/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Mine");
});

test("a draft survives a reload, and goes when it is discarded", async ({ page, api, ui }) => {
  const id = await createYaml(api, kYaml);
  await page.goto(ui(`/runbooks/${id}/edit`));
  await open(page, "Two");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Drafted");
  await expect(page.getByText(/Draft saved/)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/Your draft from \d\d:\d\d, based on v1/)).toBeVisible();
  await expect(page.getByRole("button", { name: /Drafted/, expanded: false })).toBeVisible();
  await expect(page.getByText("v1 + draft")).toBeVisible();
  expect(await yamlOf(api, id)).toBe(kYaml);
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("button", { name: /Two/, expanded: false })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("list", { name: "Blocks" })).toBeVisible();
  await expect(page.getByText(/Your draft from/)).toBeHidden();
});

test("what the controller finds is shown at the field, the row, the line and in the list", async ({
  page,
  api,
  ui,
}) => {
  const id = await createYaml(api, kYaml);
  await page.goto(ui(`/runbooks/${id}/edit`));
  await open(page, "Three");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("");
  await expect(page.getByText("1 problem")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveAccessibleDescription(/.+/);
  await expect(page.getByRole("button", { name: /^Line 12:/ })).toBeVisible();
  await page.getByRole("button", { name: /No name/ }).click();
  await page.keyboard.press("F8");
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  await page.getByRole("tab", { name: "Problems 1" }).click();
  await expect(page.getByRole("list", { name: "Problems" })).toContainText("line 12");
});

test("text that is no YAML keeps the list and says which line", async ({ page, api, ui }) => {
  const id = await createYaml(api, kYaml);
  await page.goto(ui(`/runbooks/${id}/edit`));
  const yaml = page.getByRole("textbox", { name: "Runbook as YAML" });
  await yaml.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("title: again");
  await expect(page.getByText(/^YAML has an error on line 15/)).toBeVisible();
  expect(await rows(page)).toHaveLength(3);
  await expect(page.getByRole("button", { name: /^Save as v2/ })).toBeDisabled();
  await page.keyboard.press("Control+z");
  await expect(page.getByText(/^YAML has an error/)).toBeHidden();
});
