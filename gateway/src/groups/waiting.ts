// Which cards wait for whom. Whatever counts or lists them asks this.

/** Of rows `member`, `grp` and `card` of one group: whether the card waits for the member. SQL. */
export const WAITS = "(card.open and not grp.closed and member.role = any (card.to_roles))";
