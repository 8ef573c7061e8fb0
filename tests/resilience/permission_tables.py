"""Who may do what, and where: the contract, written out by hand.

Columns are two blanks apart. Every audience of commands and every kind of button has a row.
"""

import re

COMMANDS = """
                 member   moderator  admin    muted   helper   outcast  direct   group    abroad   hushed   stranger
everybody        private  private    private  barred  private  private  private  private  private  private  hidden
everybody share  public   public     public   barred  public   public   public   public   public   private  hidden
moderators       hidden   private    private  barred  hidden   hidden   hidden   hidden   hidden   hidden   hidden
checked          refused  private    private  barred  refused  refused  refused  refused  refused  refused  hidden
"""  # noqa: E501 - a table is read across
"""By who may run a command, again with `share: True` where it takes that, and by who does where.

everybody, moderators: as `cogs/ui/audience.py` has it. checked: a command for moderators that
Discord offers to everybody and the bot refuses.

member, moderator, admin: in a server with the bot; without rights of note, with Manage Server,
with Administrator. muted: a moderator who may not write in the channel. helper, outcast: members
to whom Integrations gave /refresh, from whom it took /free. direct: a moderator in direct messages
with the bot. group: in a group of people, one of whom took the bot along. abroad: a moderator in a
server without the bot, who took it along. hushed: a member in such a server, without Use External
Apps. stranger: a member in such a server, who did not take it along.

hidden: the client does not offer it. barred: the client lets nothing be typed. refused: answered
with no more than a sentence. private, public: answered for the asker alone, for all.
"""

OVERRIDES = {
    ("refresh", "helper"): "private",
    ("free", "outcast"): "hidden",
    ("free share", "outcast"): "hidden",
}
"""What Integrations changed: by command, and by whom."""

BUTTONS = """
          own      shared   others   muted    outcast  direct   group    abroad   hushed
previous  turned   turned   copied   copied   copied   turned   turned   turned   turned
next      turned   turned   copied   copied   copied   turned   turned   turned   turned
update    turned   turned   copied   copied   copied   turned   turned   turned   turned
refine    turned   turned   copied   copied   copied   turned   turned   turned   turned
pick      turned   turned   copied   copied   copied   turned   turned   turned   turned
open      copied   copied   copied   copied   copied   copied   copied   copied   copied
share     posted   posted   posted   refused  posted   refused  refused  posted   refused
old       refused  refused  refused  refused  refused  refused  refused  refused  refused
"""
"""By what a button or select does, and by who presses it where.

own, shared: the asker, on a private and on a public answer. others, muted, outcast: somebody else,
on a public answer. direct, group, abroad, hushed: the asker, on a private answer there. old: of a
version of the bot that is no more.

turned: the message changes. copied: a private one comes. posted: one for all comes. refused: a
private one comes that is no more than a sentence.
"""

Table = dict[str, dict[str, str]]


def cells(table: str) -> Table:
    """Return what a table says, by row and column."""
    head, *rows = table.strip("\n").splitlines()
    found = {}
    for row in rows:
        name, *values = re.split(r" {2,}", row.strip())
        found[name] = dict(zip(head.split(), values, strict=True))
    return found
