"""The title of a page says once that a form has errors."""

import re

from django.conf import settings


def test_only_the_base_template_marks_titles_with_errors():
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    titles = {page.name: re.search(r"block title %}(.*)", page.read_text()) for page in pages}
    own = {name for name, found in titles.items() if found and "if form.errors" in found[1]}
    assert own <= {"base.html"}
