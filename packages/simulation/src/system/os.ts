import { current } from "../machine/current.ts";

export const hostname = (): string => current().host.name;
export const platform = (): string => "linux";
export const release = (): string => "6.1.0";
export const homedir = (): string => "/home/ada";
export const tmpdir = (): string => "/tmp";
export const userInfo = (): { readonly username: string } => ({ username: "ada" });
