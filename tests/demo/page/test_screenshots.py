"""The pictures for the README stay what they were when they are made smaller."""

from io import BytesIO

from PIL import Image

from tests.demo.page.all_components import png
from tests.demo.page.screenshots import compress


def test_few_colours_are_kept_to_the_bit():
    before = png(40, 30)
    after = compress(before)
    assert len(after) <= len(before)
    kept, wanted = (Image.open(BytesIO(each)).convert("RGB") for each in (after, before))
    assert kept.tobytes() == wanted.tobytes()
