"""A walk through the practice server in each role, told step by step; `shoot` is called where there is something to see."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.driver import Visitor

Shoot = Callable[[str], None]

CALL = {"title": "All-members' call", "when": "Thursday 3 April 12.30pm"}
FEEDBACK = "We are three short since January. Ring me on 07700 900123 if you need a witness for this."
REPLY = "Thank you. We raise staffing at the meeting on 9 April."
ANSWER = "Overtime goes on until the end of June, at the present rate."
BULLETIN = """\
Branch bulletin 2
28 March 2025

The branch calls on the employer:

1. To fill every vacant post within three months.
2. To stop booking appointments during protected time for reports.

Branch meeting: Wednesday 9 April 2025, 6pm to 7pm, in the library.

What you can do: write to your MP about caseloads.
"""


def organiser_schedules(visitor: Visitor, shoot: Shoot) -> None:
    """Puts the call into the diary, and sees the post that members see."""
    visitor.be("Sam")
    visitor.open("announcements")
    scheduled = visitor.run("organise meeting schedule", **CALL)
    expect(scheduled).to_contain_text("Thursday 3 April 2025, 12.30pm BST")
    expect(visitor.messages.last).to_contain_text("New meeting: All-members' call")
    shoot("organiser")
    visitor.open("general")
    visitor.run("practice forward", to="2 April 12.31pm")
    visitor.open("announcements")
    expect(visitor.messages.last).to_contain_text("is tomorrow")


def member(visitor: Visitor, shoot: Shoot) -> None:
    """Looks a demand up, says that they come to the meeting, gives feedback, takes part."""
    visitor.be("Morgan")
    visitor.open("general")
    expect(visitor.run("demand show", demand="sicknes absense")).to_contain_text("sickness absence")
    visitor.type("demand show", demand="overtme")
    expect(visitor.page.locator(".command-suggestion").first).to_contain_text("vertime")
    shoot("member")
    visitor.page.locator(".command-context-close").click()
    visitor.page.locator("#channel-composer-input").fill("")
    asked = visitor.run("meeting next")
    expect(asked).to_contain_text("All-members' call")
    visitor.open("announcements")
    post = visitor.messages.last
    visitor.press(post, "Coming")
    shoot("member-coming")
    visitor.open("general")
    visitor.open_form("feedback give")
    question = visitor.fill_form({"topic": "The situation on the ground"}, {"text": FEEDBACK})
    expect(question).to_contain_text("Nothing is stored yet")
    shoot("member-question")
    visitor.turn(question, "Store it like this", "receipt")
    shoot("member-receipt")
    expect(visitor.run("action progress", action="yellow")).to_contain_text("Wear yellow at work")
    shoot("member-progress")


def organiser(visitor: Visitor, shoot: Shoot) -> None:
    """Reads a document in, records an answer, looks what was posted."""
    visitor.be("Sam")
    visitor.open("organisers")
    review = visitor.attach("organise bulletin import", "file", "bulletin-2.txt", BULLETIN)
    expect(review).to_contain_text("Branch bulletin 2")
    shoot("organiser-import")
    visitor.turn(review, re.compile("Apply all that is ticked"), "Undo")
    shoot("organiser-imported")
    visitor.open_form("organise demand respond", choose={"status": "Partly met"}, demand="overtime")
    answered = visitor.fill_form({}, {"text": ANSWER, "source": "Letter of 1 April 2025"})
    expect(answered).to_contain_text("Partly met")
    shoot("organiser-answer")
    expect(visitor.run("organise deliveries")).to_contain_text("sent")
    shoot("organiser-deliveries")


def moderator(visitor: Visitor, shoot: Shoot) -> None:
    """Reads what members said, answers one, looks at the pictures, takes a file."""
    visitor.be("Alex")
    visitor.open("moderators")
    visitor.run("practice forward", to="3 April 9am")
    queue = visitor.run("moderate queue")
    expect(queue).to_contain_text("of feedback: open")
    shoot("moderator-queue")
    visitor.pick(queue, "Read one", "1.", "Back to the queue")
    replied = visitor.answer_form(queue, "Reply", {"text": REPLY})
    expect(replied).to_contain_text(REPLY)
    shoot("moderator-piece")
    report = visitor.run("moderate report")
    expect(report).to_contain_text("Feedback")
    shoot("moderator-report")
    export = visitor.run("moderate export", format="csv", purpose="branch meeting")
    expect(export).to_contain_text("exported")
    shoot("moderator-export")


def administrator(visitor: Visitor, shoot: Shoot) -> None:
    """Is led through the set-up."""
    visitor.be("Robin")
    visitor.open("general")
    guided = visitor.run("setup start")
    shoot("setup-begin")
    visitor.turn(guided, "Begin with step 1", "Step 1 of 8")
    visitor.turn(guided, "Next", "Step 2 of 8")
    visitor.turn(guided, "Next", "Step 3 of 8")
    visitor.reload()
    shoot("setup-channels")
    for step in (4, 5):
        visitor.turn(guided, "Next", f"Step {step} of 8")
    visitor.pick(guided, "Choose quiet hours", "9pm to 8am", "Stored")
    for step in (6, 7):
        visitor.turn(guided, "Next", f"Step {step} of 8")
    visitor.turn(guided, "Post the test", "Posted in")
    visitor.turn(guided, "Next", "Step 8 of 8")
    visitor.turn(guided, "Finish", "What organisers do first")
    shoot("setup-done")


def ids_in(visitor: Visitor) -> list[str]:
    """Whatever looks like an id of Discord's on the page, which members should never have to see."""
    return re.findall(r"\b\d{17,20}\b", visitor.page.locator("#channel-message-list").inner_text())
