"""The chart of the national digest."""

import io

from PIL import Image

from recommendations.exports.email_chart import trend_image


def test_it_is_small_and_says_the_same_in_words(world):
    trend = trend_image(world.inspection, at=world.now)
    image = Image.open(io.BytesIO(trend.png))
    assert image.width == 1120
    assert len(trend.png) < 30_000
    assert trend.words.startswith("By 25 November 2026, 1 were done")
