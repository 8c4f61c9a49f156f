"""What `/help` says of each command; a test holds it against the commands that there are."""

from dataclasses import dataclass

MEMBERS, ORGANISERS, MODERATORS, ADMINISTRATORS = "Members", "Organisers", "Moderators", "Administrators"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, for whom it is, what it does, and an example to copy."""

    command: str
    audience: str
    does: str
    example: str


ENTRIES = (
    Entry("help", MEMBERS, "Shows what you can use here.", "/help command:meeting next"),
    Entry("about", MEMBERS, "What this bot is, and who runs it here.", "/about"),
    Entry("search", MEMBERS, "Finds anything here, whatever it is.", "/search query:workload"),
    Entry("meeting next", MEMBERS, "The next meeting, with its link and diary entry.", "/meeting next"),
    Entry("meeting list", MEMBERS, "Meetings to come, or past ones.", "/meeting list which:past"),
    Entry("meeting show", MEMBERS, "One meeting in full.", "/meeting show meeting:all-members"),
    Entry("meeting diary", MEMBERS, "Puts a meeting into your own diary.", "/meeting diary"),
    Entry("meeting calendar", MEMBERS, "Every meeting in your phone's calendar.", "/meeting calendar"),
    Entry("meeting propose", MEMBERS, "Proposes something for a meeting's agenda.", "/meeting propose"),
    Entry("demand list", MEMBERS, "The demands, and how far the employer has come.", "/demand list"),
    Entry("demand show", MEMBERS, "One demand and the employer's answers.", "/demand show demand:sickness"),
    Entry("demand search", MEMBERS, "Finds demands by what they are about.", "/demand search query:overtime"),
    Entry(
        "demand changes",
        MEMBERS,
        "What the employer answered lately, or a picture of it.",
        "/demand changes since:last month picture:True",
    ),
    Entry(
        "demand follow",
        MEMBERS,
        "Tells you by direct message of new answers.",
        "/demand follow demand:all",
    ),
    Entry("demand unfollow", MEMBERS, "Stops that.", "/demand unfollow demand:overtime"),
    Entry("aims", MEMBERS, "What the campaign is for.", "/aims"),
    Entry("motion list", MEMBERS, "The conference motions.", "/motion list"),
    Entry("motion show", MEMBERS, "One motion, and what was done about it.", "/motion show motion:workloads"),
    Entry("glossary", MEMBERS, "What a term means.", "/glossary term:WMT"),
    Entry("action list", MEMBERS, "What you can do now.", "/action list"),
    Entry(
        "action done",
        MEMBERS,
        "Counts you in for this week, without your name.",
        "/action done action:yellow",
    ),
    Entry(
        "action progress",
        MEMBERS,
        "How many took part week by week, as a picture.",
        "/action progress action:yellow",
    ),
    Entry(
        "feedback give", MEMBERS, "Tells the moderators what it is like, confidentially.", "/feedback give"
    ),
    Entry(
        "feedback check",
        MEMBERS,
        "How your feedback stands, by its receipt, with replies.",
        "/feedback check",
    ),
    Entry("feedback add", MEMBERS, "Adds to your feedback, by its receipt.", "/feedback add"),
    Entry("feedback withdraw", MEMBERS, "Takes your feedback back, by its receipt.", "/feedback withdraw"),
    Entry("focus suggest", MEMBERS, "Suggests what to focus on next, confidentially.", "/focus suggest"),
    Entry("focus vote", MEMBERS, "Ranks what matters most to you, once and in secret.", "/focus vote"),
    Entry("focus results", MEMBERS, "What members want next, once the vote has closed.", "/focus results"),
    Entry("me nudges", MEMBERS, "Nudges as direct messages, or none.", "/me nudges turn:on"),
    Entry("me timezone", MEMBERS, "The zone that you mean when you type a time.", "/me timezone zone:Dublin"),
    Entry("me data", MEMBERS, "What is held about you here, and why.", "/me data"),
    Entry("me forget", MEMBERS, "Erases what is held about you here.", "/me forget"),
    Entry(
        "organise meeting schedule",
        ORGANISERS,
        "Puts a meeting into the diary, with reminders.",
        "/organise meeting schedule title:All-members' call when:Thursday 3 April 12.30pm",
    ),
    Entry(
        "organise meeting edit",
        ORGANISERS,
        "Changes a meeting's title, length, link, agenda or seats.",
        "/organise meeting edit meeting:call duration:90 minutes",
    ),
    Entry(
        "organise meeting move",
        ORGANISERS,
        "Moves a meeting; those who come are told.",
        "/organise meeting move meeting:call to:Friday 4 April 1pm",
    ),
    Entry(
        "organise meeting cancel",
        ORGANISERS,
        "Calls a meeting off; those who come are told.",
        "/organise meeting cancel meeting:call reason:Talks have been offered",
    ),
    Entry(
        "organise meeting skip",
        ORGANISERS,
        "Leaves out one meeting of a series.",
        "/organise meeting skip meeting:drop-in on:10 April",
    ),
    Entry(
        "organise meeting agenda",
        ORGANISERS,
        "What members propose, the agenda, and notes afterwards.",
        "/organise meeting agenda meeting:call",
    ),
    Entry(
        "organise meeting template",
        ORGANISERS,
        "Keeps how a meeting was scheduled, for the next.",
        "/organise meeting template name:branch call meeting:call",
    ),
    Entry(
        "organise meeting attendance",
        ORGANISERS,
        "How many come or came, as a file.",
        "/organise meeting attendance meeting:call",
    ),
    Entry(
        "organise action add",
        ORGANISERS,
        "Adds something members can do, with a goal.",
        "/organise action add goal:40",
    ),
    Entry(
        "organise action edit",
        ORGANISERS,
        "Changes an action's words, links, picture or goal.",
        "/organise action edit action:yellow goal:60",
    ),
    Entry(
        "organise action retire",
        ORGANISERS,
        "Takes an action off the list, or brings it back.",
        "/organise action retire action:yellow",
    ),
    Entry(
        "organise nudge schedule",
        ORGANISERS,
        "Posts a call for an action again and again.",
        "/organise nudge schedule action:yellow when:Friday 8am",
    ),
    Entry("organise nudge list", ORGANISERS, "All nudges, and when each comes next.", "/organise nudge list"),
    Entry(
        "organise nudge pause",
        ORGANISERS,
        "Posts nothing of it until somebody resumes it.",
        "/organise nudge pause nudge:yellow",
    ),
    Entry(
        "organise nudge resume",
        ORGANISERS,
        "Lets it go on; what was missed is not posted.",
        "/organise nudge resume nudge:yellow",
    ),
    Entry(
        "organise nudge skip",
        ORGANISERS,
        "Leaves out one time.",
        "/organise nudge skip nudge:yellow date:18 April",
    ),
    Entry(
        "organise nudge move",
        ORGANISERS,
        "Moves one time; the others stay.",
        "/organise nudge move nudge:yellow to:Saturday 10am",
    ),
    Entry(
        "organise nudge delete",
        ORGANISERS,
        "Ends it for good, after you confirm.",
        "/organise nudge delete nudge:yellow",
    ),
    Entry(
        "organise nudge preview",
        ORGANISERS,
        "Shows you the next post.",
        "/organise nudge preview nudge:yellow",
    ),
    Entry(
        "organise nudge send",
        ORGANISERS,
        "Posts it once now, after you confirm.",
        "/organise nudge send nudge:yellow",
    ),
    Entry(
        "organise reminder schedule",
        ORGANISERS,
        "Posts your own words, once or again and again.",
        "/organise reminder schedule text:Post your ballot paper when:Friday 8am",
    ),
    Entry(
        "organise reminder list",
        ORGANISERS,
        "All reminders, and when each comes next.",
        "/organise reminder list",
    ),
    Entry(
        "organise reminder pause",
        ORGANISERS,
        "Posts nothing of it until somebody resumes it.",
        "/organise reminder pause reminder:ballot",
    ),
    Entry(
        "organise reminder resume",
        ORGANISERS,
        "Lets it go on; what was missed is not posted.",
        "/organise reminder resume reminder:ballot",
    ),
    Entry(
        "organise reminder skip",
        ORGANISERS,
        "Leaves out one time.",
        "/organise reminder skip reminder:ballot",
    ),
    Entry(
        "organise reminder move",
        ORGANISERS,
        "Moves one time; the others stay.",
        "/organise reminder move reminder:ballot to:Saturday 10am",
    ),
    Entry(
        "organise reminder delete",
        ORGANISERS,
        "Ends it for good, after you confirm.",
        "/organise reminder delete reminder:ballot",
    ),
    Entry(
        "organise reminder preview",
        ORGANISERS,
        "Shows you the next post.",
        "/organise reminder preview reminder:ballot",
    ),
    Entry(
        "organise motion progress",
        ORGANISERS,
        "Records what was done about a resolution.",
        "/organise motion progress motion:workloads resolution:a",
    ),
    Entry(
        "organise demand respond",
        ORGANISERS,
        "Records what the employer answered, or corrects an entry.",
        "/organise demand respond demand:overtime status:Partly met date:28 March",
    ),
    Entry("organise demand add", ORGANISERS, "Adds a demand.", "/organise demand add"),
    Entry(
        "organise demand edit",
        ORGANISERS,
        "Changes what a demand says, after you confirm.",
        "/organise demand edit demand:overtime",
    ),
    Entry(
        "organise demand retire",
        ORGANISERS,
        "Marks a demand as no longer made, or brings it back.",
        "/organise demand retire demand:overtime reason:Settled in the pay talks",
    ),
    Entry(
        "organise bulletin import",
        ORGANISERS,
        "Reads a bulletin or motion; you decide what is kept.",
        "/organise bulletin import",
    ),
    Entry(
        "organise bulletin list",
        ORGANISERS,
        "What was imported; an import can be undone.",
        "/organise bulletin list",
    ),
    Entry(
        "organise deliveries",
        ORGANISERS,
        "What was sent, is due, is held or was left out, and why.",
        "/organise deliveries state:held",
    ),
    Entry(
        "moderate queue",
        MODERATORS,
        "Feedback that is open, in pages.",
        "/moderate queue topic:A meeting",
    ),
    Entry(
        "moderate show",
        MODERATORS,
        "One piece in full, with what was replied.",
        "/moderate show item:3f9a1c2b",
    ),
    Entry(
        "moderate tag",
        MODERATORS,
        "Tags a piece; demand 3 says that it speaks to demand 3.",
        "/moderate tag item:3f9a1c2b tag:demand 3",
    ),
    Entry(
        "moderate state",
        MODERATORS,
        "Says how far a piece has come.",
        "/moderate state item:3f9a1c2b state:Dealt with",
    ),
    Entry(
        "moderate reply",
        MODERATORS,
        "Replies; the member reads it with the receipt.",
        "/moderate reply item:3f9a1c2b",
    ),
    Entry(
        "moderate export",
        MODERATORS,
        "The feedback as a file, with a record of who took it and why.",
        "/moderate export format:csv purpose:meeting with the employer",
    ),
    Entry(
        "moderate report",
        MODERATORS,
        "Pictures of the feedback by week, topic, region and demand.",
        "/moderate report since:1 March",
    ),
    Entry(
        "moderate audit",
        MODERATORS,
        "Who exported, replied, changed or erased, when and why.",
        "/moderate audit since:1 March",
    ),
    Entry(
        "moderate focus",
        MODERATORS,
        "Opens and closes a focus round, and makes its ballot.",
        "/moderate focus",
    ),
    Entry(
        "setup start",
        ADMINISTRATORS,
        "Sets everything up, step by step, in about five minutes.",
        "/setup start",
    ),
    Entry(
        "setup roles",
        ADMINISTRATORS,
        "Who organises, and who reads feedback.",
        "/setup roles organiser:@Reps",
    ),
    Entry(
        "setup channels",
        ADMINISTRATORS,
        "Where the bot posts, and whether organisers are told once a week if all is well.",
        "/setup channels announcements:#announcements",
    ),
    Entry(
        "setup nudges",
        ADMINISTRATORS,
        "Quiet hours, a weekly limit, and the roles that posts may ping.",
        "/setup nudges quiet_from:9pm quiet_until:8am weekly_cap:3",
    ),
    Entry(
        "setup retention",
        ADMINISTRATORS,
        "For how many weeks feedback and the audit log are kept.",
        "/setup retention feedback:104 audit:156",
    ),
    Entry(
        "setup attendance",
        ADMINISTRATORS,
        "Whether organisers may see who comes, and how long that is kept.",
        "/setup attendance names:False days:14",
    ),
    Entry("setup calendar", ADMINISTRATORS, "A calendar for members' phones.", "/setup calendar turn:on"),
    Entry(
        "setup privacy",
        ADMINISTRATORS,
        "Whom members can ask about their data.",
        "/setup privacy contact:the branch secretary, secretary@example.org",
    ),
    Entry("setup check", ADMINISTRATORS, "What could fail, with the fix for each.", "/setup check"),
)
