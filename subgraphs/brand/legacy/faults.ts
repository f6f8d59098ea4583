// The faults that IMS answers with: a number, a text in capitals, and what it is about.

/** Thrown by an operation; the SOAP server writes it as a SOAP 1.1 Fault. */
export interface ImsFault {
  readonly Fault: {
    readonly faultcode: "soap:Client" | "soap:Server";
    readonly faultstring: string;
    readonly detail: {
      readonly "tns:ImsErr": { readonly "tns:ErrCd": string; readonly "tns:ErrTxt": string };
    };
    /** Over HTTP a fault is a 500. */
    readonly statusCode: 500;
  };
}

const TEXTS = {
  "IMS-0400": "INVALID ARGUMENT",
  "IMS-0401": "LOGIN FAILED",
  "IMS-0403": "NOT AUTHORIZED",
  "IMS-0404": "NOT FOUND",
  "IMS-0409": "CONFLICT",
  "IMS-0410": "ORDER EXISTS",
  "IMS-0500": "INTERNAL ERROR",
} as const;

export type FaultCode = keyof typeof TEXTS;

export function fault(code: FaultCode, about: string): ImsFault {
  const text = `${TEXTS[code]}: ${about}`;
  return {
    Fault: {
      faultcode: code === "IMS-0500" ? "soap:Server" : "soap:Client",
      faultstring: `${code} ${text}`,
      detail: { "tns:ImsErr": { "tns:ErrCd": code, "tns:ErrTxt": text } },
      statusCode: 500,
    },
  };
}
