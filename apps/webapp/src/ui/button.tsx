import { Button as Base } from "@base-ui/react/button";
import { clsx } from "clsx";
import type { ComponentProps } from "react";

type Look = "solid" | "outline" | "quiet" | "danger";

const looks = {
  solid: "bg-ink text-on-ink border-ink hover:bg-ink-soft hover:border-ink-soft",
  outline: "bg-raised text-ink border-line-strong hover:border-control-line hover:bg-paper",
  quiet: "border-transparent text-ink-soft hover:bg-sunken hover:text-ink",
  danger: "bg-raised text-red border-line-strong hover:border-red hover:bg-red-wash",
} satisfies Record<Look, string>;

export type ButtonProps = Omit<ComponentProps<typeof Base>, "className"> & {
  look?: Look;
  /** `fitting` grows with what it says. */
  size?: "small" | "medium" | "icon" | "fitting";
  className?: string;
};

const sizes = {
  small: "h-7 px-2 text-xs gap-1.5",
  medium: "h-8 px-3 text-sm gap-2",
  icon: "size-8 text-sm",
  fitting: "min-h-8 px-3 py-1 text-sm gap-2",
};

export function Button({ look = "outline", size = "medium", className, ...props }: ButtonProps) {
  return (
    <Base
      {...props}
      className={clsx(
        "inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors select-none",
        "disabled:cursor-not-allowed disabled:border-line disabled:bg-transparent disabled:text-ink-faint",
        sizes[size],
        looks[look],
        className,
      )}
    />
  );
}
