"""What `/help` says of each command; a test holds it against the commands that there are."""

from dataclasses import dataclass

from bot.domain.language import later

MEMBERS, ORGANISERS, MODERATORS, ADMINISTRATORS = (
    later("Members"),
    later("Organisers"),
    later("Moderators"),
    later("Administrators"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, for whom it is, what it does, and an example to copy, in another language where it has a person's words."""

    command: str
    audience: str
    does: str
    example: str


ENTRIES = (
    Entry("help", MEMBERS, later("Shows what you can use here."), "/help command:meeting next"),
    Entry("about", MEMBERS, later("What this bot is, and who runs it here."), "/about"),
    Entry("search", MEMBERS, later("Finds anything here, whatever it is."), "/search query:workload"),
    Entry(
        "meeting next", MEMBERS, later("The next meeting, with its link and diary entry."), "/meeting next"
    ),
    Entry("meeting list", MEMBERS, later("Meetings to come, or past ones."), "/meeting list which:past"),
    Entry("meeting show", MEMBERS, later("One meeting in full."), "/meeting show meeting:all-members"),
    Entry("meeting diary", MEMBERS, later("Puts a meeting into your own diary."), "/meeting diary"),
    Entry("meeting calendar", MEMBERS, later("Every meeting in your phone's calendar."), "/meeting calendar"),
    Entry(
        "meeting propose", MEMBERS, later("Proposes something for a meeting's agenda."), "/meeting propose"
    ),
    Entry("demand list", MEMBERS, later("The demands, and how far the employer has come."), "/demand list"),
    Entry(
        "demand show",
        MEMBERS,
        later("One demand and the employer's answers."),
        "/demand show demand:sickness",
    ),
    Entry(
        "demand search",
        MEMBERS,
        later("Finds demands by what they are about."),
        "/demand search query:overtime",
    ),
    Entry(
        "demand changes",
        MEMBERS,
        later("What the employer answered lately, or a picture of it."),
        "/demand changes since:last month picture:True",
    ),
    Entry(
        "demand follow",
        MEMBERS,
        later("Tells you by direct message of new answers."),
        "/demand follow demand:all",
    ),
    Entry("demand unfollow", MEMBERS, later("Stops that."), "/demand unfollow demand:overtime"),
    Entry("aims", MEMBERS, later("What the campaign is for."), "/aims"),
    Entry("motion list", MEMBERS, later("The conference motions."), "/motion list"),
    Entry(
        "motion show",
        MEMBERS,
        later("One motion, and what was done about it."),
        "/motion show motion:workloads",
    ),
    Entry("glossary", MEMBERS, later("What a term means."), "/glossary term:WMT"),
    Entry("action list", MEMBERS, later("What you can do now."), "/action list"),
    Entry(
        "action done",
        MEMBERS,
        later("Counts you in for this week, without your name."),
        "/action done action:yellow",
    ),
    Entry(
        "action progress",
        MEMBERS,
        later("How many took part week by week, as a picture."),
        "/action progress action:yellow",
    ),
    Entry(
        "feedback give",
        MEMBERS,
        later("Tells the moderators what it is like, confidentially."),
        "/feedback give",
    ),
    Entry(
        "feedback check",
        MEMBERS,
        later("How your feedback stands, by its receipt, with replies."),
        "/feedback check",
    ),
    Entry("feedback add", MEMBERS, later("Adds to your feedback, by its receipt."), "/feedback add"),
    Entry(
        "feedback withdraw", MEMBERS, later("Takes your feedback back, by its receipt."), "/feedback withdraw"
    ),
    Entry(
        "focus suggest", MEMBERS, later("Suggests what to focus on next, confidentially."), "/focus suggest"
    ),
    Entry("focus vote", MEMBERS, later("Ranks what matters most to you, once and in secret."), "/focus vote"),
    Entry(
        "focus results", MEMBERS, later("What members want next, once the vote has closed."), "/focus results"
    ),
    Entry("me nudges", MEMBERS, later("Nudges as direct messages, or none."), "/me nudges turn:on"),
    Entry(
        "me timezone",
        MEMBERS,
        later("The zone that you mean when you type a time."),
        "/me timezone zone:Dublin",
    ),
    Entry(
        "me language",
        MEMBERS,
        later("The language in which you are answered."),
        "/me language language:Cymraeg",
    ),
    Entry("me data", MEMBERS, later("What is held about you here, and why."), "/me data"),
    Entry("me forget", MEMBERS, later("Erases what is held about you here."), "/me forget"),
    Entry(
        "organise meeting schedule",
        ORGANISERS,
        later("Puts a meeting into the diary, with reminders."),
        later("/organise meeting schedule title:All-members' call when:Thursday 3 April 12.30pm"),
    ),
    Entry(
        "organise meeting edit",
        ORGANISERS,
        later("Changes a meeting's title, length, link, agenda or seats."),
        "/organise meeting edit meeting:call duration:90 minutes",
    ),
    Entry(
        "organise meeting move",
        ORGANISERS,
        later("Moves a meeting; those who come are told."),
        later("/organise meeting move meeting:call to:Friday 4 April 1pm"),
    ),
    Entry(
        "organise meeting cancel",
        ORGANISERS,
        later("Calls a meeting off; those who come are told."),
        later("/organise meeting cancel meeting:call reason:Talks have been offered"),
    ),
    Entry(
        "organise meeting skip",
        ORGANISERS,
        later("Leaves out one meeting of a series."),
        later("/organise meeting skip meeting:drop-in on:10 April"),
    ),
    Entry(
        "organise meeting agenda",
        ORGANISERS,
        later("What members propose, the agenda, and notes afterwards."),
        "/organise meeting agenda meeting:call",
    ),
    Entry(
        "organise meeting template",
        ORGANISERS,
        later("Keeps how a meeting was scheduled, for the next."),
        later("/organise meeting template name:branch call meeting:call"),
    ),
    Entry(
        "organise meeting attendance",
        ORGANISERS,
        later("How many come or came, as a file."),
        "/organise meeting attendance meeting:call",
    ),
    Entry(
        "organise action add",
        ORGANISERS,
        later("Adds something members can do, with a goal."),
        "/organise action add goal:40",
    ),
    Entry(
        "organise action edit",
        ORGANISERS,
        later("Changes an action's words, links, picture or goal."),
        "/organise action edit action:yellow goal:60",
    ),
    Entry(
        "organise action retire",
        ORGANISERS,
        later("Takes an action off the list, or brings it back."),
        "/organise action retire action:yellow",
    ),
    Entry(
        "organise nudge schedule",
        ORGANISERS,
        later("Posts a call for an action again and again."),
        "/organise nudge schedule action:yellow when:Friday 8am",
    ),
    Entry(
        "organise nudge list",
        ORGANISERS,
        later("All nudges, and when each comes next."),
        "/organise nudge list",
    ),
    Entry(
        "organise nudge pause",
        ORGANISERS,
        later("Posts nothing of it until somebody resumes it."),
        "/organise nudge pause nudge:yellow",
    ),
    Entry(
        "organise nudge resume",
        ORGANISERS,
        later("Lets it go on; what was missed is not posted."),
        "/organise nudge resume nudge:yellow",
    ),
    Entry(
        "organise nudge skip",
        ORGANISERS,
        later("Leaves out one time."),
        later("/organise nudge skip nudge:yellow date:18 April"),
    ),
    Entry(
        "organise nudge move",
        ORGANISERS,
        later("Moves one time; the others stay."),
        later("/organise nudge move nudge:yellow to:Saturday 10am"),
    ),
    Entry(
        "organise nudge delete",
        ORGANISERS,
        later("Ends it for good, after you confirm."),
        "/organise nudge delete nudge:yellow",
    ),
    Entry(
        "organise nudge preview",
        ORGANISERS,
        later("Shows you the next post."),
        "/organise nudge preview nudge:yellow",
    ),
    Entry(
        "organise nudge send",
        ORGANISERS,
        later("Posts it once now, after you confirm."),
        "/organise nudge send nudge:yellow",
    ),
    Entry(
        "organise reminder schedule",
        ORGANISERS,
        later("Posts your own words, once or again and again."),
        later("/organise reminder schedule text:Post your ballot paper when:Friday 8am"),
    ),
    Entry(
        "organise reminder list",
        ORGANISERS,
        later("All reminders, and when each comes next."),
        "/organise reminder list",
    ),
    Entry(
        "organise reminder pause",
        ORGANISERS,
        later("Posts nothing of it until somebody resumes it."),
        "/organise reminder pause reminder:ballot",
    ),
    Entry(
        "organise reminder resume",
        ORGANISERS,
        later("Lets it go on; what was missed is not posted."),
        "/organise reminder resume reminder:ballot",
    ),
    Entry(
        "organise reminder skip",
        ORGANISERS,
        later("Leaves out one time."),
        "/organise reminder skip reminder:ballot",
    ),
    Entry(
        "organise reminder move",
        ORGANISERS,
        later("Moves one time; the others stay."),
        later("/organise reminder move reminder:ballot to:Saturday 10am"),
    ),
    Entry(
        "organise reminder delete",
        ORGANISERS,
        later("Ends it for good, after you confirm."),
        "/organise reminder delete reminder:ballot",
    ),
    Entry(
        "organise reminder preview",
        ORGANISERS,
        later("Shows you the next post."),
        "/organise reminder preview reminder:ballot",
    ),
    Entry(
        "organise motion progress",
        ORGANISERS,
        later("Records what was done about a resolution."),
        "/organise motion progress motion:workloads resolution:a",
    ),
    Entry(
        "organise demand respond",
        ORGANISERS,
        later("Records what the employer answered, or corrects an entry."),
        later("/organise demand respond demand:overtime status:Partly met date:28 March"),
    ),
    Entry("organise demand add", ORGANISERS, later("Adds a demand."), "/organise demand add"),
    Entry(
        "organise demand edit",
        ORGANISERS,
        later("Changes what a demand says, after you confirm."),
        "/organise demand edit demand:overtime",
    ),
    Entry(
        "organise demand retire",
        ORGANISERS,
        later("Marks a demand as no longer made, or brings it back."),
        later("/organise demand retire demand:overtime reason:Settled in the pay talks"),
    ),
    Entry(
        "organise bulletin import",
        ORGANISERS,
        later("Reads a bulletin or motion; you decide what is kept."),
        "/organise bulletin import",
    ),
    Entry(
        "organise bulletin list",
        ORGANISERS,
        later("What was imported; an import can be undone."),
        "/organise bulletin list",
    ),
    Entry(
        "organise deliveries",
        ORGANISERS,
        later("What was sent, is due, is held or was left out, and why."),
        "/organise deliveries state:held",
    ),
    Entry(
        "moderate queue",
        MODERATORS,
        later("Feedback that is open, in pages."),
        "/moderate queue topic:A meeting",
    ),
    Entry(
        "moderate show",
        MODERATORS,
        later("One piece in full, with what was replied."),
        "/moderate show item:3f9a1c2b",
    ),
    Entry(
        "moderate tag",
        MODERATORS,
        later("Tags a piece; demand 3 says that it speaks to demand 3."),
        "/moderate tag item:3f9a1c2b tag:demand 3",
    ),
    Entry(
        "moderate state",
        MODERATORS,
        later("Says how far a piece has come."),
        "/moderate state item:3f9a1c2b state:Dealt with",
    ),
    Entry(
        "moderate reply",
        MODERATORS,
        later("Replies; the member reads it with the receipt."),
        "/moderate reply item:3f9a1c2b",
    ),
    Entry(
        "moderate export",
        MODERATORS,
        later("The feedback as a file, with a record of who took it and why."),
        later("/moderate export format:csv purpose:meeting with the employer"),
    ),
    Entry(
        "moderate report",
        MODERATORS,
        later("Pictures of the feedback by week, topic, region and demand."),
        later("/moderate report since:1 March"),
    ),
    Entry(
        "moderate audit",
        MODERATORS,
        later("Who exported, replied, changed or erased, when and why."),
        later("/moderate audit since:1 March"),
    ),
    Entry(
        "moderate focus",
        MODERATORS,
        later("Opens and closes a focus round, and makes its ballot."),
        "/moderate focus",
    ),
    Entry(
        "setup start",
        ADMINISTRATORS,
        later("Sets everything up, step by step, in about five minutes."),
        "/setup start",
    ),
    Entry(
        "setup roles",
        ADMINISTRATORS,
        later("Who organises, and who reads feedback."),
        "/setup roles organiser:@Reps",
    ),
    Entry(
        "setup channels",
        ADMINISTRATORS,
        later("Where the bot posts, and whether organisers are told once a week if all is well."),
        "/setup channels announcements:#announcements",
    ),
    Entry(
        "setup nudges",
        ADMINISTRATORS,
        later("Quiet hours, a weekly limit, and the roles that posts may ping."),
        "/setup nudges quiet_from:9pm quiet_until:8am weekly_cap:3",
    ),
    Entry(
        "setup retention",
        ADMINISTRATORS,
        later("For how many weeks feedback and the audit log are kept."),
        "/setup retention feedback:104 audit:156",
    ),
    Entry(
        "setup attendance",
        ADMINISTRATORS,
        later("Whether organisers may see who comes, and how long that is kept."),
        "/setup attendance names:False days:14",
    ),
    Entry(
        "setup calendar", ADMINISTRATORS, later("A calendar for members' phones."), "/setup calendar turn:on"
    ),
    Entry(
        "setup language", ADMINISTRATORS, later("The language of posts."), "/setup language language:Cymraeg"
    ),
    Entry(
        "setup privacy",
        ADMINISTRATORS,
        later("Whom members can ask about their data."),
        later("/setup privacy contact:the branch secretary, secretary@example.org"),
    ),
    Entry("setup check", ADMINISTRATORS, later("What could fail, with the fix for each."), "/setup check"),
)
