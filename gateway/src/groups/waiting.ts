// Which cards wait for whom. Whatever counts or lists them asks this.

/** Of rows `member`, `grp` and `card` of one group: whether it is the turn of somebody like the member, which `holds`. SQL. */
const turn = (holds: string): string =>
  `(card.open and not grp.closed and exists (
    select from card_turn as turn join person on person.organization = turn.organization
    where turn.card = card.id and turn.role = member.role and person.id = member.person and ${holds}))`;

/** Whether somebody like the member should do something. */
export const TURN: string = turn("true");

/**
 * Likewise, and the member has not put it off, nor finished it. What was finished waits again when it offers something that
 * it did not offer then.
 */
export const WAITS: string = turn(`not exists (
  select from card_mark as mark where mark.card = card.id and mark.person = member.person
    and case when mark.until is null then turn.verbs <@ mark.verbs else mark.until > clock_timestamp() end)`);
