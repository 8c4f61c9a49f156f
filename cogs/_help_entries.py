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
    """A command, for whom it is, what it does, and an example to copy."""

    command: str
    audience: str
    does: str
    example: str


ENTRIES = (
    Entry("help", MEMBERS, later("Shows what you can use here."), later("/help command:meeting next")),
    Entry("about", MEMBERS, later("What this bot is, and who runs it here."), "/about"),
    Entry("search", MEMBERS, later("Finds anything here, whatever it is."), later("/search query:workload")),
    Entry(
        later("meeting next"),
        MEMBERS,
        later("The next meeting, with its link and diary entry."),
        "/meeting next",
    ),
    Entry(
        later("meeting list"),
        MEMBERS,
        later("Meetings to come, or past ones."),
        later("/meeting list which:past"),
    ),
    Entry(
        later("meeting show"),
        MEMBERS,
        later("One meeting in full."),
        later("/meeting show meeting:all-members"),
    ),
    Entry(later("meeting diary"), MEMBERS, later("Puts a meeting into your own diary."), "/meeting diary"),
    Entry(
        later("meeting calendar"),
        MEMBERS,
        later("Every meeting in your phone's calendar."),
        "/meeting calendar",
    ),
    Entry(
        later("meeting propose"),
        MEMBERS,
        later("Proposes something for a meeting's agenda."),
        "/meeting propose",
    ),
    Entry(
        later("demand list"),
        MEMBERS,
        later("The demands, and how far the employer has come."),
        "/demand list",
    ),
    Entry(
        later("demand show"),
        MEMBERS,
        later("One demand and the employer's answers."),
        later("/demand show demand:sickness"),
    ),
    Entry(
        later("demand search"),
        MEMBERS,
        later("Finds demands by what they are about."),
        later("/demand search query:overtime"),
    ),
    Entry(
        later("demand changes"),
        MEMBERS,
        later("What the employer answered lately, or a picture of it."),
        later("/demand changes since:last month picture:True"),
    ),
    Entry(
        later("demand follow"),
        MEMBERS,
        later("Tells you by direct message of new answers."),
        later("/demand follow demand:all"),
    ),
    Entry(later("demand unfollow"), MEMBERS, later("Stops that."), later("/demand unfollow demand:overtime")),
    Entry("aims", MEMBERS, later("What the campaign is for."), "/aims"),
    Entry(later("motion list"), MEMBERS, later("The conference motions."), "/motion list"),
    Entry(
        later("motion show"),
        MEMBERS,
        later("One motion, and what was done about it."),
        later("/motion show motion:workloads"),
    ),
    Entry("glossary", MEMBERS, later("What a term means."), later("/glossary term:WMT")),
    Entry(later("action list"), MEMBERS, later("What you can do now."), "/action list"),
    Entry(
        later("action done"),
        MEMBERS,
        later("Counts you in for this week, without your name."),
        later("/action done action:yellow"),
    ),
    Entry(
        later("action progress"),
        MEMBERS,
        later("How many took part week by week, as a picture."),
        later("/action progress action:yellow"),
    ),
    Entry(
        later("feedback give"),
        MEMBERS,
        later("Tells the moderators what it is like, confidentially."),
        "/feedback give",
    ),
    Entry(
        later("feedback check"),
        MEMBERS,
        later("How your feedback stands, by its receipt, with replies."),
        "/feedback check",
    ),
    Entry(later("feedback add"), MEMBERS, later("Adds to your feedback, by its receipt."), "/feedback add"),
    Entry(
        later("feedback withdraw"),
        MEMBERS,
        later("Takes your feedback back, by its receipt."),
        "/feedback withdraw",
    ),
    Entry(
        later("focus suggest"),
        MEMBERS,
        later("Suggests what to focus on next, confidentially."),
        "/focus suggest",
    ),
    Entry(
        later("focus vote"),
        MEMBERS,
        later("Ranks what matters most to you, once and in secret."),
        "/focus vote",
    ),
    Entry(
        later("focus results"),
        MEMBERS,
        later("What members want next, once the vote has closed."),
        "/focus results",
    ),
    Entry(
        later("me nudges"), MEMBERS, later("Nudges as direct messages, or none."), later("/me nudges turn:on")
    ),
    Entry(
        later("me timezone"),
        MEMBERS,
        later("The zone that you mean when you type a time."),
        later("/me timezone zone:Dublin"),
    ),
    Entry(
        later("me language"),
        MEMBERS,
        later("The language in which you are answered."),
        later("/me language language:Cymraeg"),
    ),
    Entry(later("me data"), MEMBERS, later("What is held about you here, and why."), "/me data"),
    Entry(later("me forget"), MEMBERS, later("Erases what is held about you here."), "/me forget"),
    Entry(
        later("organise meeting schedule"),
        ORGANISERS,
        later("Puts a meeting into the diary, with reminders."),
        later("/organise meeting schedule title:All-members' call when:Thursday 3 April 12.30pm"),
    ),
    Entry(
        later("organise meeting edit"),
        ORGANISERS,
        later("Changes a meeting's title, length, link, agenda or seats."),
        later("/organise meeting edit meeting:call duration:90 minutes"),
    ),
    Entry(
        later("organise meeting move"),
        ORGANISERS,
        later("Moves a meeting; those who come are told."),
        later("/organise meeting move meeting:call to:Friday 4 April 1pm"),
    ),
    Entry(
        later("organise meeting cancel"),
        ORGANISERS,
        later("Calls a meeting off; those who come are told."),
        later("/organise meeting cancel meeting:call reason:Talks have been offered"),
    ),
    Entry(
        later("organise meeting skip"),
        ORGANISERS,
        later("Leaves out one meeting of a series."),
        later("/organise meeting skip meeting:drop-in on:10 April"),
    ),
    Entry(
        later("organise meeting agenda"),
        ORGANISERS,
        later("What members propose, the agenda, and notes afterwards."),
        later("/organise meeting agenda meeting:call"),
    ),
    Entry(
        later("organise meeting template"),
        ORGANISERS,
        later("Keeps how a meeting was scheduled, for the next."),
        later("/organise meeting template name:branch call meeting:call"),
    ),
    Entry(
        later("organise meeting attendance"),
        ORGANISERS,
        later("How many come or came, as a file."),
        later("/organise meeting attendance meeting:call"),
    ),
    Entry(
        later("organise action add"),
        ORGANISERS,
        later("Adds something members can do, with a goal."),
        later("/organise action add goal:40"),
    ),
    Entry(
        later("organise action edit"),
        ORGANISERS,
        later("Changes an action's words, links, picture or goal."),
        later("/organise action edit action:yellow goal:60"),
    ),
    Entry(
        later("organise action retire"),
        ORGANISERS,
        later("Takes an action off the list, or brings it back."),
        later("/organise action retire action:yellow"),
    ),
    Entry(
        later("organise nudge schedule"),
        ORGANISERS,
        later("Posts a call for an action again and again."),
        later("/organise nudge schedule action:yellow when:Friday 8am"),
    ),
    Entry(
        later("organise nudge list"),
        ORGANISERS,
        later("All nudges, and when each comes next."),
        "/organise nudge list",
    ),
    Entry(
        later("organise nudge pause"),
        ORGANISERS,
        later("Posts nothing of it until somebody resumes it."),
        later("/organise nudge pause nudge:yellow"),
    ),
    Entry(
        later("organise nudge resume"),
        ORGANISERS,
        later("Lets it go on; what was missed is not posted."),
        later("/organise nudge resume nudge:yellow"),
    ),
    Entry(
        later("organise nudge skip"),
        ORGANISERS,
        later("Leaves out one time."),
        later("/organise nudge skip nudge:yellow date:18 April"),
    ),
    Entry(
        later("organise nudge move"),
        ORGANISERS,
        later("Moves one time; the others stay."),
        later("/organise nudge move nudge:yellow to:Saturday 10am"),
    ),
    Entry(
        later("organise nudge delete"),
        ORGANISERS,
        later("Ends it for good, after you confirm."),
        later("/organise nudge delete nudge:yellow"),
    ),
    Entry(
        later("organise nudge preview"),
        ORGANISERS,
        later("Shows you the next post."),
        later("/organise nudge preview nudge:yellow"),
    ),
    Entry(
        later("organise nudge send"),
        ORGANISERS,
        later("Posts it once now, after you confirm."),
        later("/organise nudge send nudge:yellow"),
    ),
    Entry(
        later("organise reminder schedule"),
        ORGANISERS,
        later("Posts your own words, once or again and again."),
        later("/organise reminder schedule text:Post your ballot paper when:Friday 8am"),
    ),
    Entry(
        later("organise reminder list"),
        ORGANISERS,
        later("All reminders, and when each comes next."),
        "/organise reminder list",
    ),
    Entry(
        later("organise reminder pause"),
        ORGANISERS,
        later("Posts nothing of it until somebody resumes it."),
        later("/organise reminder pause reminder:ballot"),
    ),
    Entry(
        later("organise reminder resume"),
        ORGANISERS,
        later("Lets it go on; what was missed is not posted."),
        later("/organise reminder resume reminder:ballot"),
    ),
    Entry(
        later("organise reminder skip"),
        ORGANISERS,
        later("Leaves out one time."),
        later("/organise reminder skip reminder:ballot"),
    ),
    Entry(
        later("organise reminder move"),
        ORGANISERS,
        later("Moves one time; the others stay."),
        later("/organise reminder move reminder:ballot to:Saturday 10am"),
    ),
    Entry(
        later("organise reminder delete"),
        ORGANISERS,
        later("Ends it for good, after you confirm."),
        later("/organise reminder delete reminder:ballot"),
    ),
    Entry(
        later("organise reminder preview"),
        ORGANISERS,
        later("Shows you the next post."),
        later("/organise reminder preview reminder:ballot"),
    ),
    Entry(
        later("organise motion progress"),
        ORGANISERS,
        later("Records what was done about a resolution."),
        later("/organise motion progress motion:workloads resolution:a"),
    ),
    Entry(
        later("organise demand respond"),
        ORGANISERS,
        later("Records what the employer answered, or corrects an entry."),
        later("/organise demand respond demand:overtime status:Partly met date:28 March"),
    ),
    Entry(later("organise demand add"), ORGANISERS, later("Adds a demand."), "/organise demand add"),
    Entry(
        later("organise demand edit"),
        ORGANISERS,
        later("Changes what a demand says, after you confirm."),
        later("/organise demand edit demand:overtime"),
    ),
    Entry(
        later("organise demand retire"),
        ORGANISERS,
        later("Marks a demand as no longer made, or brings it back."),
        later("/organise demand retire demand:overtime reason:Settled in the pay talks"),
    ),
    Entry(
        later("organise bulletin import"),
        ORGANISERS,
        later("Reads a bulletin or motion; you decide what is kept."),
        "/organise bulletin import",
    ),
    Entry(
        later("organise bulletin list"),
        ORGANISERS,
        later("What was imported; an import can be undone."),
        "/organise bulletin list",
    ),
    Entry(
        later("organise deliveries"),
        ORGANISERS,
        later("What was sent, is due, is held or was left out, and why."),
        later("/organise deliveries state:held"),
    ),
    Entry(
        later("moderate queue"),
        MODERATORS,
        later("Feedback that is open, in pages."),
        later("/moderate queue topic:A meeting"),
    ),
    Entry(
        later("moderate show"),
        MODERATORS,
        later("One piece in full, with what was replied."),
        later("/moderate show item:3f9a1c2b"),
    ),
    Entry(
        later("moderate tag"),
        MODERATORS,
        later("Tags a piece; demand 3 says that it speaks to demand 3."),
        later("/moderate tag item:3f9a1c2b tag:demand 3"),
    ),
    Entry(
        later("moderate state"),
        MODERATORS,
        later("Says how far a piece has come."),
        later("/moderate state item:3f9a1c2b state:Dealt with"),
    ),
    Entry(
        later("moderate reply"),
        MODERATORS,
        later("Replies; the member reads it with the receipt."),
        later("/moderate reply item:3f9a1c2b"),
    ),
    Entry(
        later("moderate export"),
        MODERATORS,
        later("The feedback as a file, with a record of who took it and why."),
        later("/moderate export format:csv purpose:meeting with the employer"),
    ),
    Entry(
        later("moderate report"),
        MODERATORS,
        later("Pictures of the feedback by week, topic, region and demand."),
        later("/moderate report since:1 March"),
    ),
    Entry(
        later("moderate audit"),
        MODERATORS,
        later("Who exported, replied, changed or erased, when and why."),
        later("/moderate audit since:1 March"),
    ),
    Entry(
        later("moderate focus"),
        MODERATORS,
        later("Opens and closes a focus round, and makes its ballot."),
        "/moderate focus",
    ),
    Entry(
        later("setup start"),
        ADMINISTRATORS,
        later("Sets everything up, step by step, in about five minutes."),
        "/setup start",
    ),
    Entry(
        later("setup roles"),
        ADMINISTRATORS,
        later("Who organises, and who reads feedback."),
        later("/setup roles organiser:@Reps"),
    ),
    Entry(
        later("setup channels"),
        ADMINISTRATORS,
        later("Where the bot posts, and whether organisers are told once a week if all is well."),
        later("/setup channels announcements:#announcements"),
    ),
    Entry(
        later("setup nudges"),
        ADMINISTRATORS,
        later("Quiet hours, a weekly limit, and the roles that posts may ping."),
        later("/setup nudges quiet_from:9pm quiet_until:8am weekly_cap:3"),
    ),
    Entry(
        later("setup retention"),
        ADMINISTRATORS,
        later("For how many weeks feedback and the audit log are kept."),
        later("/setup retention feedback:104 audit:156"),
    ),
    Entry(
        later("setup attendance"),
        ADMINISTRATORS,
        later("Whether organisers may see who comes, and how long that is kept."),
        later("/setup attendance names:False days:14"),
    ),
    Entry(
        later("setup calendar"),
        ADMINISTRATORS,
        later("A calendar for members' phones."),
        later("/setup calendar turn:on"),
    ),
    Entry(
        later("setup language"),
        ADMINISTRATORS,
        later("The language of posts."),
        later("/setup language language:Cymraeg"),
    ),
    Entry(
        later("setup privacy"),
        ADMINISTRATORS,
        later("Whom members can ask about their data."),
        later("/setup privacy contact:the branch secretary, secretary@example.org"),
    ),
    Entry(
        later("setup check"), ADMINISTRATORS, later("What could fail, with the fix for each."), "/setup check"
    ),
)
