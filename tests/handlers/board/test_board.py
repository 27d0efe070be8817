"""The board: worst first, colour plus text, and nothing that people wrote is ever markup."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, async_playwright

from bot.domain.assessment import Answer
from bot.domain.brief import Brief
from handlers.board.sheet import sheet
from handlers.views import Desk
from tests.handlers.board.desks import desk, loads, shown

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
FLAGS = [
    "--no-sandbox", "--headless", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
HOSTILE = (
    "<script>window.hit=1</script>", "<img src=x onerror=window.hit=1>", "\"><svg onload=window.hit=1>",
    "javascript:window.hit=1", "{{7*7}}{% raw %}", "</td></tr></table><h1>OK</h1>", "\u202egnp.exe", "\ud800",
    "a" * 5000, "&lt;b&gt;", "'-window.hit=1-'",
)  # fmt: skip


def hostile(brief: Brief, text: str, n: int) -> Brief:
    """A load whose every word that people or feeds wrote is this text."""
    evil = replace(brief.driver, name=text, day=text)
    papers = tuple(
        replace(p, label=text, importer=replace(p.importer, name=text), broker=replace(p.broker, name=text, night=text))
        for p in brief.papers
    )
    own: dict[str, Any] = dict.fromkeys(
        ("number", "crossing", "truck", "trailer", "carried_by", "owner", "end_why"), text
    )
    return replace(brief, key=f"~k3e{n}", trips=(text,), driver=evil, papers=papers, **own)


def hostile_desk() -> Desk:
    briefs = loads()
    evil = [hostile(briefs[n % len(briefs)], text, n) for n, text in enumerate(HOSTILE)]
    return replace(desk(evil), name=HOSTILE[0])


async def text_of(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status, await answer.text()


def test_the_worst_stands_first_and_what_may_go_last() -> None:
    groups = sheet(desk()).groups
    assert [g.title for g in groups] == ["Trouble", "May go"]
    trouble = [(row.number, row.level) for row in groups[0].rows]
    assert trouble[0] == ("1255", "CRITICAL")
    order = ["CRITICAL", "URGENT", "WARN", "LATE (listed)", ""]
    assert [level for _, level in trouble] == sorted((level for _, level in trouble), key=order.index)
    assert [row.answer for row in groups[1].rows] == ["GO, BUT", "GO", "GO"]


async def test_the_head_counts_what_its_lists_hold_and_each_list_says_of_what_it_is() -> None:
    briefs = loads()
    unsure = next(b for b in briefs if b.number == "1252")
    briefs.append(replace(unsure, number="1253", found=replace(unsure.found, answer=Answer.UNKNOWN)))
    made = sheet(desk(briefs))
    for look, word, n in made.counts:
        assert n == sum(m for group in made.groups for shape, _, m in group.counts if shape == look), word
    (trouble, _go) = made.groups
    assert sum(n for _, _, n in trouble.counts) == len(trouble.rows)
    said = " · ".join(f"{n} {word}" for _, word, n in trouble.counts)
    assert said == "8 hold · 1 unknown"
    async with shown(desk(briefs)) as url:
        assert f"{len(trouble.rows)}: {said}" in unescape((await text_of(url + "/board"))[1])


def test_the_order_does_not_hang_on_the_order_in_which_loads_came() -> None:
    forward, back = sheet(desk(loads())), sheet(desk(loads()[::-1]))
    assert forward == back


def test_every_look_has_a_shape_and_a_word_besides_its_colour() -> None:
    rows = [row for group in sheet(desk()).groups for row in group.rows]
    assert all(row.shape and row.answer for row in rows)
    looks = {(row.shape, row.answer, row.level, row.look) for row in rows}
    assert {look[-1] for look in looks} >= {"critical", "urgent", "warn", "go", "but"}
    assert len({look[:-1] for look in looks}) == len(looks), "two looks that read alike"


async def test_the_page_says_each_fact_of_each_load() -> None:
    async with shown(desk()) as url:
        status, page = await text_of(url + "/board")
    page = unescape(page)
    assert status == 200
    for fact in (
        "SAMPLE Carrier", "1255", "1234", "into Canada", "into the US", "HOLD", "CRITICAL", "AT THE BORDER", "Maria",
        "until 10:42", "nobody yet", "12:10", "in 1 h 48", "Queenston-Lewiston Bridge", "Pacific Highway", "Our move",
        "Broker's move", "PARS SMPL PARS100123 not matched", "last word 4 h 12 ago", "alert for 1 h 12", "open alerts",
        "10:22", "EST", "notices", "DEAD since", "2 problems", "can't tell", "no word yet",
    ):  # fmt: skip
        assert fact in page, fact


async def test_sample_loads_are_marked_and_real_ones_are_not() -> None:
    async with shown(desk(sample=True)) as url:
        assert "<b>SAMPLE</b> Invented loads" in (await text_of(url + "/board"))[1]
    async with shown(replace(desk(), name="Carrier")) as url:
        assert "Invented loads" not in (await text_of(url + "/board"))[1]


async def test_an_empty_board_says_what_to_do_and_an_outage_is_said() -> None:
    async with shown(replace(desk([]), outage=True)) as url:
        page = unescape((await text_of(url + "/board"))[1])
    assert "No load is on its way" in page
    assert "/load add" in page
    assert "declared down" in page


async def test_a_load_has_a_page_with_status_why_and_log_and_a_strange_key_has_none() -> None:
    async with shown(desk()) as url:
        status, page = await text_of(url + "/board/load/home/k3f3")
        assert status == 200
        for fact in ("1234 HOLD", "Call first:", "PCB SAMPLE", "Why", "Log", "not matched", "/load ~k3f3 got it"):
            assert fact in unescape(page), fact
        for path in (
            "/board/load/home/zzzz",
            "/board/load/away/k3f3",
            "/board/load/home/..%2f..%2fetc",
            "/board/nothing",
        ):
            status, page = await text_of(url + path)
            assert status == 404
            assert "Traceback" not in page


async def test_hostile_words_reach_the_page_as_text() -> None:
    async with shown(hostile_desk()) as url:
        _, page = await text_of(url + "/board")
    assert not re.search(r"<(script(?! src=\"/board/board\.js\")|img|svg|h1>OK)", page)
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", page))
    assert "49" not in re.findall(r"<td class=\"number\">.*?</td>", page)
    assert "\u202e" not in page
    assert max(map(len, re.findall(r">([^<]*)<", page))) < 1500


async def opened(page: Page, url: str) -> Mapping[str, Any]:
    """What a browser made of a page: what ran, what it asked for, what it complained of."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    await page.goto(url)
    found: Mapping[str, Any] = await page.evaluate(
        """() => ({hit: window.hit ?? null, wide: document.documentElement.scrollWidth > innerWidth,
        rows: document.querySelectorAll("tr.load").length, images: document.images.length,
        scripts: [...document.scripts].map(s => s.getAttribute("src")),
        handlers: [...document.querySelectorAll("*")].flatMap(e => [...e.attributes])
            .filter(a => a.name.startsWith("on")).length,
        links: [...document.links].map(a => a.protocol)})"""
    )
    return {**found, "asked": asked, "said": said}


@pytest.mark.parametrize("width", [390, 1920])
async def test_nothing_that_people_wrote_runs_in_a_browser_and_nothing_is_fetched_elsewhere(width: int) -> None:
    async with shown(hostile_desk()) as url, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": width, "height": 900})
        for path in ("/board", *(f"/board/load/home/k3e{n}" for n in range(3))):
            found = await opened(page, url + path)
            assert found["hit"] is None
            assert found["scripts"] == ["/board/board.js"]
            assert (found["images"], found["handlers"], found["said"]) == (0, 0, [])
            assert set(found["links"]) <= {"http:"}
            assert not found["wide"], path
            assert all(one.startswith(url) for one in found["asked"])
            if path == "/board":
                assert found["rows"] == len(HOSTILE)
        await browser.close()


async def test_the_page_renews_itself_and_says_since_when_it_is_old() -> None:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await page.clock.install()
        async with shown(desk()) as url:
            await page.goto(url + "/board")
            await page.evaluate("document.querySelector('h1').textContent = 'old'")
            await page.clock.run_for(10_500)
            await page.wait_for_function("document.querySelector('h1').textContent === 'SAMPLE Carrier'")
            assert await page.locator("#stale").is_hidden()
        await page.clock.run_for(10_500)
        await page.wait_for_selector("#stale:not([hidden])")
        assert "not up to date" in await page.locator("#stale").inner_text()
        await browser.close()


@pytest.mark.parametrize(("width", "tallest"), [(390, 300), (1280, 140), (1920, 110)])
async def test_a_load_stays_as_low_as_its_words_on_phone_desk_and_wall(width: int, tallest: int) -> None:
    async with shown(desk()) as url, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": width, "height": 900})
        await page.goto(url + "/board")
        heights = await page.evaluate("[...document.querySelectorAll('tr.load')].map(r => r.offsetHeight)")
        await browser.close()
    assert max(heights) < tallest
