// The SOAP 1.1 door of IMS: the WSDL, the login in the header of each call, and the call itself.
import type { RequestListener, Server } from "node:http";
import { listen, type IServices } from "soap";
import { packageFile } from "../src/package-file.ts";
import { fault } from "./faults.ts";
import type { Login } from "./logins.ts";
import type { Args, Operations } from "./operation.ts";
import { STAFF_ONLY } from "./staff-operations.ts";

export interface Door {
  readonly operations: Operations;
  /** Of other systems: may not call what is for the staff only. */
  readonly interfaceLogin: Login;
  readonly staffLogin: Login;
  /** Told of every call, by its operation. */
  called(operation: string): void;
}

/** Where the service is; its WSDL is there too, with `?wsdl`. */
export const PATH: string = "/ims/catalogue";

/** The listener for requests at `PATH`. `soap` takes the server over for that; it is given back without listeners. */
export async function soapListener(server: Server, door: Door): Promise<RequestListener> {
  const xml = await packageFile("legacy/ims-catalogue.wsdl");
  const services: IServices = { ImsCatalogue: { ImsCatalogueSoap: methods(door) } };
  await new Promise<void>((resolve, reject) => {
    const callback = (error: unknown): void => (error ? reject(error) : resolve());
    listen(server, { path: PATH, services, xml, callback, suppressStack: true });
  });
  const listener = server.listeners("request")[0] as RequestListener;
  server.removeAllListeners("request");
  return listener;
}

type Method = (args: Args | null, callback: unknown, headers: unknown) => Promise<object>;

function methods(door: Door): Record<string, Method> {
  const secured = ([name, run]: [string, Operations[string]]): [string, Method] => [
    name,
    async (args, _callback, headers) => {
      door.called(name);
      checkLogin(name, loginOf(headers), door);
      // An empty request comes as null.
      return run(args ?? {});
    },
  ];
  return Object.fromEntries(Object.entries(door.operations).map(secured));
}

function checkLogin(operation: string, login: Login | undefined, door: Door): void {
  const isStaff = isSame(login, door.staffLogin);
  if (!isStaff && !isSame(login, door.interfaceLogin)) throw fault("IMS-0401", login?.user ?? "NO LOGIN");
  if (STAFF_ONLY.has(operation) && !isStaff) throw fault("IMS-0403", operation.toUpperCase());
}

function isSame(login: Login | undefined, known: Login): boolean {
  return login?.user === known.user && login.password === known.password;
}

/** WS-Security's UsernameToken. */
function loginOf(headers: unknown): Login | undefined {
  const header = headers as { Security?: { UsernameToken?: Record<string, unknown> } } | undefined;
  const token = header?.Security?.UsernameToken;
  return token && { user: content(token["Username"]), password: content(token["Password"]) };
}

/** The text of an element, with or without attributes. */
function content(element: unknown): string {
  const value = (element as { $value?: unknown } | undefined)?.$value ?? element;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
