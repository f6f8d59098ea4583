// Card templates: what a gateway checks and expands for hosts that know nothing of Junto, and what a client expands
// itself. Nothing in here needs Node or a browser.
export { CardTooLargeError } from "./budget.ts";
export { checkExpression, type MessageUse, type ShapeScope } from "./check.ts";
export { compileTemplate, type JsonPath, type TemplateContext } from "./compile-template.ts";
export {
  compileExpression,
  compileText,
  evaluate,
  ExpressionError,
  isTrue,
  rootScope,
  SILENT,
  type CompiledExpression,
  type CompiledText,
} from "./expression.ts";
export { EXTENSIONS } from "./extensions.ts";
export { httpAddress, httpsAddress } from "./markdown.ts";
export {
  checkUses,
  compileMessages,
  formatMessage,
  LOCALES,
  NO_MESSAGES,
  usedMessages,
  type Locale,
  type Messages,
} from "./messages.ts";
export { readTemplate } from "./read.ts";
export { objectShape, STRING, UNKNOWN, type Shape } from "./shape.ts";
export { localeOf, sayAbsences, WORDS, type Absence, type View } from "./speech.ts";
export {
  expand,
  expandText,
  offering,
  placeOf,
  readsOf,
  templateBody,
  verbsIn,
  type Json,
  type Template,
} from "./template.ts";
export type { DataPath } from "./values.ts";
