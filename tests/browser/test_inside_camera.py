"""A photo by the camera: the browsers' fake one, one that is not allowed, and none."""

import pytest
from browsing import BOOT, Watch, launch, wait_until
from hand import EAR
from photographs import choose_photos, explained, square, updates

FAKE = {
    "chromium": {"args": ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]},
    "firefox": {
        "firefox_user_prefs": {"media.navigator.streams.fake": True, "media.navigator.permission.disabled": True},
    },
}


@pytest.fixture(scope="module")
def camera_page(playwright, browser_name, server):
    """A page in a browser whose camera is a moving test picture."""
    browser = launch(playwright, browser_name, **FAKE[browser_name])
    page = browser.new_page()
    watch = Watch(page, server.address)
    page.add_init_script(EAR)
    page.goto(server.address)
    wait_until(page, "ready")
    choose_photos(page)
    yield page
    browser.close()
    assert not watch.errors and not watch.outside


def open_camera(page):
    """Until its picture moves, and the button that takes it has the focus."""
    page.click("#photo-camera")
    page.wait_for_function(
        """() => document.querySelector("#camera video").videoWidth > 0
            && document.activeElement === document.querySelector("#camera button")""",
        timeout=BOOT,
    )


IS_OVER = "() => document.querySelector('#camera').hidden && !document.querySelector('#camera video').srcObject"


def test_a_picture_is_taken_and_the_camera_closes(camera_page):
    page = camera_page
    open_camera(page)
    size = page.evaluate(
        "(({ videoWidth, videoHeight }) => [videoWidth, videoHeight])(document.querySelector('#camera video'))"
    )
    assert page.evaluate("document.activeElement.textContent") == "Take the picture"
    tracks = page.evaluate_handle("document.querySelector('#camera video').srcObject.getTracks()")
    before = updates(page)
    page.keyboard.press("Enter")
    explained(page, before)
    page.wait_for_function(IS_OVER)
    assert tracks.evaluate("(tracks) => tracks.map(({ readyState }) => readyState)") == ["ended"]
    side, width, height = square(page)
    assert width / height == pytest.approx(size[0] / size[1], rel=0.02) and side == min(width, height)
    assert page.evaluate("document.activeElement.id") == "photo-camera"


@pytest.mark.parametrize("leave", ["close", "another view", "ink"])
def test_the_camera_does_not_stay_on(camera_page, leave):
    page = camera_page
    open_camera(page)
    tracks = page.evaluate_handle("document.querySelector('#camera video').srcObject.getTracks()")
    if leave == "close":
        page.get_by_role("button", name="Close the camera").click()
    elif leave == "ink":
        page.locator("#subject-ink").check()
    else:
        page.evaluate("location.hash = '#read'")
    page.wait_for_function(IS_OVER)
    assert tracks.evaluate("(tracks) => tracks.map(({ readyState }) => readyState)") == ["ended"]
    choose_photos(page)


@pytest.mark.parametrize(("name", "words"), [
    ("NotAllowedError", "not allowed"), ("NotFoundError", "No camera was found"), ("NotReadableError", "in use by another"),
])  # fmt: skip
def test_a_camera_that_cannot_be_had_is_said(camera_page, name, words):
    page = camera_page
    page.evaluate(
        """(name) => {
            globalThis.real ??= navigator.mediaDevices.getUserMedia;
            navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
        }""",
        name,
    )
    page.click("#photo-camera")
    page.wait_for_function("(words) => document.getElementById('inside-problem').textContent.includes(words)", arg=words)
    assert page.locator("#camera").is_hidden()
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = real; }")
