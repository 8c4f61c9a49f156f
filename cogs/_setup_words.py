"""What the lists and pages of `/setup start` are called, and the words in them."""

from bot.domain.language import later
from bot.domain.setup_steps import SetupStep

ROLE_LABELS = {"organiser": later("Organiser"), "moderator": later("Moderator")}
ROLE_CHOICES = {
    "organiser": later("Choose the organiser role"),
    "moderator": later("Choose the moderator role"),
}
CHANNEL_LABELS = {
    "announcements": later("Announcements"),
    "organisers": later("Organisers"),
    "moderators": later("Moderators"),
}
CHANNEL_CHOICES = {
    "announcements": later("Choose the announcements channel"),
    "organisers": later("Choose the organisers channel"),
    "moderators": later("Choose the moderators channel"),
}
CHANNEL_USES = (
    later("**Announcements:** where meetings, reminders and nudges are posted."),
    later("**Organisers:** where organisers hear of what could not go out."),
    later("**Moderators:** where moderators hear of new feedback."),
)
TITLES = {
    SetupStep.ZONE: later("Time zone"),
    SetupStep.ROLES: later("Who is who"),
    SetupStep.CHANNELS: later("Where I post"),
    SetupStep.CAMPAIGN: later("Campaign"),
    SetupStep.QUIET: later("Quiet hours"),
    SetupStep.PRIVACY: later("Members' data"),
    SetupStep.POST: later("A test post"),
    SetupStep.CHECK: later("The check"),
}
STOP_ANY_TIME = later(
    "Each choice is stored at once. Stop when you like: /setup start goes on where you left off."
)
USUAL_HOURS = {
    "21:00-08:00": later("9pm to 8am"),
    "20:00-08:00": later("8pm to 8am"),
    "22:00-07:00": later("10pm to 7am"),
}
USUAL_WEEKS = {
    26: later("half a year"),
    52: later("a year"),
    104: later("two years"),
    156: later("three years"),
}
SUGGESTED = later("{choice}, suggested")
NOT_CHOSEN, GONE = later("not chosen yet"), later("deleted, or I may not see it")
