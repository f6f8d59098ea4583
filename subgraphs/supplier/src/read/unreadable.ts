// The one error of the readers: a file as a whole that cannot be used, and why.

/** `message` completes the sentence "the file …" and holds nothing of what is in the file. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}
