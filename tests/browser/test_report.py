"""The HTML report in a real browser: at the width of a phone, on paper, and for those who cannot see the charts."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.domain.export_formats import About
from bot.domain.export_html import HtmlWriter
from bot.domain.export_rows import KEY_SEPARATOR, Entry, Labels
from bot.services.reports import Figure, _picture
from tests.browser.driver import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; `.ci/run` installs one"),
]

WEEKS = tuple(
    (f"2025-W{number:02}", None if number in {9, 12} else number % 7 + 5) for number in range(1, 15)
)
REGIONS = (("Kent, Surrey and Sussex", 41), ("Yorkshire and the Humber", 12), ("All others, together", 9))
CONTRAST = """() => {
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[0-9.]+/g).map(Number).map((one) => one / 255)
      .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = luminance(getComputedStyle(document.body).backgroundColor);
  return Math.min(...[...document.querySelectorAll("h1, h2, h3, p, th, td, caption, blockquote")]
    .map((one) => (ground + 0.05) / (luminance(getComputedStyle(one).color) + 0.05)));
}"""


VIEWS = {"desktop": (1280, "screen"), "phone": (360, "screen"), "paper": (794, "print")}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    figures = (
        Figure("weeks", "Feedback by week", WEEKS, "All other weeks: 6 together."),
        Figure("regions", "Regions", REGIONS, "All other regions, or no region given: 9 together."),
    )
    labels = Labels({}, {})
    about = About(
        "What members said", "Monday 31 March 2025", "briefing", {"topic": "A meeting"}, "Confidential."
    )
    writer = HtmlWriter(about, tuple(map(_picture, figures)))
    keys = [KEY_SEPARATOR.join((topic, "", "", "2025-W14", "", "new")) for topic in ("meeting", "other")]
    words = ("Too much work. " * 30, "x" * 300, "<script>document.title = 'run'</script>\nשלום")
    entries = [Entry(labels.of(key), text) for key in keys for text in words]
    path = tmp_path / "report.html"
    path.write_text(writer.start() + writer.rows(entries) + writer.end(), encoding="utf-8")
    return path


def test_the_report_can_be_read_on_a_phone_and_by_ear(chromium: Any, report: Path) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    assert page.title() == "What members said"
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    images = page.locator("img")
    assert images.count() == 2
    for image in images.all():
        assert image.evaluate("one => one.complete && one.naturalWidth === 960")
        assert image.bounding_box()["width"] >= 320  # its letters are then as large as those of the text
    described = page.get_by_role("img", name="Chart: Regions.")
    assert "Kent, Surrey and Sussex: 41 pieces" in (described.get_attribute("alt") or "")
    assert page.get_by_role("table", name="Regions, in numbers").get_by_role("row").count() == 4
    assert page.get_by_role("rowheader", name="Yorkshire and the Humber").count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    levels = page.eval_on_selector_all("h1, h2, h3", "all => all.map((one) => Number(one.tagName[1]))")
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.evaluate(CONTRAST) >= 4.5
    assert page.get_by_text("<script>document.title = 'run'</script>").count() == 2
    page.screenshot(path=str(report.with_name("phone.png")), full_page=True)
    page.close()


def test_the_report_can_be_printed(chromium: Any, report: Path) -> None:
    page = chromium.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    width = page.locator("img").first.bounding_box()["width"]
    assert 300 < width <= 480
    assert page.locator("body").evaluate("one => getComputedStyle(one).maxWidth") == "none"
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    page.screenshot(path=str(report.with_name("print.png")), full_page=True)
    page.close()


def test_axe_finds_no_serious_fault_in_the_report(chromium: Any, report: Path) -> None:
    page = chromium.new_page()
    page.goto(report.as_uri())
    found = {}
    for name, (width, media) in VIEWS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media=media)
        found[name] = faults(page)
    assert found == {name: [] for name in VIEWS}
    page.evaluate("""() => {
      document.documentElement.removeAttribute("lang");
      document.querySelectorAll("img").forEach((one) => one.removeAttribute("alt"));
      document.querySelector("h1").style.color = "#ddd";
    }""")
    assert {rule for rule, _ in faults(page)} == {"color-contrast", "html-has-lang", "image-alt"}
    page.close()


def faults(page: Any) -> list[tuple[str, list[str]]]:
    """The rules that axe-core finds broken, seriously or critically, with the places where they are."""
    answer = Axe().run(page).response
    assert len(answer["passes"]) > 10, "it looked at the page"
    return [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in answer["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
