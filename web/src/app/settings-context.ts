// What this device is set to, as React has it.
import { createContext } from "react";
import type { Settings } from "./settings.ts";

export const SettingsContext: React.Context<Settings | null> = createContext<Settings | null>(null);
