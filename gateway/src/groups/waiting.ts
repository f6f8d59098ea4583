// Which cards wait for whom. Whatever counts or lists them asks this.

/** Of rows `member`, `grp` and `card` of one group: whether somebody of the member's role should do something. SQL. */
export const ADDRESSED = "(card.open and not grp.closed and member.role = any (card.to_roles))";

/** Likewise, and the member has neither put it off nor finished it. */
export const WAITS: string = `(${ADDRESSED} and not exists (
  select from card_mark as put_off where put_off.card = card.id and put_off.person = member.person
    and (put_off.until is null or put_off.until > clock_timestamp())))`;
