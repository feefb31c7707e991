import { Monitor, Moon, Sun } from "lucide-react";
import { THEMES, chooseTheme, useTheme } from "#lib/theme.ts";
import type { Theme } from "#lib/theme.ts";
import { Button } from "#ui/button.tsx";

const faces = {
  system: { icon: Monitor, label: "Colours follow the system" },
  light: { icon: Sun, label: "Light colours" },
  dark: { icon: Moon, label: "Dark colours" },
} satisfies Record<Theme, { icon: typeof Sun; label: string }>;

/** One button that goes through system, light and dark, and names what is on now. */
export function ThemeSwitch() {
  const theme = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const { icon: Icon, label } = faces[theme];
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={`${label}. Change.`}
      title={label}
      onClick={() => chooseTheme(next)}
    >
      <Icon className="size-4" />
    </Button>
  );
}
