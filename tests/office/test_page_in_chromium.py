"""The page in a real browser: it draws, filters, sorts, opens agencies, prints; asks nobody; runs no one’s text."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from cchc_cli.domain.language.text import fold, safe
from cchc_cli.domain.verdicts.findings import Summary
from cchc_cli.reports.web import agencies as page_agencies
from cchc_cli.reports.web import page
from tests.office.browser import Browser
from tests.reports import samples
from tests.test_shown_text import PIECES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cchc_cli.domain.results.reviews import Report

TAB, ENTER, SHIFT = ("Tab", 9), ("Enter", 13), 8
LIST = "[...document.querySelectorAll('table.list tbody tr')]"
SHOWN = "[...document.querySelectorAll('#agencies tbody tr')].filter(row => !row.hidden)"
NAMES = f"{SHOWN}.map(row => row.firstChild.textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one browser for all tests here."""
    with Browser() as started:
        yield started


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the pages that most tests look at."""
    folder = tmp_path_factory.mktemp("pages")
    reports = {"small": samples.small(), "whole": samples.whole(), "station": samples.station()}
    return {name: write(folder, name, report) for name, report in reports.items()}


def write(folder: Path, name: str, report: Report) -> Path:
    path = folder / f"{name}.html"
    with samples.in_language("en"):
        path.write_bytes(page.render_report(report))
    return path


@pytest.fixture(autouse=True)
def wide(browser: Browser) -> None:
    """Begin each test with a wide window and nothing preferred."""
    browser.resize(1280, 900)
    browser.prefer(prefers_color_scheme="light")


def choose(browser: Browser, **fields: str) -> None:
    """Fill in the filter as a user does, and wait for what comes of it."""
    for name, value in fields.items():
        browser.run(
            f"{{ const field = document.querySelector('#filter form').elements[{json.dumps(name)}];"
            f"field.value = {json.dumps(value)}; field.dispatchEvent(new Event('input', {{bubbles: true}})); }}"
        )
    browser.settle()


def told(browser: Browser) -> str:
    return str(browser.run("document.querySelector('[role=status]').textContent"))


def quiet(browser: Browser) -> None:
    """Nothing failed, nothing was refused, nothing was asked of anybody."""
    assert browser.told("Runtime.exceptionThrown") == []
    assert browser.told("Log.entryAdded") == []
    asked = [request["request"]["url"] for request in browser.told("Network.requestWillBeSent")]
    assert all(url.startswith("file://") for url in asked)
    assert len(asked) == 1


@pytest.mark.parametrize("name", ["small", "whole", "station"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_draws_and_fits(browser: Browser, files: dict[str, Path], name: str, width: int) -> None:
    browser.resize(width, 800, mobile=width < 600)
    browser.open(files[name])
    assert browser.run("document.querySelectorAll('.card').length") == 3
    assert browser.run("document.querySelectorAll('.card .rate').length") == 6
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert (
        browser.run("getComputedStyle(document.querySelector('.s0, .s2')).backgroundColor")
        != "rgba(0, 0, 0, 0)"
    )
    quiet(browser)


def test_the_filter_narrows_list_map_and_agencies_and_says_so(
    browser: Browser, files: dict[str, Path]
) -> None:
    browser.open(files["small"])
    assert told(browser) == "Verdicts shown: 29 of 29, of agencies: 5"
    before = browser.run("document.querySelector('table.heat').outerHTML")
    choose(browser, agency="ea dRONG")
    assert told(browser) == "Verdicts shown: 8 of 29, of agencies: 2"
    assert browser.run(NAMES) == ["Xã Ea Drông (UBND thị xã Buôn Hồ)", "Xã Ea D'Rơng (UBND tỉnh)"]
    choose(browser, agency="Sở Nội vụ", status="2")
    assert told(browser) == "Verdicts shown: 0 of 29, of agencies: 0"
    assert browser.run(f"{LIST}.length") == 0
    choose(browser, agency="", status="2")
    assert told(browser) == "Verdicts shown: 4 of 29, of agencies: 3"
    assert browser.run("document.querySelectorAll('table.heat tr:not([hidden]) .s0').length") == 0
    choose(browser, status="", activity="1", basis="1")
    assert told(browser) == "Verdicts shown: 12 of 29, of agencies: 3"
    choose(browser, activity="", basis="0")
    assert told(browser) == "Verdicts shown: 16 of 29, of agencies: 2"
    browser.run("document.querySelector('#filter button[type=reset]').click()")
    browser.settle()
    assert told(browser) == "Verdicts shown: 29 of 29, of agencies: 5"
    assert (
        browser.run("document.querySelector('table.heat').outerHTML.replaceAll(' class=\"\"', '')") == before
    )


def test_the_script_draws_the_same_map_as_the_page_brought(browser: Browser, files: dict[str, Path]) -> None:
    text = files["whole"].read_text("utf-8")
    start = text.index('<table class="heat">')
    brought = text[start : text.index("</table>", start) + len("</table>")]
    browser.open(files["whole"])
    normal = f"new DOMParser().parseFromString({json.dumps(brought)}, 'text/html').querySelector('table').outerHTML"
    browser.call("Page.setBypassCSP", enabled=True)
    try:
        browser.open(files["whole"])
        assert browser.run("document.querySelector('table.heat').outerHTML") == browser.run(normal)
    finally:
        browser.call("Page.setBypassCSP", enabled=False)


def test_headings_sort_and_tell_it(browser: Browser, files: dict[str, Path]) -> None:
    browser.open(files["small"])
    heads = "[...document.querySelectorAll('#agencies thead th')]"
    browser.run(f"{heads}[0].querySelector('button').click()")
    assert browser.run(f"{heads}[0].ariaSort") == "ascending"
    vietnamese = [
        "Đài Truyền thanh Buôn Hồ",
        "Sở Nội vụ",
        "UBND thị xã Buôn Hồ",
        "Xã Ea D'Rơng (UBND tỉnh)",
        "Xã Ea Drông (UBND thị xã Buôn Hồ)",
    ]
    assert browser.run(NAMES) == vietnamese
    browser.run(f"{heads}[0].querySelector('button').click()")
    assert browser.run(f"{heads}[0].ariaSort") == "descending"
    assert browser.run(NAMES) == vietnamese[::-1]
    browser.run(f"{heads}[1].querySelector('button').click()")
    assert browser.run(f"{heads}.map(one => one.ariaSort)") == [None, "ascending"] + [None] * 13
    due = browser.run(f"{SHOWN}.map(row => row.children[1].textContent)")
    assert [one.split("(")[-1].rstrip(")") for one in due] == ["–", "0 %", "0 %", "40 %", "100 %"]
    key = "document.querySelector('th[data-key=status] button')"
    browser.run(f"{key}.click()")
    verdicts = browser.run(f"{LIST}.map(row => row.children[4].querySelector('.chip').className)")
    ranks = ["chip s2", "chip s1", "chip s3", "chip s4", "chip s5", "chip s0", "chip s6"]
    assert [ranks.index(one) for one in verdicts] == sorted(ranks.index(one) for one in verdicts)
    assert verdicts[0] == "chip s2"
    choose(browser, agency="ho")
    assert browser.run(f"{LIST}[0].children[4].querySelector('.chip').className") == "chip s2"


def test_a_long_list_comes_in_parts(browser: Browser, files: dict[str, Path]) -> None:
    browser.open(files["whole"])
    assert browser.run(f"{LIST}.length") == 100
    browser.run("document.querySelector('.more').click()")
    assert browser.run(f"{LIST}.length") == 200
    everything = len(samples.whole().assessment.findings)
    assert browser.run("document.querySelector('.left').textContent") == f"Shown: 200 of {everything:,}"
    choose(browser, agency="dai buon ho")
    assert browser.run("document.querySelector('.more').hidden")


def test_an_agency_opens_by_its_address(browser: Browser, files: dict[str, Path]) -> None:
    name = "Đài Truyền thanh và Truyền hình thị xã Buôn Hồ"
    visible = "[...document.querySelectorAll('.agency')].filter(one => one.offsetParent !== null).map(one => one.id)"
    browser.open(files["whole"])
    assert browser.run(visible) == []
    browser.open(files["whole"], "#a-dai-buon-ho")
    assert browser.run(visible) == ["a-dai-buon-ho"]
    assert browser.run("document.querySelector('#overview').offsetParent") is None
    assert browser.run("document.activeElement.textContent") == name
    assert browser.run("document.title").startswith(f"{name} – ")
    browser.run("document.querySelector('#a-dai-buon-ho .back a').click()")
    browser.settle()
    assert browser.run(visible) == []
    assert browser.run("document.querySelector('#overview').offsetParent !== null")
    assert not browser.run("document.title").startswith(name)
    browser.run("location.hash = '#%E0%A4%A'")
    browser.settle()
    assert browser.run(visible) == []
    quiet(browser)


def test_without_scripts_the_tables_are_there_and_agencies_open(
    browser: Browser, files: dict[str, Path]
) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(files["small"], "#a-ea-drong")
        picture = browser.call("Page.captureScreenshot", format="png")
        assert picture["data"]
        assert browser.run("getComputedStyle(document.querySelector('#overview')).display") == "none"
        assert browser.run("getComputedStyle(document.querySelector('#a-ea-drong')).display") == "block"
        assert browser.run("document.querySelectorAll('#a-ea-drong .verdicts tbody tr').length") == 5
        assert browser.run("getComputedStyle(document.querySelector('#filter')).display") == "none"
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_verdicts_left_to_the_script_are_drawn_the_same(
    browser: Browser, files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_agencies, "MOST_VERDICTS", 0)
    bare = write(tmp_path, "bare", samples.small())
    table = "document.querySelector('#a-dai-buon-ho .verdicts').outerHTML"
    browser.open(files["small"], "#a-dai-buon-ho")
    brought = browser.run(table)
    browser.open(bare, "#a-dai-buon-ho")
    assert browser.run(table) == brought
    assert "rowgroup" in brought


def test_the_keyboard_reaches_everything(browser: Browser, files: dict[str, Path]) -> None:
    browser.open(files["small"])
    wanted = browser.run(
        "window.all = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')]"
        ".filter(one => one.offsetParent !== null && !one.hidden); all.length"
    )
    reached = set()
    for _ in range(wanted + 20):
        browser.press(*TAB)
        place = browser.run("all.indexOf(document.activeElement)")
        reached.add(place)
        if place >= 0:
            seen = "getComputedStyle(document.activeElement)"
            assert browser.run(f"{seen}.outlineStyle !== 'none' && parseFloat({seen}.outlineWidth) >= 1"), (
                place
            )
    assert reached >= set(range(wanted))


def test_enter_skips_sorts_and_opens(browser: Browser, files: dict[str, Path]) -> None:
    browser.open(files["small"])
    browser.press(*TAB)
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press(*ENTER)
    assert browser.run("document.activeElement.id") == "main"
    browser.run("document.querySelector('#agencies thead button').focus()")
    browser.press(*ENTER)
    assert browser.run("document.querySelector('#agencies thead th').ariaSort") == "ascending"
    browser.run("document.querySelector('#map tbody a').focus()")
    browser.press(*ENTER)
    browser.settle()
    assert browser.run("document.activeElement.tagName") == "H2"


def test_a_screen_reader_finds_its_way(browser: Browser, files: dict[str, Path]) -> None:
    browser.open(files["small"])
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles: dict[str, list[str]] = {}
    for node in nodes:
        if not node.get("ignored"):
            role = node.get("role", {}).get("value", "")
            roles.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    for landmark in ("banner", "navigation", "main", "contentinfo", "search"):
        assert len(roles[landmark]) == 1, landmark
    assert "Heat map" in roles["region"]
    assert all(roles["table"])
    assert all(name for role in ("link", "button", "combobox", "searchbox") for name in roles[role])
    assert "status" in roles
    cells = roles.get("cell", []) + roles.get("gridcell", [])
    assert "met: 1" in cells
    assert "" in cells


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(browser: Browser, files: dict[str, Path], scheme: str) -> None:
    browser.prefer(prefers_color_scheme=scheme)
    browser.open(files["small"])
    ground = browser.run("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (sum(ground) > 384) == (scheme == "light")


def test_less_motion_where_that_is_preferred(browser: Browser, files: dict[str, Path]) -> None:
    browser.open(files["small"])
    scrolling = "getComputedStyle(document.documentElement).scrollBehavior"
    assert browser.run(scrolling) == "smooth"
    browser.prefer(prefers_reduced_motion="reduce")
    assert browser.run(scrolling) == "auto"


def test_it_prints_on_a4_with_headings_repeated(browser: Browser, files: dict[str, Path]) -> None:
    pypdf = pytest.importorskip("pypdf")
    browser.prefer(prefers_color_scheme="dark")
    browser.open(files["whole"])
    document = pypdf.PdfReader(BytesIO(browser.pdf()))
    width, height = (round(float(size) / 72 * 25.4) for size in document.pages[0].mediabox[2:])
    assert (width, height) == (210, 297)
    pages = [one.extract_text() for one in document.pages]
    assert sum("4/2024 5/2024 6/2024" in " ".join(text.split()) for text in pages) > 3
    everything = "\n".join(pages)
    assert "Search and filter" not in everything
    assert "Shown: 100 of" in everything
    assert "không phải lời của kế hoạch" in everything.replace("\n", " ")


def _acting(text: str) -> Report:
    """Give a report with this text wherever somebody’s words stand, with all parts of the page."""
    report = samples.report_with_text(text)
    plan = report.assessment.plan
    plan = plan._replace(agencies=(*plan.agencies, plan.agencies[0]._replace(code="x")))
    two = report.assessment._replace(plan=plan, by_agency={**report.assessment.by_agency, "x": Summary()})
    return report._replace(assessment=two)


@pytest.mark.parametrize(
    "text",
    [
        "</script><script>window.x=1</script>",
        "<img src=http://127.0.0.1:9/ onerror=window.x=1>",
        '"><svg onload=window.x=1>',
        "'-(window.x=1)-'",
        "javascript:window.x=1",
        "<style>*{display:none}</style>",
        "<!--<script>window.x=1//",
        "</title></style><iframe srcdoc='<script>parent.x=1</script>'>",
        "{{constructor.constructor('window.x=1')()}}",
        "\u2028window.x=1\u2029",
    ],
)
def test_hostile_words_run_nothing(browser: Browser, tmp_path: Path, text: str) -> None:
    browser.open(write(tmp_path, "hostile", _acting(text)))
    browser.run(f"{LIST}.length && document.querySelector('th[data-key=agency] button').click()")
    choose(browser, agency=text)
    browser.run("location.hash = document.querySelector('.agency').id")
    browser.settle()
    assert browser.run("window.x") is None
    shown = browser.run("document.querySelector('.agency h2').textContent")
    assert shown == safe(text)
    assert browser.run("document.querySelectorAll('body img, body iframe, body style').length") == 0
    quiet(browser)


def test_an_injected_script_is_refused(browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    text = (
        files["small"]
        .read_text("utf-8")
        .replace("<main", "<script>window.x=1</script><p onclick='window.x=1'></p><main")
    )
    path = tmp_path / "injected.html"
    path.write_text(text, "utf-8")
    browser.open(path)
    browser.run("document.querySelector('p[onclick]').click()")
    assert browser.run("window.x") is None
    assert browser.told("Log.entryAdded")


def test_names_are_looked_for_as_the_program_does(browser: Browser, files: dict[str, Path]) -> None:
    """The script folds what is typed; the keys were folded by `domain.text.fold`."""
    names = [agency.name for agency in samples.whole().assessment.plan.agencies]
    odd = [text for text in PIECES if all(ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x2020 for char in text)]
    browser.open(files["small"])
    wanted: list[Any] = [text for text in (*names, *odd, "hoà HÒA", "Ðắk Lắk", "Ea D’Rơng") if fold(text)]
    script = files["small"].read_text("utf-8")
    start = script.index("const fold = ")
    function = script[start : script.index(".trim();", start)] + ".trim(); fold"
    found = browser.run(
        f"(() => {{ {function.replace('; fold', '; return')} {json.dumps(wanted)}.map(fold); }})()"
    )
    assert found == [fold(text) for text in wanted]
