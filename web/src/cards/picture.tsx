// A picture of a card: only from where the gateway says that pictures may come from. The page's policy holds the same.
import { httpAddress } from "@junto/template";
import { createContext, use, useState, type ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { oneOf, pixels, text, type Element } from "./json.ts";

/** Origins of pictures. */
export const PictureOrigins: React.Context<readonly string[]> = createContext<readonly string[]>([]);

export function Picture({ element }: { readonly element: Element }): ReactNode {
  const say = useWords();
  const origins = use(PictureOrigins);
  const [failed, setFailed] = useState("");
  const url = httpAddress(element["url"]);
  const alt = text(element["altText"]);
  if (url === null) return null;
  const { origin, host } = new URL(url);
  const isAllowed = origin === location.origin || origins.includes(origin);
  const width =
    pixels(element["width"]) ?? SIZES[oneOf(element["size"], "auto", "small", "medium", "large", "stretch")];
  if (!isAllowed || failed === url) {
    return (
      <span
        className="ac-no-picture"
        style={{ width }}
        title={isAllowed ? alt : say("card.blocked", { host })}
      >
        <span className="visually-hidden">{alt || say("card.image")}</span>
      </span>
    );
  }
  const isPerson = oneOf(element["style"], "default", "person") === "person";
  return (
    <img
      className={isPerson ? "ac-picture ac-person" : "ac-picture"}
      style={{ width }}
      src={url}
      alt={alt}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setFailed(url)}
    />
  );
}

const SIZES: Readonly<Record<string, string | undefined>> = {
  auto: undefined,
  small: "40px",
  medium: "80px",
  large: "160px",
  stretch: "100%",
};
