"""What `/help` says of each command; a test holds it against the commands that there are."""

import re
from dataclasses import dataclass

from bot.domain.language import later

MEMBERS, ORGANISERS, MODERATORS, ADMINISTRATORS = (
    later("Members"),
    later("Organisers"),
    later("Moderators"),
    later("Administrators"),
)
_OPTIONS = re.compile(r" [a-z_]+:.*")


@dataclass(frozen=True, slots=True)
class Entry:
    """For whom a command is, what it does, and an example to copy.

    An example stands in the catalogue where it has words that a person thinks of; the rest Discord knows in English alone.
    """

    audience: str
    does: str
    example: str

    @property
    def command(self) -> str:
        """Its name: what the example begins with."""
        return _OPTIONS.sub("", self.example).removeprefix("/")


ENTRIES = (
    Entry(MEMBERS, later("Shows what you can use here."), "/help command:meeting next"),
    Entry(MEMBERS, later("What this bot is, and who runs it here."), "/about"),
    Entry(MEMBERS, later("Finds anything here, whatever it is."), "/search query:workload"),
    Entry(MEMBERS, later("The next meeting, with its link and diary entry."), "/meeting next"),
    Entry(MEMBERS, later("Meetings to come, or past ones."), "/meeting list which:past"),
    Entry(MEMBERS, later("One meeting in full."), "/meeting show meeting:all-members"),
    Entry(MEMBERS, later("Puts a meeting into your own diary."), "/meeting diary"),
    Entry(MEMBERS, later("Every meeting in your phone's calendar."), "/meeting calendar"),
    Entry(MEMBERS, later("Proposes something for a meeting's agenda."), "/meeting propose"),
    Entry(MEMBERS, later("The demands, and how far the employer has come."), "/demand list"),
    Entry(
        MEMBERS,
        later("One demand and the employer's answers."),
        "/demand show demand:sickness",
    ),
    Entry(
        MEMBERS,
        later("Finds demands by what they are about."),
        "/demand search query:overtime",
    ),
    Entry(
        MEMBERS,
        later("What the employer answered lately, or a picture of it."),
        "/demand changes since:last month picture:True",
    ),
    Entry(
        MEMBERS,
        later("Tells you by direct message of new answers."),
        "/demand follow demand:all",
    ),
    Entry(MEMBERS, later("Stops that."), "/demand unfollow demand:overtime"),
    Entry(MEMBERS, later("What the campaign is for."), "/aims"),
    Entry(MEMBERS, later("The conference motions."), "/motion list"),
    Entry(
        MEMBERS,
        later("One motion, and what was done about it."),
        "/motion show motion:workloads",
    ),
    Entry(MEMBERS, later("What a term means."), "/glossary term:WMT"),
    Entry(MEMBERS, later("What you can do now."), "/action list"),
    Entry(
        MEMBERS,
        later("Counts you in for this week, without your name."),
        "/action done action:yellow",
    ),
    Entry(
        MEMBERS,
        later("How many took part week by week, as a picture."),
        "/action progress action:yellow",
    ),
    Entry(
        MEMBERS,
        later("Tells the moderators what it is like, confidentially."),
        "/feedback give",
    ),
    Entry(
        MEMBERS,
        later("How your feedback stands, by its receipt, with replies."),
        "/feedback check",
    ),
    Entry(MEMBERS, later("Adds to your feedback, by its receipt."), "/feedback add"),
    Entry(MEMBERS, later("Takes your feedback back, by its receipt."), "/feedback withdraw"),
    Entry(MEMBERS, later("Suggests what to focus on next, confidentially."), "/focus suggest"),
    Entry(MEMBERS, later("Ranks what matters most to you, once and in secret."), "/focus vote"),
    Entry(MEMBERS, later("What members want next, once the vote has closed."), "/focus results"),
    Entry(MEMBERS, later("Nudges as direct messages, or none."), "/me nudges turn:on"),
    Entry(
        MEMBERS,
        later("The zone that you mean when you type a time."),
        "/me timezone zone:Dublin",
    ),
    Entry(
        MEMBERS,
        later("The language in which you are answered."),
        "/me language language:Cymraeg",
    ),
    Entry(MEMBERS, later("What is held about you here, and why."), "/me data"),
    Entry(MEMBERS, later("Erases what is held about you here."), "/me forget"),
    Entry(
        ORGANISERS,
        later("Puts a meeting into the diary, with reminders."),
        later("/organise meeting schedule title:All-members' call when:Thursday 3 April 12.30pm"),
    ),
    Entry(
        ORGANISERS,
        later("Changes a meeting's title, length, link, agenda or seats."),
        "/organise meeting edit meeting:call duration:90 minutes",
    ),
    Entry(
        ORGANISERS,
        later("Moves a meeting; those who come are told."),
        later("/organise meeting move meeting:call to:Friday 4 April 1pm"),
    ),
    Entry(
        ORGANISERS,
        later("Calls a meeting off; those who come are told."),
        later("/organise meeting cancel meeting:call reason:Talks have been offered"),
    ),
    Entry(
        ORGANISERS,
        later("Leaves out one meeting of a series."),
        later("/organise meeting skip meeting:drop-in on:10 April"),
    ),
    Entry(
        ORGANISERS,
        later("What members propose, the agenda, and notes afterwards."),
        "/organise meeting agenda meeting:call",
    ),
    Entry(
        ORGANISERS,
        later("Keeps how a meeting was scheduled, for the next."),
        later("/organise meeting template name:branch call meeting:call"),
    ),
    Entry(
        ORGANISERS,
        later("How many come or came, as a file."),
        "/organise meeting attendance meeting:call",
    ),
    Entry(
        ORGANISERS,
        later("Adds something members can do, with a goal."),
        "/organise action add goal:40",
    ),
    Entry(
        ORGANISERS,
        later("Changes an action's words, links, picture or goal."),
        "/organise action edit action:yellow goal:60",
    ),
    Entry(
        ORGANISERS,
        later("Takes an action off the list, or brings it back."),
        "/organise action retire action:yellow",
    ),
    Entry(
        ORGANISERS,
        later("Posts a call for an action again and again."),
        "/organise nudge schedule action:yellow when:Friday 8am",
    ),
    Entry(
        ORGANISERS,
        later("All nudges, and when each comes next."),
        "/organise nudge list",
    ),
    Entry(
        ORGANISERS,
        later("Posts nothing of it until somebody resumes it."),
        "/organise nudge pause nudge:yellow",
    ),
    Entry(
        ORGANISERS,
        later("Lets it go on; what was missed is not posted."),
        "/organise nudge resume nudge:yellow",
    ),
    Entry(
        ORGANISERS,
        later("Leaves out one time."),
        later("/organise nudge skip nudge:yellow date:18 April"),
    ),
    Entry(
        ORGANISERS,
        later("Moves one time; the others stay."),
        later("/organise nudge move nudge:yellow to:Saturday 10am"),
    ),
    Entry(
        ORGANISERS,
        later("Ends it for good, after you confirm."),
        "/organise nudge delete nudge:yellow",
    ),
    Entry(
        ORGANISERS,
        later("Shows you the next post."),
        "/organise nudge preview nudge:yellow",
    ),
    Entry(
        ORGANISERS,
        later("Posts it once now, after you confirm."),
        "/organise nudge send nudge:yellow",
    ),
    Entry(
        ORGANISERS,
        later("Posts your own words, once or again and again."),
        later("/organise reminder schedule text:Post your ballot paper when:Friday 8am"),
    ),
    Entry(
        ORGANISERS,
        later("All reminders, and when each comes next."),
        "/organise reminder list",
    ),
    Entry(
        ORGANISERS,
        later("Posts nothing of it until somebody resumes it."),
        "/organise reminder pause reminder:ballot",
    ),
    Entry(
        ORGANISERS,
        later("Lets it go on; what was missed is not posted."),
        "/organise reminder resume reminder:ballot",
    ),
    Entry(
        ORGANISERS,
        later("Leaves out one time."),
        "/organise reminder skip reminder:ballot",
    ),
    Entry(
        ORGANISERS,
        later("Moves one time; the others stay."),
        later("/organise reminder move reminder:ballot to:Saturday 10am"),
    ),
    Entry(
        ORGANISERS,
        later("Ends it for good, after you confirm."),
        "/organise reminder delete reminder:ballot",
    ),
    Entry(
        ORGANISERS,
        later("Shows you the next post."),
        "/organise reminder preview reminder:ballot",
    ),
    Entry(
        ORGANISERS,
        later("Records what was done about a resolution."),
        "/organise motion progress motion:workloads resolution:a",
    ),
    Entry(
        ORGANISERS,
        later("Records what the employer answered, or corrects an entry."),
        later("/organise demand respond demand:overtime status:Partly met date:28 March"),
    ),
    Entry(ORGANISERS, later("Adds a demand."), "/organise demand add"),
    Entry(
        ORGANISERS,
        later("Changes what a demand says, after you confirm."),
        "/organise demand edit demand:overtime",
    ),
    Entry(
        ORGANISERS,
        later("Marks a demand as no longer made, or brings it back."),
        later("/organise demand retire demand:overtime reason:Settled in the pay talks"),
    ),
    Entry(
        ORGANISERS,
        later("Reads a bulletin or motion; you decide what is kept."),
        "/organise bulletin import",
    ),
    Entry(
        ORGANISERS,
        later("What was imported; an import can be undone."),
        "/organise bulletin list",
    ),
    Entry(
        ORGANISERS,
        later("What was sent, is due, is held or was left out, and why."),
        "/organise deliveries state:held",
    ),
    Entry(
        MODERATORS,
        later("Feedback that is open, in pages."),
        "/moderate queue topic:A meeting",
    ),
    Entry(
        MODERATORS,
        later("One piece in full, with what was replied."),
        "/moderate show item:3f9a1c2b",
    ),
    Entry(
        MODERATORS,
        later("Tags a piece; demand 3 says that it speaks to demand 3."),
        "/moderate tag item:3f9a1c2b tag:demand 3",
    ),
    Entry(
        MODERATORS,
        later("Says how far a piece has come."),
        "/moderate state item:3f9a1c2b state:Dealt with",
    ),
    Entry(
        MODERATORS,
        later("Replies; the member reads it with the receipt."),
        "/moderate reply item:3f9a1c2b",
    ),
    Entry(
        MODERATORS,
        later("The feedback as a file, with a record of who took it and why."),
        later("/moderate export format:csv purpose:meeting with the employer"),
    ),
    Entry(
        MODERATORS,
        later("Pictures of the feedback by week, topic, region and demand."),
        later("/moderate report since:1 March"),
    ),
    Entry(
        MODERATORS,
        later("Who exported, replied, changed or erased, when and why."),
        later("/moderate audit since:1 March"),
    ),
    Entry(
        MODERATORS,
        later("Opens and closes a focus round, and makes its ballot."),
        "/moderate focus",
    ),
    Entry(
        ADMINISTRATORS,
        later("Sets everything up, step by step, in about five minutes."),
        "/setup start",
    ),
    Entry(
        ADMINISTRATORS,
        later("Who organises, and who reads feedback."),
        "/setup roles organiser:@Reps",
    ),
    Entry(
        ADMINISTRATORS,
        later("Where the bot posts, and whether organisers are told once a week if all is well."),
        "/setup channels announcements:#announcements",
    ),
    Entry(
        ADMINISTRATORS,
        later("Quiet hours, a weekly limit, and the roles that posts may ping."),
        "/setup nudges quiet_from:9pm quiet_until:8am weekly_cap:3",
    ),
    Entry(
        ADMINISTRATORS,
        later("For how many weeks feedback and the audit log are kept."),
        "/setup retention feedback:104 audit:156",
    ),
    Entry(
        ADMINISTRATORS,
        later("Whether organisers may see who comes, and how long that is kept."),
        "/setup attendance names:False days:14",
    ),
    Entry(ADMINISTRATORS, later("A calendar for members' phones."), "/setup calendar turn:on"),
    Entry(ADMINISTRATORS, later("The language of posts."), "/setup language language:Cymraeg"),
    Entry(
        ADMINISTRATORS,
        later("Whom members can ask about their data."),
        later("/setup privacy contact:the branch secretary, secretary@example.org"),
    ),
    Entry(ADMINISTRATORS, later("What could fail, with the fix for each."), "/setup check"),
)
