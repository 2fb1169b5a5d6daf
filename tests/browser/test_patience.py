"""JupyterLab on a slow computer, where the scripts of widgets come late."""

from playwright.sync_api import Page

from kit.check.browser.servers import Server
from tests.browser.page_logs import assert_no_errors
from tests.browser.test_every_view import show

# Every script but the first waits for three seconds, as when a slow page draws.
LATE = """() => {
    const original = URL.createObjectURL;
    const wait = 'await new Promise((done) => setTimeout(done, 3000));\\n';
    let made = 0;
    URL.createObjectURL = (blob) => {
        made += 1;
        const late = made > 1 && blob.type === 'text/javascript';
        return original(late ? new Blob([wait, blob], { type: blob.type }) : blob);
    };
}"""


def test_no_widget_is_given_up_on_a_slow_computer(page: Page, jupyterlab: Server):
    """Scripts that come after three seconds still bring their widgets, and no error is reported."""
    page.add_init_script(f"({LATE})()")
    show(page, jupyterlab)
    assert_no_errors(page)
