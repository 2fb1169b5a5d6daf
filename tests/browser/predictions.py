"""Answering predictions on a page, as a person does."""

from collections.abc import Sequence

from playwright.sync_api import Locator


def wrong_answer(form: str, right: Sequence[int], count: int) -> list[int]:
    """Places of `count` choices that are not the right answer."""
    if form == "order":
        return [*right[1:], right[0]]
    return [place for place in range(count) if place not in right][:1]


def give(predict: Locator, form: str, chosen: Sequence[int], texts: Sequence[str]) -> None:
    """Choose the places of choices with these texts, and check the answer."""
    if form == "order":
        _arrange(predict, [texts[place] for place in chosen])
    else:
        for place, box in enumerate(predict.locator(".kit-choices input").all()):
            if form == "several":
                box.set_checked(place in chosen)
            elif place in chosen:
                box.check()
    predict.get_by_role("button", name="Check", exact=True).click()


def _arrange(predict: Locator, texts: Sequence[str]) -> None:
    """Bring the items of an order into another one, by their buttons."""
    items = predict.locator(".kit-order > li")
    for goal, text in enumerate(texts):
        # What is not in view has no inner text.
        now = items.locator(".kit-item").all_text_contents().index(text)
        for at in range(now, goal, -1):
            items.nth(at).locator(".kit-up").click()
