"""The token in a browser: the printed address, links, bookmarks, the form, other sites."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.responses import answer
from tests.browser.server import CHROMIUM, FLAGS
from tests.serve.guard.guarding import TOKEN, Site
from tests.serving import serve_in_thread

QUERY = "layout=compare&models=a,b&selection=%22x%22"
WRONG = TOKEN[:-1] + "x"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(Access(token=TOKEN, allowed_hosts=("lab.example",)))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[BrowserContext]:
    """A browser for which the page is another machine's, so that it does not trust plain HTTP."""
    mapped = browser.browser_type.launch(
        executable_path=os.environ[CHROMIUM],
        args=[*FLAGS, "--host-resolver-rules=MAP lab.example 127.0.0.1"],
    )
    yield mapped.new_context()
    mapped.close()


def enter(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site.address}?token={TOKEN}")
    expect_page(page, site.address)


def from_elsewhere(site: Site) -> list[dict[str, Any]]:
    return [each for each in site.seen if each.get("HTTP_SEC_FETCH_SITE") == "cross-site"]


def linking(target: str) -> str:
    """The address of another site's page with a link and a button that sends a form."""

    def app(environ, start_response):
        html = (
            f'<a href="{target}">There</a>'
            f'<form method="post" action="{target}"><button>Send</button></form>'
        )
        return answer(environ, start_response, 200, html.encode(), "text/html")

    # Of two names of this machine each is a site of its own.
    return serve_in_thread(app).replace("127.0.0.1", "localhost")


def expect_page(page: Page, address: str) -> None:
    expect(page).to_have_title("Page")
    expect(page).to_have_url(address)


def test_the_printed_address_loses_its_token_and_nothing_else(site, context):
    page = context.new_page()
    page.goto(f"{site.address}?token={TOKEN}&{QUERY}")
    expect_page(page, f"{site.address}?{QUERY}")
    (cookie,) = context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert page.evaluate("document.cookie") == ""
    page.reload()
    expect_page(page, f"{site.address}?{QUERY}")
    assert TOKEN not in page.evaluate("document.referrer")
    # It is not among what one goes back to, either.
    page.go_back()
    assert TOKEN not in page.url


def test_a_bookmark_opens_with_the_cookie(site, context):
    enter(site, context)
    page = context.new_page()
    page.goto(f"{site.address}?{QUERY}")
    expect_page(page, f"{site.address}?{QUERY}")
    page.goto(f"{site.address}?token={WRONG}&{QUERY}")  # of before the token changed
    expect_page(page, f"{site.address}?{QUERY}")


def test_a_link_of_another_site_opens_with_the_cookie(site, context):
    enter(site, context)
    page = context.new_page()
    page.goto(linking(f"{site.address}?{QUERY}"))
    page.get_by_text("There").click()
    expect_page(page, f"{site.address}?{QUERY}")


def test_a_link_of_another_site_with_the_token_opens(site, context):
    page = context.new_page()
    page.goto(linking(f"{site.address}?{QUERY}&token={TOKEN}"))
    page.get_by_text("There").click()
    expect_page(page, f"{site.address}?{QUERY}")


def test_a_link_of_another_site_without_a_cookie_asks_for_the_token(site, context):
    page = context.new_page()
    page.goto(linking(f"{site.address}?{QUERY}"))
    page.get_by_text("There").click()
    expect(page.get_by_label("Token")).to_be_visible()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_text("Open the page").click()
    expect_page(page, f"{site.address}?{QUERY}")


def test_a_wrong_token_asks_again_and_keeps_the_address(site, context):
    page = context.new_page()
    page.goto(f"{site.address}?token={WRONG}&{QUERY}")
    expect(page.get_by_text("The token is wrong")).to_be_visible()
    page.get_by_label("Token").fill(WRONG)
    page.get_by_text("Open the page").click()
    expect(page.get_by_text("The token is wrong")).to_be_visible()
    expect(page).to_have_url(f"{site.address}?{QUERY}")
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect_page(page, f"{site.address}?{QUERY}")


def test_all_of_it_works_without_scripts(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}?{QUERY}")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_text("Open the page").click()
    expect_page(page, f"{site.address}?{QUERY}")
    page.goto(f"{site.address}?token={TOKEN}")
    expect_page(page, site.address)
    context.close()


def test_by_plain_http_from_another_machine_a_link_opens_with_the_cookie(site, elsewhere):
    address = f"http://lab.example:{site.port}/"
    page = elsewhere.new_page()
    page.goto(linking(f"{address}?{QUERY}"))
    page.get_by_text("There").click()
    expect(page.get_by_label("Token")).to_be_visible()
    page.goto(f"{address}?token={TOKEN}&{QUERY}")
    expect_page(page, f"{address}?{QUERY}")
    page.goto(linking(f"{address}?{QUERY}"))
    page.get_by_text("There").click()
    expect_page(page, f"{address}?{QUERY}")
    assert "HTTP_SEC_FETCH_SITE" not in site.seen[-1]
    page.reload()
    expect_page(page, f"{address}?{QUERY}")
    called = page.evaluate(
        """() => fetch('get_preds', {
          method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}',
        }).then((answer) => answer.status)"""
    )
    assert called == 200


def test_another_site_neither_frames_the_page_nor_uses_its_files(site, context):
    enter(site, context)
    page = context.new_page()
    page.goto(linking("x"))
    before = len(from_elsewhere(site))
    failed = page.evaluate(
        """async (address) => {
          const said = [];
          for (const [name, src] of [['script', 'main.js'], ['img', '']]) {
            const element = document.createElement(name);
            said.push(await new Promise((resolve) => {
              element.onload = () => resolve('loaded');
              element.onerror = () => resolve('failed');
              element.src = address + src;
              document.body.append(element);
            }));
          }
          for (const options of [
            {mode: 'no-cors', credentials: 'include'},
            {credentials: 'include'},
            {method: 'POST', mode: 'no-cors', body: '{}', credentials: 'include'},
            {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'},
          ]) {
            const path = options.method ? 'get_preds' : 'main.js';
            said.push(await fetch(address + path, options).then((a) => a.type, () => 'failed'));
          }
          return said;
        }""",
        site.address,
    )
    # Without CORS the browser says no more than that there was an answer, if that.
    assert set(failed) <= {"failed", "opaque"}
    assert len(from_elsewhere(site)) == before
    page.set_content(f'<iframe src="{site.address}"></iframe>')
    page.wait_for_load_state()
    assert page.frames[-1].title() != "Page"


def test_a_form_of_another_site_changes_nothing(site, context):
    enter(site, context)
    before = len(from_elsewhere(site))
    page = context.new_page()
    page.goto(linking(f"{site.address}get_preds"))
    with page.expect_response("**/get_preds") as answered:
        page.get_by_text("Send").click()
    assert answered.value.status == 403
    assert len(from_elsewhere(site)) == before


def test_two_servers_of_a_host_do_not_take_each_others_cookies(site, context):
    other = Site(Access(token=WRONG))
    page = context.new_page()
    for each, token in ((site, TOKEN), (other, WRONG)):
        page.goto(f"{each.address}?token={token}")
        expect_page(page, each.address)
    for each in (site, other):
        page.goto(each.address)
        expect_page(page, each.address)
    names = {cookie["name"] for cookie in context.cookies()}
    assert names == {f"lit-plugins-{urlsplit(each.address).port}" for each in (site, other)}
