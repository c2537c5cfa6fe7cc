// The audit trail of a real system: what its own start did is told of, `audit verify` finds what was changed
// with the database alone, and its end writes a checkpoint.
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Api } from "../support/api.ts";
import { type Controller, controllerProgram, startController } from "../support/controller.ts";
import { sql } from "../support/database.ts";
import { expect, test } from "../support/fixtures.ts";

interface Ended {
  code: number;
  output: string;
}

function verify(dataDir: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(controllerProgram, ["audit", "verify", "--data-dir", dataDir], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
    });
  });
}

const checkpoints = async (controller: Controller) =>
  (await readFile(join(controller.dataDir, "audit-checkpoints.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: number });

test("a trail is good until somebody changes it, and the first bad row is named", async () => {
  let controller = await startController({ localAgents: 1 });
  const { dataDir } = controller;
  try {
    await new Api(controller).agentsOnline(1);
    expect((await stat(join(dataDir, "private/audit.key"))).mode & 0o777).toBe(0o600);
    const actions = await sql(dataDir, "SELECT DISTINCT action FROM audit_event ORDER BY 1");
    expect(actions.split("\n")).toEqual([
      "agent.enrol",
      "api_key.create",
      "enrollment_token.create",
      "runbook.create",
    ]);
    const good = await verify(dataDir);
    expect(good.output).toContain("as it was written");
    expect(good.code).toBe(0);

    const rows = Number(await sql(dataDir, "SELECT max(id) FROM audit_event"));
    expect(await controller.end()).toBe(0);
    expect((await checkpoints(controller)).at(-1)?.id).toBe(rows);

    controller = await startController({ dataDir, localAgents: 1 });
    const trigger = "TRIGGER audit_event_append_only";
    await sql(
      dataDir,
      `ALTER TABLE audit_event DISABLE ${trigger}; DELETE FROM audit_event WHERE id = ${rows}`,
    );
    const cut = await verify(dataDir);
    expect(cut.code).toBe(1);
    expect(cut.output).toContain(`first bad row is ${rows}`);
    await sql(dataDir, "UPDATE audit_event SET person = 'eve' WHERE id = 2");
    const edited = await verify(dataDir);
    expect(edited.code).toBe(1);
    expect(edited.output).toContain("first bad row is 2");
  } finally {
    await controller.stop();
  }
});
