"""`/feedback`: what members say in confidence.

What is typed goes into a modal, which nobody else in the channel sees. If it cannot be stored, the one handler
of failures hands it back in full.
"""

from discord import app_commands
from discord.ext import commands

from bot.domain.drafts import Draft
from bot.domain.feedback import TOPICS
from bot.domain.language import say
from bot.services import campaign
from cogs import feedback_giving, feedback_receipts
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._suggestions import choices, suggesting

_HANDLERS = {
    feedback_giving.GIVE: feedback_giving.submit,
    feedback_giving.STORE: feedback_giving.answered,
    feedback_giving.OPEN: feedback_giving.open_form,
    feedback_receipts.CHECK: feedback_receipts.check,
    feedback_receipts.PAGE: feedback_receipts.turn_page,
    feedback_receipts.ADD: feedback_receipts.add,
    feedback_receipts.ADD_FORM: feedback_receipts.open_adding_form,
    feedback_receipts.ADD_ANSWER: feedback_receipts.answered,
    feedback_receipts.WITHDRAW: feedback_receipts.ask_to_withdraw,
    feedback_receipts.WITHDRAW_YES: feedback_receipts.withdraw,
}


@app_commands.guild_only()
class FeedbackCog(
    commands.GroupCog, group_name="feedback", group_description="Tell the moderators something in confidence"
):
    """Takes in confidential feedback, and shows by its receipt what became of it."""

    @app_commands.command(description="Say how things are, or what to do next, in confidence")
    @app_commands.describe(
        topic="what it is about; you can also choose it in the form",
        demand="the demand to which it speaks, if there is one; start typing",
    )
    @app_commands.choices(topic=choices(dict(TOPICS)))
    @app_commands.autocomplete(demand=suggesting(campaign.suggest_demands))
    async def give(self, interaction: Interaction, topic: str = "", demand: str = "") -> None:
        """Shows the form."""
        if not demand:
            await feedback_giving.show_form(interaction, Draft(topic, ""))
            return
        found = await campaign.get_demand(context_of(interaction), guild_id_of(interaction), demand)
        await feedback_giving.show_form(interaction, Draft(topic, "", demand_key=found.key), found.title)

    @app_commands.command(description="See by your receipt how your feedback stands, and what was replied")
    async def check(self, interaction: Interaction) -> None:
        """Asks for the receipt."""
        await feedback_receipts.show_receipt_form(
            interaction, feedback_receipts.CHECK, say("How your feedback stands")
        )

    @app_commands.command(description="Add to feedback that you gave, by its receipt")
    async def add(self, interaction: Interaction) -> None:
        """Asks for the receipt and the text."""
        await feedback_receipts.show_adding_form(interaction)

    @app_commands.command(description="Take back feedback that you gave, by its receipt")
    async def withdraw(self, interaction: Interaction) -> None:
        """Asks for the receipt."""
        await feedback_receipts.show_receipt_form(
            interaction, feedback_receipts.WITHDRAW, say("Take your feedback back")
        )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    for name, handler in _HANDLERS.items():
        bot.routes.add(name, handler)
    await bot.add_cog(FeedbackCog())
