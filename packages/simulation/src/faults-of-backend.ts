import type { DiskFault, DiskOperation } from "convex-local/in-process";
import type { FaultKind } from "./plan.ts";
import type { Town } from "./town.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Kind = Extract<FaultKind, `backend ${string}` | `cron ${string}` | "trigger doubled">;

/** What can go wrong with the backend itself. */
export function faultsOfBackend(town: Town): Record<Kind, () => void> {
  const { backend, world } = town;
  const random = world.random.fork("faults of the backend");
  const begin = (kind: Kind) => {
    if (backend.isUp) world.fault(kind, "backend");
    return backend.isUp;
  };
  const away = () =>
    random.chance(0.2) ? random.between(MINUTE, 10 * MINUTE) : random.between(200, 20 * SECOND);
  return {
    "backend crash": () => {
      if (!begin("backend crash")) return;
      backend.crash();
      backend.restartAfter(away());
    },
    "backend crash around a commit": () => {
      if (!begin("backend crash around a commit")) return;
      backend.disk.faults = once(
        "commit",
        random.chance(0.5) ? "crashBefore" : "crashAfter",
        backend.disk,
      );
      backend.restartWhenDeadAfter(away());
    },
    "backend disk fails": () => {
      if (!begin("backend disk fails")) return;
      const share = random.between(0.1, 1);
      const kind = random.pick<DiskFault>(["fails", "full"]);
      backend.disk.faults = (operation) =>
        operation === "commit" && random.chance(share) ? kind : null;
      world.agenda.after(random.between(100, 20 * SECOND), () => (backend.disk.faults = null));
    },
    "backend freezes": () => {
      if (!begin("backend freezes")) return;
      backend.freeze();
      world.agenda.after(away(), () => backend.thaw());
    },
    "backend clock jumps": () => {
      if (!begin("backend clock jumps")) return;
      const jump = random.chance(0.5)
        ? random.between(-20 * SECOND, 20 * SECOND)
        : random.between(-5 * MINUTE, 10 * MINUTE);
      backend.offset += jump;
      backend.setBack += Math.max(0, -jump);
    },
    "cron repeated": () => {
      if (!begin("cron repeated")) return;
      void backend.runInternal("deadlines:cleanupStaleAgents", {});
    },
    "cron skipped": () => backend.skipCron(),
    "trigger doubled": () => {
      if (!begin("trigger doubled")) return;
      const [worker] = backend.deployment.documents("deadlineWorker");
      if (worker === undefined) return;
      const { generation } = JSON.parse(worker) as { generation: number };
      const wanted = random.chance(0.5) ? generation : generation - 1;
      void backend.runInternal("deadlines:run", { generation: wanted });
    },
  };
}

function once(
  on: DiskOperation,
  fault: DiskFault,
  disk: { faults: ((operation: DiskOperation) => DiskFault | null) | null },
) {
  return (operation: DiskOperation): DiskFault | null => {
    if (operation !== on) return null;
    disk.faults = null;
    return fault;
  };
}
