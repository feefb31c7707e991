import { current } from "../machine/current.ts";
import type { Appointment } from "../kernel/agenda.ts";

type Callback = (...args: unknown[]) => void;

/** What `setTimeout` answers. */
class Timer {
  appointment: Appointment | null = null;

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  refresh(): this {
    return this;
  }

  cancel(): void {
    if (this.appointment !== null) this.appointment.cancelled = true;
  }
}

/** A busy computer is a little late. */
const LATE_MS = 1.5;

export function setTimeout(callback: Callback, ms = 0, ...args: unknown[]): Timer {
  const timer = new Timer();
  const process = current();
  const late = process.host.random.between(0, LATE_MS);
  timer.appointment = process.host.after(process, Math.max(1, ms) + late, () => callback(...args));
  return timer;
}

export function setInterval(callback: Callback, ms = 0, ...args: unknown[]): Timer {
  const timer = new Timer();
  const process = current();
  const next = () => {
    const late = process.host.random.between(0, LATE_MS);
    timer.appointment = process.host.after(process, Math.max(1, ms) + late, () => {
      next();
      callback(...args);
    });
  };
  next();
  return timer;
}

export function setImmediate(callback: Callback, ...args: unknown[]): Timer {
  const timer = new Timer();
  const process = current();
  timer.appointment = process.host.after(process, 0, () => callback(...args));
  return timer;
}

export function clearTimeout(timer: Timer | null | undefined): void {
  timer?.cancel();
}

export function clearInterval(timer: Timer | null | undefined): void {
  timer?.cancel();
}
